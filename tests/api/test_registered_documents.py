"""Documents registered by their first use, and what production tells of the schema."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.schema.persisted import hash_of
from tests.support.in_process import served
from tests.support.world import World

TEXT = "query Viewer { __typename }"
HASHED = {"persistedQuery": {"version": 1, "sha256Hash": hash_of(TEXT)}}
NEWEST = "application/graphql-response+json"


async def post(world: World, accept: str = NEWEST, **body: Any) -> httpx.Response:
    headers = {"accept": accept, "accept-language": "en"}
    return await world.http.post(f"{world.url}/graphql", json=body, headers=headers)


@pytest.fixture
async def closed(database_url: str) -> AsyncIterator[World]:
    """A server that tells as little of its schema as one in production."""
    options = {"introspection": False, "suggestions": False}
    async with served(database_url=database_url, **options) as world:
        yield world


async def test_a_text_that_came_with_its_hash_is_found_by_it_also_by_get(
    database_url: str,
) -> None:
    async with served(database_url=database_url) as world:
        for accept, status in ((NEWEST, 400), ("application/json", 200)):
            unknown = await post(world, accept, extensions=HASHED)
            assert unknown.status_code == status
            (error,) = unknown.json()["errors"]
            assert error["message"] == "PersistedQueryNotFound"
            assert error["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"
        wrong = await post(world, query=TEXT + " ", extensions=HASHED)
        assert wrong.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_HASH_WRONG"
        assert (await post(world, query=TEXT, extensions=HASHED)).json()["data"]
        assert (await post(world, extensions=HASHED)).json()["data"] == {"__typename": "Query"}
        params = {"extensions": json.dumps(HASHED), "operationName": "Viewer"}
        answer = await world.http.get(f"{world.url}/graphql", params=params)
        assert answer.json()["data"] == {"__typename": "Query"}


async def test_what_is_off_in_production_is_refused_with_a_code(closed: World) -> None:
    asked = await post(closed, query="{ __schema { types { name } } }")
    (error,) = asked.json()["errors"]
    assert error["extensions"]["code"] == "INTROSPECTION_OFF" and asked.status_code == 400
    assert (await post(closed, query="{ __typename }")).json()["data"]
    code = "mutation($i: RequestVerificationCodeInput!)"
    code += " { requestVerificationCode(input: $i) { challenge } }"
    asking: list[dict[str, Any]] = [
        {"query": "{ mee { name } }"},
        {"query": "{ me { nam } }"},
        {"query": "{ group(idd: 1) { name } }"},
        {"query": code, "variables": {"i": {"phone": "1", "purpos": "SIGN_IN"}}},
        {"query": code, "variables": {"i": {"phone": "1", "purpose": "SIGN_ON"}}},
    ]
    for body in asking:
        answer = await post(closed, **body)
        assert answer.json()["errors"] and "Did you mean" not in answer.text


async def test_in_development_errors_say_what_may_have_been_meant(database_url: str) -> None:
    async with served(database_url=database_url) as world:
        assert "Did you mean" in (await post(world, query="{ mee { name } }")).text

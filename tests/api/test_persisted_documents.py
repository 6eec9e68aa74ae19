"""Operations sent by an id, over every way to the server, as clients send them."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app.schema.persisted import hash_of
from tests.support.in_process import served
from tests.support.person import Person
from tests.support.world import World

VIEWER = "query Viewer { me { name } }"
STATUS = "subscription Status($id: ID!) { groupStatusChanged(groupId: $id) { name } }"
SCHEMA = "query Schema { __schema { queryType { name } } }"
SIGN_OUT = "mutation SignOut { signOut { errors { code } } }"
OTHER = "{ me { id } }"
NEWEST = "application/graphql-response+json"


@pytest.fixture
async def strict(database_url: str, tmp_path: Any) -> AsyncIterator[World]:
    """A server that runs nothing but its manifest's documents."""
    stored = {"viewer": VIEWER, "status": STATUS, "schema": SCHEMA, "out": SIGN_OUT}
    path = tmp_path / "persisted-documents.json"
    path.write_text(json.dumps(stored))
    options = {"documents": str(path), "documents_only": True, "introspection": False}
    async with served(database_url=database_url, **options) as world:
        yield world


@pytest.fixture
async def production(database_url: str) -> AsyncIterator[World]:
    """A server set as in production, but for the sandbox."""
    off = {"introspection": False, "suggestions": False, "graphiql": False}
    async with served(
        database_url=database_url, **off, secret_key=SecretStr("production " * 4)
    ) as world:
        yield world


async def post(person: Person, **body: Any) -> httpx.Response:
    headers = {"accept": NEWEST, "accept-language": "en"}
    if person.token:
        headers["authorization"] = f"Bearer {person.token}"
    return await person.world.http.post(f"{person.url}/graphql", json=body, headers=headers)


async def get(person: Person, **params: Any) -> httpx.Response:
    texts = {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in params.items()
    }
    headers = {"accept": NEWEST, "accept-language": "en"}
    if person.token:
        headers["authorization"] = f"Bearer {person.token}"
    return await person.world.http.get(f"{person.url}/graphql", params=texts, headers=headers)


def code_of(answer: httpx.Response) -> str:
    (error,) = answer.json()["errors"]
    assert answer.status_code >= 400 and "data" not in answer.json()
    code: str = error["extensions"]["code"]
    return code


def apollo(text: str) -> dict[str, Any]:
    return {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}


async def test_only_stored_documents_run_by_post_and_by_get(strict: World) -> None:
    someone = strict.stranger()
    for send in (post, get):
        assert code_of(await send(someone, query=OTHER)) == "ONLY_PERSISTED_DOCUMENTS"
        hashed = await send(someone, query=OTHER, extensions=apollo(OTHER))
        assert code_of(hashed) == "ONLY_PERSISTED_DOCUMENTS"
        assert code_of(await send(someone, documentId="x")) == "PERSISTED_DOCUMENT_NOT_FOUND"
        unknown = await send(someone, extensions=apollo(OTHER))
        assert code_of(unknown) == "PERSISTED_QUERY_NOT_FOUND"
        assert unknown.json()["errors"][0]["message"] == "PersistedQueryNotFound"
        asked = await send(someone, documentId="schema")
        assert asked.json()["data"] == {"__schema": {"queryType": {"name": "Query"}}}
    assert (await get(someone, documentId="out")).status_code == 405


async def test_a_stored_document_runs_by_id_by_hash_and_by_its_own_text(strict: World) -> None:
    sender = strict.stranger()
    assert code_of(await post(sender, query=OTHER, documentId="viewer")) == (
        "PERSISTED_DOCUMENT_DIFFERS"
    )
    for send in (post, get):
        answers = [
            await send(sender, documentId="viewer"),
            await send(sender, documentId=f"sha256:{hash_of(VIEWER)}"),
            await send(sender, extensions=apollo(VIEWER)),
            await send(sender, query=VIEWER),
        ]
        for answer in answers:
            assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
            assert answer.json()["data"] == {"me": None}


async def test_only_stored_documents_run_over_a_socket(strict: World) -> None:
    async with strict.stranger().socket() as socket:

        async def first_answer(number: int, **payload: Any) -> dict[str, Any]:
            await socket.send(id=str(number), type="subscribe", payload=payload)
            while True:
                message = await socket.receive()
                if message.get("id") == str(number) and message["type"] != "complete":
                    return message

        refused = await first_answer(1, query=OTHER)
        assert refused["type"] == "error"
        assert refused["payload"][0]["extensions"]["code"] == "ONLY_PERSISTED_DOCUMENTS"
        asked = await first_answer(2, documentId="schema")
        assert asked["payload"]["data"] == {"__schema": {"queryType": {"name": "Query"}}}
        hashed = await first_answer(3, extensions=apollo(SCHEMA))
        assert hashed["payload"]["data"] == asked["payload"]["data"]
        live = await first_answer(4, documentId="status", variables={"id": "x"})
        assert "ONLY_PERSISTED_DOCUMENTS" not in str(live) and "UNAUTHENTICATED" in str(live)


async def test_only_stored_documents_run_over_events(strict: World) -> None:
    headers = {"accept": "text/event-stream", "accept-language": "en"}
    for body, expected in (
        ({"query": STATUS + " "}, "ONLY_PERSISTED_DOCUMENTS"),
        ({"documentId": "status", "variables": {"id": "x"}}, "UNAUTHENTICATED"),
    ):
        answer = await strict.http.post(f"{strict.url}/graphql/stream", json=body, headers=headers)
        assert expected in answer.text

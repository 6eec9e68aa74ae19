"""GraphQL over HTTP: media types, methods, statuses, headers, as clients and caches see them."""

import json
from typing import Any, Final

import httpx
import pytest
from graphql import get_introspection_query

from app.client import mutation
from tests.support.world import World

JSON: Final = "application/json"
RESPONSE: Final = "application/graphql-response+json"
URQL: Final = f"{RESPONSE}, application/graphql+json, {JSON}, text/event-stream, multipart/mixed"
TYPENAME: Final = {"query": "{ __typename }"}


async def post(world: World, accept: str | None, **request: Any) -> httpx.Response:
    """Send one operation; without ``accept`` nothing is said of media types."""
    headers = {"content-type": JSON, "accept-language": "en"}
    asked = world.http.build_request(
        "POST", f"{world.url}/graphql", content=json.dumps(request), headers=headers
    )
    del asked.headers["accept"]
    if accept is not None:
        asked.headers["accept"] = accept
    return await world.http.send(asked)


async def get(world: World, token: str = "", /, **params: str) -> httpx.Response:
    """Ask by GET."""
    headers = {"accept-language": "en"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    return await world.http.get(f"{world.url}/graphql", params=params, headers=headers)


def code(answer: httpx.Response) -> str:
    """Return the code of an answer that is one error and nothing else."""
    body = answer.json()
    assert "data" not in body, body
    (error,) = body["errors"]
    assert error["message"]
    found: str = error["extensions"]["code"]
    return found


ACCEPTS: Final[dict[str | None, str]] = {
    **dict.fromkeys([None, "", "*/*", "application/*", JSON, f"{JSON}; charset=utf-8"], JSON),
    **dict.fromkeys([RESPONSE, RESPONSE.upper(), f"{RESPONSE}; charset=utf-8", URQL], RESPONSE),
    f"{RESPONSE},{JSON};q=0.9": RESPONSE,  # Apollo Client
    f"{JSON}, {RESPONSE}": RESPONSE,
    f"{RESPONSE};q=0.5, {JSON};q=0.8": JSON,
    f"{RESPONSE};q=0.5, */*;q=0.8": JSON,
    f"{RESPONSE};q=0, {JSON}": JSON,
    f"{JSON};q=0, */*": RESPONSE,
    f"{RESPONSE}, */*;q=0.1": RESPONSE,
    "text/html, */*;q=0.1": JSON,
    f"text/plain;q=x, {JSON};q=nonsense": JSON,
}


@pytest.mark.parametrize("accept", ACCEPTS)
async def test_the_answer_comes_in_the_form_that_the_client_prefers(
    world: World, accept: str | None
) -> None:
    answer = await post(world, accept, **TYPENAME)
    assert answer.headers["content-type"].split(";")[0] == ACCEPTS[accept]
    assert answer.json()["data"] == {"__typename": "Query"}
    assert "accept" in answer.headers["vary"].lower().split(", ")


async def test_what_is_accepted_may_come_in_several_lines(world: World) -> None:
    headers = [("accept", f"{JSON};q=0.5"), ("accept", RESPONSE), ("content-type", JSON)]
    asked = httpx.Request("POST", f"{world.url}/graphql", headers=headers, json=TYPENAME)
    answer = await world.http.send(asked)
    assert answer.headers["content-type"].startswith(RESPONSE)


@pytest.mark.parametrize("accept", ["text/html", "text/event-stream", "image/*", f"{JSON};q=0"])
async def test_a_form_that_there_is_none_of_is_refused(world: World, accept: str) -> None:
    answer = await post(world, accept, **TYPENAME)
    assert (answer.status_code, code(answer)) == (406, "NOT_ACCEPTABLE")


NEVER_RAN: Final[dict[str, dict[str, Any]]] = {
    "no document": {"query": "{"},
    "an unknown field": {"query": "{ everyone }"},
    "a variable that can't be": {"query": "query($id: ID!) { __typename }"},
    "an unknown operation": {"query": "query A { __typename }", "operationName": "B"},
    "no operation named": {"query": "query A { __typename } query B { __typename }"},
    "too much": {"query": "{ " + "__typename " * 3000 + "}"},
}


@pytest.mark.parametrize("name", NEVER_RAN)
async def test_what_never_ran_has_no_data_and_its_status_by_the_media_type(
    world: World, name: str
) -> None:
    for accept, status in ((RESPONSE, 400), (JSON, 200)):
        answer = await post(world, accept, **NEVER_RAN[name])
        assert (answer.status_code, "data" in answer.json()) == (status, False), accept
        assert answer.headers["content-type"].split(";")[0] == accept


async def test_a_refused_field_is_an_answer_all_the_same(world: World) -> None:
    for accept in (RESPONSE, JSON):
        answer = await post(world, accept, query="{ me { id } }")
        assert answer.status_code == 200
        body = answer.json()
        assert body["data"] == {"me": None}
        assert body["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_queries_go_by_get_and_only_their_own_cache_may_keep_the_answer(
    world: World,
) -> None:
    someone = await world.real_person()
    group_id = await someone.create_group()
    answer = await get(
        world,
        someone.token,
        query="query A($id: ID!) { group(id: $id) { id } } query B { __typename }",
        variables=json.dumps({"id": group_id}),
        operationName="A",
        extensions="{}",
    )
    assert answer.json()["data"] == {"group": {"id": group_id}}
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "private, no-cache")
    assert "authorization" in answer.headers["vary"].lower()
    refused = await get(world, query="query A($id: ID!) { group(id: $id) { id } }", variables="")
    assert refused.headers["cache-control"] == "no-store"
    posted = await post(world, None, **TYPENAME)
    assert posted.headers["cache-control"] == "no-store"


async def test_by_get_empty_means_absent(world: World) -> None:
    answer = await get(
        world, query="query A { __typename }", variables="", operationName="", extensions=""
    )
    assert answer.json()["data"] == {"__typename": "Query"}


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"variables": "{}"}, "QUERY_MISSING"),
        ({"query": "{ __typename }", "variables": "{"}, "PARAMETER_INVALID"),
        ({"query": "{ __typename }", "variables": "[1]"}, "PARAMETER_INVALID"),
        ({"query": "{ __typename }", "extensions": '"x"'}, "PARAMETER_INVALID"),
    ],
)
async def test_a_wrong_parameter_by_get_is_refused(
    world: World, params: dict[str, str], expected: str
) -> None:
    answer = await get(world, **params)
    assert (answer.status_code, code(answer)) == (400, expected)


async def test_what_is_too_long_for_an_address_is_sent_to_post(world: World) -> None:
    answer = await get(world, query="{ __typename }" + " " * 33_000)
    assert (answer.status_code, code(answer)) == (414, "URL_TOO_LONG")


async def test_by_get_nothing_is_changed_or_watched(world: World) -> None:
    someone = await world.real_person()
    change = "mutation { signOut { errors { code } } }"
    watch = 'subscription { groupStatusChanged(groupId: "x") { id } }'
    two = f"query A {{ __typename }} {change.replace('mutation', 'mutation B')}"
    for asked in ({"query": change}, {"query": watch}, {"query": two, "operationName": "B"}):
        answer = await get(world, someone.token, **asked)
        assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
        assert answer.headers["allow"] == "POST"
    assert (await someone.ask("{ me { id } }"))["me"] is not None  # still signed in


async def test_a_subscription_by_post_is_told_where_to_go(world: World) -> None:
    answer = await post(
        world, None, query='subscription { groupStatusChanged(groupId: "x") { id } }'
    )
    assert (answer.status_code, code(answer)) == (400, "SUBSCRIPTION_NOT_HERE")
    assert "/graphql/stream" in answer.text


async def test_a_compressed_request_is_refused(world: World) -> None:
    headers = {"content-type": JSON, "content-encoding": "gzip"}
    answer = await world.http.post(f"{world.url}/graphql", content=b"\x1f\x8b", headers=headers)
    assert (answer.status_code, code(answer)) == (415, "UNSUPPORTED_MEDIA_TYPE")


METHODS: Final = {
    "/graphql": ("GET, HEAD, POST, OPTIONS", ["PUT", "DELETE", "PATCH"]),
    "/healthz": ("GET, HEAD", ["POST", "DELETE"]),
    "/readyz": ("GET, HEAD", ["POST"]),
    "/": ("GET, HEAD", ["POST", "PUT"]),
    "/join/token": ("GET, HEAD", ["POST"]),
    "/downloads/token": ("GET, HEAD", ["POST", "DELETE"]),
    "/graphiql/page.js": ("GET, HEAD", ["POST"]),
}


@pytest.mark.parametrize("path", METHODS)
async def test_a_method_that_is_none_is_refused_and_the_others_are_named(
    world: World, path: str
) -> None:
    allowed, wrong = METHODS[path]
    for method in wrong:
        answer = await world.http.request(method, world.url + path)
        assert (answer.status_code, code(answer)) == (405, "METHOD_NOT_ALLOWED")
        assert set(answer.headers["allow"].split(", ")) == set(allowed.split(", "))


@pytest.mark.parametrize("path", ["/nothing", "/graphql/x", "/api/graphql", "/graphiql/x.js"])
async def test_a_path_that_is_none_is_refused(world: World, path: str) -> None:
    for method in ("GET", "POST"):
        if (method, path) != ("POST", "/graphiql/x.js"):
            answer = await world.http.request(method, world.url + path)
            assert (answer.status_code, code(answer)) == (404, "NOT_FOUND")


async def test_head_and_options_are_answered_without_a_body(world: World) -> None:
    asked = await world.http.head(f"{world.url}/graphql", params={"query": "{ __typename }"})
    assert (asked.status_code, asked.content) == (200, b"")
    options = await world.http.options(f"{world.url}/graphql")
    assert (options.status_code, options.content) == (204, b"")
    assert "POST" in options.headers["allow"]


async def test_large_answers_are_compressed_for_whoever_takes_it(world: World) -> None:
    query = get_introspection_query()
    plain = await world.http.post(
        f"{world.url}/graphql", json={"query": query}, headers={"accept-encoding": "identity"}
    )
    assert "content-encoding" not in plain.headers
    async with world.http.stream(
        "POST",
        f"{world.url}/graphql",
        json={"query": query},
        headers={"accept-encoding": "br, gzip"},
    ) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
        assert answer.headers["content-encoding"] == "gzip"
        assert "accept-encoding" in answer.headers["vary"].lower()
    assert len(sent) < len(plain.content) / 5
    small = await post(world, None, **TYPENAME)
    assert "content-encoding" not in small.headers


async def test_events_are_not_compressed_or_they_would_wait_for_each_other(world: World) -> None:
    headers = {"accept": "text/event-stream", "accept-encoding": "gzip"}
    query = get_introspection_query()
    answer = await world.http.post(
        f"{world.url}/graphql/stream", json={"query": query}, headers=headers
    )
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "content-encoding" not in answer.headers
    assert "__schema" in answer.text


async def test_developers_see_what_took_how_long(world: World) -> None:
    answer = await post(world, None, **TYPENAME)
    phases = dict(part.split(";dur=") for part in answer.headers["server-timing"].split(", "))
    assert list(phases) == ["parse", "validate", "execute", "total"]
    assert sum(map(float, phases.values())) <= 2 * float(phases["total"]) + 0.05


async def test_a_refusal_for_a_while_says_how_long_in_a_header_too(world: World) -> None:
    asking = mutation("requestVerificationCode", "challenge")
    input = {"phone": "+8613900001234", "purpose": "SIGN_IN"}
    first = await post(world, None, query=asking, variables={"input": input})
    assert "retry-after" not in first.headers
    again = await post(world, None, query=asking, variables={"input": input})
    assert 0 < int(again.headers["retry-after"]) <= 60

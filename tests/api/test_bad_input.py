"""Whatever is sent, the answer is coded, in the caller's language, and shows no inner works."""

import base64
import json
import re
from collections.abc import AsyncIterator
from typing import Any, Final, NoReturn
from uuid import uuid4

import httpx
import pytest
from graphql import get_introspection_query
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from app.ports.tokens import Tokens
from app.services.health import refresh
from tests.support.logs import logged
from tests.support.world import World

LANGUAGES: Final = ("en", "zh", "en", "zh")  # in turns: what is cached for one is not the other's
JSON: Final = "application/json"


async def send(
    world: World, body: bytes | AsyncIterator[bytes], language: str = "en", kind: str = JSON
) -> httpx.Response:
    headers = {"content-type": kind, "accept-language": language}
    return await world.http.post(f"{world.url}/graphql", content=body, headers=headers)


def refusals(answer: httpx.Response, language: str = "en") -> list[str]:
    """The codes of an answer that refuses, in one language, with nothing from within."""
    assert answer.headers["content-type"] == JSON
    body = answer.json()
    assert not any((body.get("data") or {}).values()), body
    return codes(body["errors"], language)


def codes(errors: list[dict[str, Any]], language: str) -> list[str]:
    assert errors and not re.search(r'Traceback|File "|\.py\b|line \d', str(errors))
    for error in errors:
        chinese = re.search("[\u4e00-\u9fff]", error["message"]) is not None
        assert chinese == (language == "zh"), error
        # Names of the schema stand in a Chinese sentence, English words beside them don't.
        assert not (chinese and re.search("[A-Za-z]+ [A-Za-z]+", error["message"])), error
    return [error["extensions"]["code"] for error in errors]


async def refusals_by_socket(world: World, query: str, variables: Any, language: str) -> list[str]:
    async with world.stranger(language).socket() as socket:
        await socket.subscribe(query, **variables or {})
        message = await socket.receive()
        assert message["type"] in ("error", "next"), message
        errors = message["payload"]
        return codes(errors if message["type"] == "error" else errors["errors"], language)


NO_JSON: Final = [
    *(b"", b"{", b"{ me { id } }", b"[" * 100_000, b'{"query": "\xff\xfe"}'),
    *(b'{"query": "\\ud800"}', b'{"a": ' + b"9" * 5000 + b"}"),
]
BODIES: Final[dict[bytes, str]] = {
    **dict.fromkeys(NO_JSON, "BODY_NOT_JSON"),
    **dict.fromkeys([b"3", b"null", b'"text"'], "BODY_NOT_A_REQUEST"),
    **dict.fromkeys([b"[]", b'[{"query": "{ me { id } }"}]'], "BATCH_NOT_ALLOWED"),
    **dict.fromkeys(
        [b"{}", b'{"query": null}', b'{"query": ""}', b'{"qeury": "{ me { id } }"}'],
        "QUERY_MISSING",
    ),
    b'{"query": 3}': "PARAMETER_INVALID",
    b'{"query": "{ me { id } }", "variables": []}': "PARAMETER_INVALID",
    b'{"query": "{ me { id } }", "extensions": "x"}': "PARAMETER_INVALID",
    b'{"query": "{ me { id } }", "operationName": 5}': "PARAMETER_INVALID",
}


@pytest.mark.parametrize("body", BODIES, ids=lambda body: body[:60].decode(errors="replace"))
async def test_a_body_that_is_no_request_is_refused(world: World, body: bytes) -> None:
    for language in LANGUAGES:
        answer = await send(world, body, language)
        assert answer.status_code == 400
        assert refusals(answer, language) == [BODIES[body]]


async def test_a_body_of_300_kb_is_refused_declared_or_not(world: World) -> None:
    body = b'{"query": "{ me { id } }"' + b" " * 300_000 + b"}"

    async def in_pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(body), 10_000):
            yield body[start : start + 10_000]

    for language in LANGUAGES:
        for sent in (body, in_pieces()):
            answer = await send(world, sent, language)
            assert answer.status_code == 413
            assert refusals(answer, language) == ["BODY_TOO_LARGE"]


OTHER_TYPES: Final = [
    *("text/plain", "multipart/form-data", "application/graphql", ""),
    *("application/x-www-form-urlencoded", "application/json-patch+json"),
    *("application/json; charset=utf-16", "application/json; charset=gbk"),
]


@pytest.mark.parametrize("kind", OTHER_TYPES)
async def test_a_body_of_another_type_is_refused(world: World, kind: str) -> None:
    answer = await send(world, b'{"query": "{ __typename }"}', "zh", kind)
    assert answer.status_code == 415
    assert refusals(answer, "zh") == ["UNSUPPORTED_MEDIA_TYPE"]
    assert answer.headers["accept-post"] == JSON


GROUP: Final = "query($id: ID!) { group(id: $id) { id } }"
CODE: Final = "mutation($i: RequestVerificationCodeInput!) { requestVerificationCode(input: $i) { "
BOMB: Final = " ".join(f"fragment F{n} on Query {{ {f'...F{n + 1} ' * 3} }}" for n in range(18))
WRONG: Final[dict[str, tuple[str, Any]]] = {
    "half a query": ("{ me { ", None),
    "an unknown field": ("{ everyone { id } }", None),
    "fragments in a ring": ("{ ...A } fragment A on Query { ...A }", None),
    "nested without end": ("{ me " * 20_000, None),
    "a missing variable": (GROUP, {}),
    "a variable of another type": (GROUP, {"id": {"a": 1}}),
    "a value of no enum": (CODE + "__typename } }", {"i": {"phone": "1", "purpose": "PLAY"}}),
}
NOTHING_TO_RUN: Final = {
    "QUERY_MISSING": {"query": ""},
    "OPERATION_MISSING": {"query": "fragment F on Query { me { id } }"},
    "OPERATION_UNNAMED": {"query": "query A { me { id } } query B { me { id } }"},
    "OPERATION_UNKNOWN": {"query": "query A { me { id } }", "operationName": "B"},
}
COSTLY: Final = {
    "too many tokens": "{ " + "__typename " * 3000 + "}",
    "the same field in one place": "{ " + "__typename " * 101 + "}",
    "aliases of one field": "{ " + " ".join(f"a{n}: __typename" for n in range(101)) + " }",
    "aliases of one field in fragments": "{ ...A ...B }"
    + " fragment A on Query { "
    + " ".join(f"a{n}: __typename" for n in range(60))
    + " }"
    + " fragment B on Query { "
    + " ".join(f"b{n}: __typename" for n in range(60))
    + " }",
    "repeated directives": "{ __typename " + "@skip(if: false) " * 6 + "}",
    "unknown directives": "{ __typename " + "@a " * 600 + "}",
    "seventy pages": "query($id: ID!) { group(id: $id) { "
    + " ".join(f"a{n}: members(first: 500) {{ nodes {{ id }} }}" for n in range(70))
    + " } }",
    "thirty codes": "mutation { "
    + " ".join(
        f'a{n}: requestVerificationCode(input: {{phone: "1370000{n:04}", purpose: SIGN_IN}})'
        " { challenge }"
        for n in range(30)
    )
    + " }",
    "too deep": "{ me " + "{ groups { nodes { viewerMembers " * 5 + "{ id }" + "} } }" * 5 + " }",
    "too wide": "{ me { " + "id " * 1500 + "} }",
    "fragments that multiply": "{ ...F0 } " + BOMB + " fragment F18 on Query { __typename }",
}


@pytest.mark.parametrize("name", WRONG)
async def test_a_query_that_cannot_be_understood_is_refused(world: World, name: str) -> None:
    query, variables = WRONG[name]
    body = json.dumps({"query": query, "variables": variables}).encode()
    for language in LANGUAGES:
        assert set(refusals(await send(world, body, language), language)) == {"BAD_USER_INPUT"}
        again = await refusals_by_socket(world, query, variables, language)
        assert set(again) <= {"BAD_USER_INPUT", "UNAUTHENTICATED"}  # subscribing needs a token


@pytest.mark.parametrize("code", NOTHING_TO_RUN)
async def test_what_leaves_open_what_to_run_is_refused(world: World, code: str) -> None:
    request = NOTHING_TO_RUN[code]
    for language in LANGUAGES:
        answer = await send(world, json.dumps(request).encode(), language)
        assert refusals(answer, language) == [code]
        if "operationName" not in request:
            assert await refusals_by_socket(world, request["query"], None, language) == [code]


@pytest.mark.parametrize("name", COSTLY)
async def test_a_query_that_asks_too_much_is_refused(world: World, name: str) -> None:
    for language in LANGUAGES:
        answer = await send(world, json.dumps({"query": COSTLY[name]}).encode(), language)
        assert "TOO_COSTLY" in refusals(answer, language)
        assert "TOO_COSTLY" in await refusals_by_socket(world, COSTLY[name], None, language)


async def test_whoever_is_signed_out_may_read_the_schema_for_graphiql(world: World) -> None:
    data = await world.stranger().ask(get_introspection_query(input_value_deprecation=True))
    assert {"Group", "Member", "Me"} <= {found["name"] for found in data["__schema"]["types"]}


def global_id(typename: str, key: str) -> str:
    return base64.urlsafe_b64encode(f"{typename}:{key}".encode()).decode().rstrip("=")


NO_IDS: Final = [
    *("", " ", "!!", "团体", "\0", "A" * 10_240, uuid4().hex, base64.b64encode(b"hello").decode()),
    *(global_id("Nothing", uuid4().hex), global_id("Group", "' OR 1=1 --")),
    global_id("DayReport", uuid4().hex),
    *(global_id("Group", str(uuid4())), global_id("Group", f"{{{uuid4().hex}}}")),
    *(global_id("Group", uuid4().hex)[:-1] + "\n", " " + global_id("Group", uuid4().hex)),
]
MUTATION: Final = "mutation($id: ID!) {{ {}(input: {{ {}: $id {} }}) {{ __typename }} }}"
ASKING: Final = {
    "group": GROUP,
    "node": "query($id: ID!) { node(id: $id) { id } }",
    "nodes": "query($id: ID!) { nodes(ids: [$id]) { id } }",
    "refreshGroup": MUTATION.format("refreshGroup", "groupId", ""),
    "createInvitation": MUTATION.format("createInvitation", "groupId", ""),
    "setRequirement": MUTATION.format("setRequirement", "groupId", "natValidity: H24"),
    "withdrawInvitation": MUTATION.format("withdrawInvitation", "invitationId", ""),
}


@pytest.mark.parametrize("operation", ASKING)
async def test_an_id_is_ours_and_of_its_type_or_refused(world: World, operation: str) -> None:
    someone, query = await world.someone(), ASKING[operation]
    for wrong in NO_IDS:
        assert await someone.error_code(query, id=wrong) == "BAD_USER_INPUT", wrong
    unknown = global_id("Invitation" if "withdraw" in operation else "Group", uuid4().hex)
    assert await someone.error_code(query, id=unknown) == "NOT_FOUND"


@pytest.mark.parametrize(("language", "readable"), [("en", True), ("zh", False)])
async def test_an_unexpected_error_shows_an_id_that_finds_it_in_the_log_and_nothing_else(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str, readable: bool
) -> None:
    creator = await world.real_person()
    group_id, creator.language = await creator.create_group(), language

    async def fall_over(*_: object) -> NoReturn:
        raise RuntimeError(f"no such person: {creator.id_number}") from KeyError(creator.phone)

    monkeypatch.setattr(refresh, "refresh_group", fall_over)
    with logged(readable=readable) as log:
        body = await creator.send(ASKING["refreshGroup"], id=group_id)
    (error,), written = body["errors"], log.getvalue()
    shown = error["extensions"]["id"]
    assert error["extensions"] == {"code": "INTERNAL", "id": shown}
    assert error["message"] in (f"Internal error {shown}.", f"服务器内部错误，编号 {shown}。")
    assert codes([error], language) == ["INTERNAL"]
    for traced in (shown, "fall_over", "RuntimeError", "KeyError"):
        assert traced in written
    assert not any(secret in written for secret in (creator.id_number, creator.phone))


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_an_error_before_anything_is_resolved_is_answered_alike(
    world: World, monkeypatch: pytest.MonkeyPatch, language: str
) -> None:
    token = (await world.someone()).token

    def fall_over(*_: object) -> NoReturn:
        raise RuntimeError(token)

    monkeypatch.setattr(Tokens, "read", fall_over)
    headers = {"authorization": f"Bearer {token}", "accept-language": language}
    with logged() as log:
        answer = await world.http.post(f"{world.url}/graphql", json={}, headers=headers)
    assert refusals(answer, language) == ["INTERNAL"]
    assert answer.json()["errors"][0]["extensions"]["id"] in log.getvalue()
    assert "fall_over" in log.getvalue() and token not in log.getvalue()


async def test_a_browser_gets_graphiql_whole_from_here(world: World) -> None:
    answer = await world.http.get(f"{world.url}/graphql", headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self';" in policy
    paths = re.findall(r'(?:src|href)="(?!data:)([^"]+)"', answer.text)
    assert len(paths) >= 5 and all(path.startswith("/graphiql/") for path in paths)
    for path in paths:
        found = (await world.http.get(world.url + path)).raise_for_status()
        kind = "text/javascript" if path.endswith(".js") else "text/css"
        assert found.headers["content-type"].startswith(kind)
    page = await world.http.get(f"{world.url}/graphiql/page.js")
    assert not re.search(r"https?://|wss?://|[\"'(]//", answer.text + page.text)


async def test_a_page_of_another_site_opens_no_socket(world: World) -> None:
    address, protocols = f"ws{world.url[4:]}/graphql", [Subprotocol("graphql-transport-ws")]
    async with connect(address, subprotocols=protocols, origin=Origin(world.url)):
        pass
    for origin in ("https://evil.example", "null", f"{world.url}.evil.example"):
        with pytest.raises(InvalidStatus) as refused:
            await connect(address, subprotocols=protocols, origin=Origin(origin))
        assert refused.value.response.status_code == 403

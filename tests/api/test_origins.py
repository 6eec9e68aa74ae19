"""Pages of other origins: those allowed read every answer and connect; the others do neither."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs
from websockets.exceptions import InvalidStatus

from app.main import build_sandbox
from tests.support.in_process import served
from tests.support.origins import ASKED, handshake, lets_in, preflight
from tests.support.world import World

ALLOWED = (
    "https://app.example.org",
    "https://one.example.net",
    "https://a.deep.one.example.net",
    "https://own.example",
    "http://localhost:5173",
    "http://localhost",
    "https://127.0.0.1:8443",
    "http://[::1]:3000",
)
REFUSED = (
    "https://elsewhere.example",
    "http://app.example.org",
    "https://app.example.org:8443",
    "https://app.example.org.evil.example",
    "https://example.net",
    "https://evilexample.net",
    "https://one.example.net.evil.example",
    "https://appxexample.org",
    "http://localhost.evil.example",
    "http://localhost:5173.evil.example",
    "null",
    "",
)
PATHS = ("/graphql", "/graphql/stream", "/downloads/none", "/sandbox/messages", "/nowhere")


@pytest.fixture(scope="module")
async def open_world(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[World]:
    """A server that another origin and any of a domain's subdomains may use."""
    path = tmp_path_factory.mktemp("origins") / "groupcode.sqlite3"
    shutil.copyfile(sqlite_template, path)
    async with served(
        database_url=f"sqlite://{path}",
        public_url="https://own.example/app",
        allowed_origins="https://app.example.org, https://*.example.net",
    ) as world:
        yield world


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("origin", ALLOWED)
async def test_an_allowed_page_may_ask(open_world: World, origin: str, path: str) -> None:
    url = f"{open_world.url}{path}"
    for method in ("POST", "GET", "PUT", "DELETE"):
        answer = await open_world.http.options(url, headers=preflight(origin, method))
        assert (answer.status_code, lets_in(answer)) == (200, origin)
        assert method in answer.headers["access-control-allow-methods"].split(", ")
        taken = answer.headers["access-control-allow-headers"].replace(" ", "").lower()
        assert set(ASKED.split(",")) <= set(taken.split(","))
        assert int(answer.headers["access-control-max-age"]) >= 600


@pytest.mark.parametrize("origin", REFUSED)
async def test_no_other_page_may(open_world: World, origin: str) -> None:
    for path in PATHS:
        url = f"{open_world.url}{path}"
        asked = await open_world.http.options(url, headers=preflight(origin))
        assert (asked.status_code, lets_in(asked)) == (400, None)
        answer = await open_world.http.post(url, json={}, headers={"origin": origin})
        assert lets_in(answer) is None


@pytest.mark.parametrize("path", PATHS)
async def test_every_answer_can_be_read(open_world: World, path: str) -> None:
    for method, body in (("POST", b"no json"), ("GET", b""), ("PATCH", b"")):
        answer = await open_world.http.request(
            method,
            f"{open_world.url}{path}",
            content=body,
            headers={"origin": ALLOWED[0], "content-type": "application/json"},
        )
        assert lets_in(answer) == ALLOWED[0]
        shown = answer.headers["access-control-expose-headers"].lower().split(", ")
        assert {"retry-after", "ratelimit", "x-request-id", "content-disposition"} <= set(shown)


async def test_an_answer_to_what_nobody_caught_can_be_read(
    open_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr("app.web.downloads.open_download", fail)
    with capture_logs():
        answer = await open_world.http.get(
            f"{open_world.url}/downloads/none", headers={"origin": ALLOWED[0]}
        )
    assert (answer.status_code, lets_in(answer)) == (500, ALLOWED[0])


async def test_without_an_origin_an_answer_says_that_it_varies(open_world: World) -> None:
    answer = await open_world.http.post(
        f"{open_world.url}/graphql", json={"query": "{ __typename }"}
    )
    assert (answer.status_code, lets_in(answer)) == (200, None)


@pytest.mark.parametrize("origin", [*ALLOWED, None])
async def test_the_same_pages_may_connect(open_world: World, origin: str | None) -> None:
    await handshake(open_world, origin)


async def test_a_page_that_the_server_showed_may_connect(open_world: World) -> None:
    await handshake(open_world, open_world.url)


@pytest.mark.parametrize("origin", REFUSED)
async def test_the_others_may_not_connect(open_world: World, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused, capture_logs():
        await handshake(open_world, origin)
    response = refused.value.response
    assert response.status_code == 403
    assert b'"code":"ORIGIN_NOT_ALLOWED"' in response.body


async def test_a_refused_page_is_told_of_once_with_the_setting_that_lets_it_in(
    open_world: World,
) -> None:
    with capture_logs() as lines:
        for _ in range(2):
            with pytest.raises(InvalidStatus):
                await handshake(open_world, "https://told.example")
        for number in range(150):
            url, origin = f"{open_world.url}/graphql", f"https://{number}.example"
            await open_world.http.options(url, headers=preflight(origin))
    assert lines[0] == {
        "event": "a page of an origin that GROUPCODE_ALLOWED_ORIGINS doesn't list was refused",
        "origin": "https://told.example",
        "protocol": "websocket",
        "log_level": "warning",
    }
    assert len(lines) <= 100


async def test_a_page_of_this_machine_may_use_a_sandbox_of_its_own() -> None:
    transport = httpx.ASGITransport(build_sandbox("http://127.0.0.1:8100"))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8100") as http:
        for origin, seen in ((ALLOWED[4], ALLOWED[4]), (ALLOWED[0], None)):
            answer = await http.get("/sandbox/messages", headers={"origin": origin})
            assert (answer.status_code, lets_in(answer)) == (200, seen)

"""What every answer says to browsers and caches; where redirects lead. Every route is walked."""

from collections.abc import Iterable, Iterator
from typing import Final

import httpx
import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import BaseRoute, Mount, Route

from app.config import Settings
from app.main import build_sandbox, create_server
from app.web.headers import ALWAYS, within
from tests.support.in_process import SECRET

METHODS: Final = ("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE")
BROWSER: Final = {"accept": "text/html", "accept-language": "en"}
STRANGE: Final = {"host": "evil.example", "x-forwarded-host": "evil.example"}


def settings(**options: object) -> Settings:
    usual = {"secret_key": SecretStr(SECRET), "dashboard": True, "graphiql": True, "demo": False}
    return Settings.model_validate({**usual, **options})


def apps() -> dict[str, Starlette]:
    return {
        "server": create_server(settings()).app,
        "sandbox alone": build_sandbox("http://127.0.0.1:8100"),
    }


def paths(routes: Iterable[BaseRoute], before: str = "") -> Iterator[str]:
    """Every path that is served, its gaps filled with something that isn't there."""
    for route in routes:
        if isinstance(route, Route):
            path = before + route.path
            for gap in ("{path:path}", "{token}", "{id_type}", "{id_number}", "{id}"):
                path = path.replace(gap, "x")
            assert "{" not in path, "a gap that this walk doesn't know"
            yield path
        elif isinstance(route, Mount):
            yield f"{before}{route.path}/nothing"
            yield from paths(route.routes, before + route.path)


async def walked(app: Starlette) -> Iterator[tuple[str, httpx.Response]]:
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    answers = []
    async with httpx.AsyncClient(transport=transport, base_url="http://server") as client:
        found = set(paths(app.routes))
        for path in sorted(found | {f"{one}/" for one in found} | {"//evil.example/", "/nothing"}):
            for method in METHODS:
                for headers in ({}, BROWSER, STRANGE, {"origin": "https://evil.example"}):
                    url = f"http://server{path}"
                    answer = await client.request(method, url, headers=headers)
                    answers.append((f"{method} {path}", answer))
    return iter(answers)


@pytest.mark.parametrize("name", ["server", "sandbox alone"])
async def test_every_answer_protects_its_reader(name: str) -> None:
    seen = 0
    for what, answer in await walked(apps()[name]):
        seen += 1
        for header in ALWAYS:
            assert header in answer.headers, (what, answer.status_code, header)
        assert answer.headers["x-content-type-options"] == "nosniff", what
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"], what
        kept = "public" in answer.headers["cache-control"]
        assert not kept or "/assets/" in what, what
        assert "evil.example" not in answer.headers.get("location", ""), what
        assert "evil.example" not in answer.text, what
    assert seen > 100


async def test_a_redirect_stays_on_the_server_whatever_host_was_asked_for() -> None:
    app = create_server(settings()).app
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://evil.example") as client:
        for path in ("/graphql/", "/sandbox", "/healthz/"):
            answer = await client.get(path)
            assert answer.status_code == 307
            assert answer.headers["location"] == (path[:-1] if path[-1] == "/" else f"{path}/")


@pytest.mark.parametrize(
    ("location", "led"),
    [
        ("http://evil.example/graphql?a=b", "/graphql?a=b"),
        ("//evil.example/graphql", "/graphql"),
        ("http://evil.example", "/"),
        ("http://evil.example//other.example/", "/other.example/"),
        ("javascript:alert(1)", "/alert(1)"),
        ("/\\evil.example", "/evil.example"),
        ("/graphql", "/graphql"),
    ],
)
def test_where_a_redirect_leads(location: str, led: str) -> None:
    assert within(location) == led

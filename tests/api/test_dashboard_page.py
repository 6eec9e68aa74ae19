"""The dashboard as it is served: a page at many addresses, and the files that it loads."""

import hashlib
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

import httpx
import orjson
import pytest
from pydantic import SecretStr

from app.config import Settings, SettingsError
from app.config.values import GatewaySettings
from app.main import create_server
from app.newcomers import Guide
from app.serving import welcome
from app.web import dashboard_page
from tests.support.in_process import SECRET, served
from tests.support.world import World

BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
PROGRAM: Final = "application/json, */*"
PAGE: Final = """<!doctype html>
<html lang="$lang" data-server="$server" data-sandbox="$sandbox">
<script type="module" src="/dashboard/assets/main-AB12.js"></script></html>
"""
NOW: Final = "query Clock { now }"
NOW_HASH: Final = hashlib.sha256(NOW.encode()).hexdigest()


@pytest.fixture(autouse=True)
def dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dashboard that was built."""
    folder = tmp_path / "dist"
    (folder / "assets").mkdir(parents=True)
    (folder / "index.html").write_text(PAGE)
    (folder / "assets" / "main-AB12.js").write_text("export {};")
    (folder / "documents.json").write_bytes(orjson.dumps({NOW_HASH: NOW}))
    monkeypatch.setattr(dashboard_page, "DIST", folder)
    return folder


@asynccontextmanager
async def serving(template: Path, tmp_path: Path, **options: Any) -> AsyncIterator[World]:
    path = tmp_path / "groupcode.sqlite3"
    shutil.copyfile(template, path)
    async with served(database_url=f"sqlite://{path}", **{"dashboard": None} | options) as world:
        yield world


async def opened(world: World, path: str, **headers: str) -> httpx.Response:
    """Open an address in a browser."""
    usual = {"accept": BROWSER, "accept-language": "en"}
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return await world.http.get(world.url + path, headers=usual | names)


async def test_one_page_answers_every_address_in_the_language_of_the_browser(
    sqlite_template: Path, tmp_path: Path
) -> None:
    async with serving(sqlite_template, tmp_path) as world:
        page = await opened(world, "/dashboard")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert '<html lang="en" data-server="" data-sandbox="/sandbox">' in page.text
        for path in ("/dashboard/", "/dashboard/groups/R3JvdXA6MQ", "/dashboard/a/b.html"):
            assert (await opened(world, path)).text == page.text
        chinese = await opened(world, "/dashboard", accept_language="zh-TW,en;q=0.5")
        assert '<html lang="zh-CN"' in chinese.text
        home = await opened(world, "/")
        assert "href='/dashboard'" in home.text


async def test_the_page_may_load_and_call_nothing_else(
    sqlite_template: Path, tmp_path: Path
) -> None:
    async with serving(sqlite_template, tmp_path) as world:
        headers = (await opened(world, "/dashboard")).headers
        policy = headers["content-security-policy"]
        assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
        assert "connect-src 'self';" in policy and "unsafe" not in policy
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["x-content-type-options"] == "nosniff"
        assert "Accept-Language" in headers["vary"]


async def test_a_sandbox_elsewhere_is_named_and_allowed(
    sqlite_template: Path, tmp_path: Path
) -> None:
    elsewhere = "http://127.0.0.1:8100"
    async with serving(sqlite_template, tmp_path, sandbox_url=elsewhere) as world:
        page = await opened(world, "/dashboard")
    assert f'data-sandbox="{elsewhere}/sandbox"' in page.text
    assert f"connect-src 'self' {elsewhere};" in page.headers["content-security-policy"]


async def test_the_page_is_asked_for_each_time_and_its_files_never_again(
    sqlite_template: Path, tmp_path: Path
) -> None:
    async with serving(sqlite_template, tmp_path) as world:
        page = await opened(world, "/dashboard")
        assert page.headers["cache-control"] == "no-cache"
        known = await opened(world, "/dashboard/x", if_none_match=page.headers["etag"])
        assert (known.status_code, known.content) == (304, b"")
        chinese = {"accept_language": "zh", "if_none_match": page.headers["etag"]}
        assert (await opened(world, "/dashboard", **chinese)).status_code == 200
        script = await opened(world, "/dashboard/assets/main-AB12.js")
        assert "javascript" in script.headers["content-type"]
        assert "immutable" in script.headers["cache-control"]
        assert script.headers["x-content-type-options"] == "nosniff"
        missing = await opened(world, "/dashboard/assets/none.js")
        assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")


async def test_everybody_gets_it_but_programs_that_ask_for_json(
    sqlite_template: Path, tmp_path: Path
) -> None:
    async with serving(sqlite_template, tmp_path) as world:
        for path in ("/dashboard", "/dashboard/", "/dashboard/groups", "/join/token"):
            head = await world.http.head(world.url + path, headers={"accept": BROWSER})
            assert (head.status_code, head.content) == (200, b"")
            post = await world.http.post(world.url + path, headers={"accept": BROWSER})
            assert post.status_code == 405
            assert set(post.headers["allow"].split(", ")) == {"GET", "HEAD"}
            program = await world.http.get(world.url + path, headers={"accept": PROGRAM})
            assert program.status_code == 404
            assert program.json()["errors"][0]["extensions"] == {"code": "NOT_FOUND"}
            # Links to join are opened by apps, too, which needn't say what they take.
            expected = 404 if path.startswith("/join") else 200
            for method in ("GET", "HEAD"):
                unsaid = await world.http.request(method, world.url + path)
                assert (method, path, unsaid.status_code) == (method, path, expected)
                assert unsaid.headers["vary"]


async def test_a_link_to_join_opens_it_and_tells_nothing_of_the_token(
    sqlite_template: Path, tmp_path: Path
) -> None:
    async with serving(sqlite_template, tmp_path) as world:
        creator = await world.real_person()
        token = await creator.invite(await creator.create_group())
        real, made_up = [await opened(world, f"/join/{one}") for one in (token, "<b>made-up")]
        assert real.text == made_up.text == (await opened(world, "/dashboard")).text
        assert real.headers["cache-control"] == "no-store" and "etag" not in real.headers
        assert dict(real.headers) | {"date": ""} == dict(made_up.headers) | {
            "date": "",
            "x-request-id": real.headers["x-request-id"],
        }


async def test_its_operations_run_where_nothing_else_does(
    sqlite_template: Path, tmp_path: Path
) -> None:
    async with serving(sqlite_template, tmp_path, documents_only=True) as world:
        for body in ({"documentId": NOW_HASH}, {"query": NOW}):
            answer = await world.http.post(f"{world.url}/graphql", json=body)
            assert answer.json()["data"]["now"]
        other = await world.http.post(f"{world.url}/graphql", json={"query": "{ now }"})
        assert other.json()["errors"][0]["extensions"]["code"] == "ONLY_PERSISTED_DOCUMENTS"


async def test_in_production_it_is_served_only_where_it_is_asked_for(
    sqlite_template: Path, tmp_path: Path
) -> None:
    gateway = GatewaySettings(url="http://127.0.0.1:9")
    production = {
        "environment": "production",
        "sandbox": False,
        "public_url": "https://groups.example",
        **dict.fromkeys(("health", "identity", "family", "sms"), gateway),
    }
    for asked in (None, True):
        async with serving(sqlite_template, tmp_path, **production, dashboard=asked) as world:
            page = await opened(world, "/dashboard")
            home = await opened(world, "/")
            invited = await opened(world, "/join/token")
        assert page.status_code == (200 if asked else 404)
        assert ("/dashboard" in home.text) == bool(asked)
        assert ("data-sandbox" in invited.text) == bool(asked)
        if asked:
            assert 'data-sandbox=""' in page.text


def test_a_newcomer_is_told_of_it_first_and_how_to_sign_in() -> None:
    settings = Settings(secret_key=SecretStr(SECRET), port=8123)
    first, how, *_ = welcome(settings, Guide("+8613800000001", "the creator")).strip().splitlines()
    assert first.endswith("http://127.0.0.1:8123/dashboard in a browser")
    assert "+8613800000001" in how
    assert "/dashboard" not in welcome(settings.model_copy(update={"dashboard": False}))


def test_where_it_is_not_built_it_is_left_out_unless_asked_for(dist: Path) -> None:
    shutil.rmtree(dist)
    settings: dict[str, Any] = {"secret_key": SECRET, "database_url": "sqlite://:memory:"}
    paths = [str(route.path) for route in routes_of(Settings(**settings))]
    assert "/dashboard" not in paths and "/join/{token}" in paths
    with pytest.raises(SettingsError, match="make dashboard"):
        create_server(Settings(**settings, dashboard=True))


def routes_of(settings: Settings) -> list[Any]:
    return list(create_server(settings).app.routes)

"""What people see who open an address of the server in a browser."""

import re
from typing import Final

import httpx
import pytest

from tests.support.world import World

BROWSER: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def opened(world: World, path: str, language: str = "en") -> httpx.Response:
    """Open an address in a browser."""
    headers = {"accept": BROWSER, "accept-language": language}
    return await world.http.get(world.url + path, headers=headers)


def assert_harmless(page: httpx.Response) -> None:
    """A page runs nothing, fetches nothing, is kept by nobody, and tells nobody its address."""
    assert page.headers["content-type"].startswith("text/html")
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert not re.search(r"<script|https?://|src=", page.text)


async def test_an_invitation_opened_in_a_browser_says_where_to_open_it(world: World) -> None:
    creator = await world.real_person()
    token = await creator.invite(await creator.create_group())
    real = await opened(world, f"/join/{token}")
    assert real.status_code == 200
    assert "Open it in the app" in real.text
    assert_harmless(real)
    chinese = await opened(world, f"/join/{token}", "zh")
    assert "请在收到它的机构的应用中打开" in chinese.text
    assert 'lang="zh-CN"' in chinese.text


async def test_nobody_learns_from_the_page_whether_an_invitation_exists(world: World) -> None:
    creator = await world.real_person()
    token = await creator.invite(await creator.create_group())
    for headers in ({"accept": BROWSER}, {"accept": "application/json"}):
        real, made_up = [
            await world.http.get(f"{world.url}/join/{one}", headers=headers)
            for one in (token, "<b>made-up")
        ]
        assert (real.status_code, real.text) == (made_up.status_code, made_up.text)
        assert token not in real.text


async def test_the_home_page_points_at_what_there_is(world: World) -> None:
    page = await opened(world, "/")
    assert page.status_code == 200
    assert {"/graphql", "/sandbox"} <= set(re.findall(r"href='([^']+)'", page.text))
    assert "docs/rules.md" in page.text
    assert_harmless(page)
    assert "沙箱" in (await opened(world, "/", "zh")).text


@pytest.mark.parametrize("path", ["/", "/join/token"])
@pytest.mark.parametrize("accept", ["application/json", "*/*"])
async def test_programs_get_a_coded_error_instead(world: World, path: str, accept: str) -> None:
    answer = await world.http.get(world.url + path, headers={"accept": accept})
    assert answer.status_code == 404
    (error,) = answer.json()["errors"]
    assert error["extensions"] == {"code": "NOT_FOUND"}
    assert "/graphql" in error["message"]

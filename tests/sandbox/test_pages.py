"""The sandbox's pages for people, as a browser gets them."""

import re

import httpx
import pytest

from tests.support.sandbox import CHECK, PUBLIC_URL, SMS

PAGES = ["/", "/identity/verifications/any/face"]


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_loads_and_calls_nothing_but_the_sandbox(
    http: httpx.AsyncClient, page: str
) -> None:
    answer = await http.get(page)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|<style| on\w+=| style=", answer.text)
    loaded = re.findall(r'(?:src|href)="([^"]+)"', answer.text)
    assert len(loaded) == 2
    for path in loaded:
        file = await http.get(path.removeprefix("/sandbox"))
        assert (path.startswith("/sandbox/page/"), file.status_code) == (True, 200)
        assert "http://" not in file.text and "https://" not in file.text
    outside = re.findall(r"https?://[^\s'\"<&]+", answer.text)
    assert all(url.startswith(PUBLIC_URL) for url in outside)


@pytest.mark.parametrize(("accepted", "lang"), [("en-GB,en", "en"), ("zh-CN,zh", "zh"), ("", "zh")])
async def test_a_page_speaks_the_browsers_language(
    http: httpx.AsyncClient, accepted: str, lang: str
) -> None:
    for page in PAGES:
        answer = await http.get(page, headers={"accept-language": accepted})
        assert f'<html lang="{lang}">' in answer.text
        # Whatever stands there in one language does so in the other.
        assert answer.text.count('lang="en">') == answer.text.count('lang="zh">') + (
            1 if lang == "en" else -1
        )


async def test_the_page_says_that_time_goes_forward_only_and_what_the_way_back_is(
    http: httpx.AsyncClient,
) -> None:
    page = (await http.get("/")).text
    assert "Time goes forward only." in page and "时间只能向前。" in page
    assert page.count("groupcode demo --fresh") == page.count("make clean") == 2


async def test_each_route_stands_there_with_an_example_that_works(http: httpx.AsyncClient) -> None:
    examples = re.findall(r"<pre>curl -s (.+)</pre>", (await http.get("/")).text)
    started = (await http.post("/identity/verifications", json=CHECK)).json()["id"]
    for example in examples:
        url = re.search(rf"{PUBLIC_URL}\S+?(?='? |'?$)", example)
        assert url is not None, example
        body = re.search(r"-d '(.+)'$", example)
        method = "PUT" if "-X PUT" in example else "POST" if body else "GET"
        path = url[0].removeprefix(PUBLIC_URL).replace("&amp;", "&").replace("/ID", f"/{started}")
        answer = await http.request(method, path, content=body[1].encode() if body else None)
        expected = 503 if "records:query" in path else 200  # by the fault that an example set
        assert answer.status_code in (expected, 201, 202), (example, answer.text)


async def test_the_newest_messages_are_as_many_as_asked_for(http: httpx.AsyncClient) -> None:
    for number in range(5):
        await http.post("/sms/messages", json={**SMS, "id": f"m{number}"})
    newest = (await http.get("/messages?newest=2")).json()["messages"]
    assert [message["id"] for message in newest] == ["m3", "m4"]
    assert len((await http.get("/messages?newest=50")).json()["messages"]) == 5
    assert (await http.get("/messages?newest=0")).json()["messages"] == []
    refused = await http.get("/messages?newest=all")
    assert (refused.status_code, refused.json()["error"]) == (400, "newest must be a whole number")


async def test_faults_are_shown_as_they_are_set_and_what_is_left_of_them(
    http: httpx.AsyncClient,
) -> None:
    assert (await http.get("/faults")).json() == {}
    await http.put("/faults", json={"sms": {"status": 503, "times": 2}, "family": {"delay_ms": 1}})
    await http.post("/sms/messages", json=SMS)
    left = {"sms": {"status": 503, "times": 1}, "family": {"delay_ms": 1}}
    assert (await http.get("/faults")).json() == left
    await http.post("/sms/messages", json=SMS)
    assert (await http.get("/faults")).json() == {"family": {"delay_ms": 1}}


async def test_a_face_check_is_ended_where_its_url_leads(http: httpx.AsyncClient) -> None:
    started = (await http.post("/identity/verifications", json=CHECK)).json()
    assert "Face check" in (await http.get(started["url"])).text
    await http.post(started["url"], json={"status": "FAILED"})
    outcome = await http.get(f"/identity/verifications/{started['id']}")
    assert outcome.json()["status"] == "FAILED"

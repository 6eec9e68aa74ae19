"""SMS over HTTP: each is sent once by its id."""

import httpx
import pytest

from app.ports.sms import HttpSmsGateway
from tests.support.gateways import Connect, Provider


async def test_a_message_is_sent_once_by_its_id(
    sms: HttpSmsGateway, control: httpx.AsyncClient
) -> None:
    for _ in range(2):
        await sms.send("m1", "+8613800001111", "member_removed", {"group": "一班"}, "您已被移出")
    await sms.send("m2", "+8613800002222", "group_dissolved", {}, "团体已解散")
    answer = await control.get("/messages?phone=+8613800001111")
    [message] = answer.json()["messages"]
    message.pop("at")
    assert message == {
        "id": "m1",
        "phone": "+8613800001111",
        "template": "member_removed",
        "params": {"group": "一班"},
        "text": "您已被移出",
    }


@pytest.mark.parametrize("body", [b"OK", b"\xff", b'{"id": ', b"<html>", b"[" * 100_000])
async def test_the_status_says_that_a_message_was_taken_whatever_the_body(  # R39
    connect: Connect, body: bytes
) -> None:
    provider = Provider(body, 202)
    await HttpSmsGateway(connect(provider.app, "sms")).send("m1", "+8613800001111", "t", {}, "x")
    assert len(provider.requests) == 1


async def test_a_gateway_that_answers_nothing_took_the_message(connect: Connect) -> None:
    provider = Provider(b"", 202)
    await HttpSmsGateway(connect(provider.app, "sms")).send("m1", "+8613800001111", "t", {}, "x")
    assert len(provider.requests) == 1

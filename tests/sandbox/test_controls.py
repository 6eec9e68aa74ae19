"""The sandbox's relatives, messages and clock, as front-end teams drive them."""

import httpx
import pytest

from tests.support.sandbox import LI, SMS


async def test_relatives_are_those_put(http: httpx.AsyncClient) -> None:
    assert (await http.post("/family/relatives:query", json=LI)).json() == {"relatives": []}
    child = {"name": "李小明", "id_type": "PASSPORT", "id_number": "E2", "relation": "CHILD"}
    await http.put("/relatives/PASSPORT/E12345678", json=[child])
    answer = await http.post("/family/relatives:query", json=LI)
    assert answer.json() == {"relatives": [{**child, "verified": True, "student": False}]}


async def test_a_message_is_taken_once_by_its_id(http: httpx.AsyncClient) -> None:
    first = await http.post("/sms/messages", json=SMS)
    again = await http.post("/sms/messages", json={**SMS, "text": "又一次"})
    assert (first.status_code, again.status_code) == (202, 200)
    messages = (await http.get("/messages")).json()["messages"]
    assert messages == [{**SMS, "at": "2022-09-01T12:00:00.000Z"}]


@pytest.mark.parametrize(
    "given", ["+8613800001111", "%2B8613800001111", "%208613800001111", "8613800001111"]
)
async def test_messages_are_found_by_phone_however_the_plus_is_written(
    http: httpx.AsyncClient, given: str
) -> None:
    for number, phone in enumerate(["+8613800001111", "+8613800002222", "+8613800001111"]):
        await http.post("/sms/messages", json={**SMS, "id": f"m{number}", "phone": phone})
    messages = (await http.get(f"/messages?phone={given}")).json()["messages"]
    assert [message["id"] for message in messages] == ["m0", "m2"]
    assert len((await http.get("/messages")).json()["messages"]) == 3


async def test_the_clock_is_shown_and_moved(http: httpx.AsyncClient) -> None:
    assert (await http.get("/clock")).json() == {"now": "2022-09-01T12:00:00.000Z"}
    moved = await http.post("/clock", json={"advance_seconds": 86400})
    assert moved.json() == {"now": "2022-09-02T12:00:00.000Z"}
    assert (await http.get("/clock")).json() == {"now": "2022-09-02T12:00:00.000Z"}


@pytest.mark.parametrize("seconds", [None, "60", True, -1, 1e300])
async def test_the_clock_moves_forward_by_a_number_only(
    http: httpx.AsyncClient, seconds: object
) -> None:
    assert (await http.post("/clock", json={"advance_seconds": seconds})).status_code == 400
    assert (await http.get("/clock")).json() == {"now": "2022-09-01T12:00:00.000Z"}

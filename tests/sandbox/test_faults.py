"""Faults of the outside systems, as front-end teams set them."""

import asyncio

import httpx
import pytest

from tests.support.sandbox import LI, SMS, people, query


async def test_a_fault_ends_after_its_times(http: httpx.AsyncClient) -> None:
    fault = {"status": 429, "retry_after": 7, "times": 2}
    await http.put("/faults", json={"sms": fault})
    answers = [await http.post("/sms/messages", json=SMS) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 202]
    assert answers[0].headers["Retry-After"] == "7"
    assert "Retry-After" not in answers[2].headers


async def test_a_fault_without_times_lasts_until_the_faults_are_replaced(
    http: httpx.AsyncClient,
) -> None:
    await http.put("/faults", json={"family": {"status": 500}})
    for _ in range(5):
        assert (await http.post("/family/relatives:query", json=LI)).status_code == 500
    await http.put("/faults", json={})
    assert (await http.post("/family/relatives:query", json=LI)).status_code == 200


async def test_a_fault_hits_its_own_system_only(http: httpx.AsyncClient) -> None:
    await http.put("/faults", json={"sms": {"status": 503, "times": 1}})
    assert len(await query(http, LI)) == 1
    assert (await http.post("/sms/messages", json=SMS)).status_code == 503


async def test_a_refused_set_of_faults_leaves_the_old_ones(http: httpx.AsyncClient) -> None:
    await http.put("/faults", json={"sms": {"status": 503}})
    assert (await http.put("/faults", json={"sms": {"status": 1}})).status_code == 400
    assert (await http.post("/sms/messages", json=SMS)).status_code == 503


async def test_a_delay_holds_the_answer_back(http: httpx.AsyncClient) -> None:
    await http.put("/faults", json={"health": {"delay_ms": 600_000, "times": 1}})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.02):
            await query(http, LI)
    assert len(await query(http, LI)) == 1


async def test_records_can_be_dropped_and_spoiled(http: httpx.AsyncClient) -> None:
    await http.put("/faults", json={"health": {"drop": 2, "malformed": 1, "times": 1}})
    codes = [record["health_code"] for record in await query(http, *people(5))]
    assert codes == ["MAUVE", "GREEN", "GREEN"]
    assert len(await query(http, *people(5))) == 5

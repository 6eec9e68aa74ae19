"""The sandbox as front-end teams drive it: over HTTP, with its controls."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.routing import Mount

from app.sandbox.app import create_sandbox

NOON = datetime(2022, 9, 1, 12, tzinfo=UTC)
PUBLIC_URL = "http://sandbox.example/sandbox"
LI = {"id_type": "PASSPORT", "id_number": "E12345678"}
SMS = {
    "id": "m1",
    "phone": "+8613800001111",
    "template": "leave_requested",
    "params": {"count": "1"},
    "text": "有人申请退团",
}
CHECK = {**LI, "name": "李明", "purpose": "JOIN"}


class StoppedClock:
    """A clock that only moves when told."""

    def __init__(self) -> None:
        self._now = NOON

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> datetime:
        self._now += by
        return self._now


def fresh_sandbox() -> httpx.AsyncClient:
    app = Starlette(routes=[Mount("/sandbox", create_sandbox(StoppedClock(), PUBLIC_URL))])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=PUBLIC_URL)


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with fresh_sandbox() as client:
        yield client


async def query(http: httpx.AsyncClient, *people: dict[str, str]) -> list[dict[str, Any]]:
    response = await http.post("/health/records:query", json={"people": people})
    assert response.status_code == 200, response.text
    records: list[dict[str, Any]] = response.json()["records"]
    return records


def people(count: int) -> list[dict[str, str]]:
    return [{"id_type": "PASSPORT", "id_number": f"E{number:08}"} for number in range(count)]


# Records


async def test_a_record_put_is_what_is_answered(http: httpx.AsyncClient) -> None:
    record = {
        **LI,
        "health_code": "RED",
        "health_code_at": "2022-08-31T10:00:00Z",
        "tests": [
            {
                "sampled_at": "2022-08-30T08:00:00Z",
                "tested_at": "2022-08-30T20:00:00Z",
                "result": "POSITIVE",
                "institution": "市第一人民医院",
            }
        ],
        "vaccinations": [{"dose": 2, "date": "2021-06-01", "manufacturer": "北京生物"}],
    }
    put = await http.put("/records/PASSPORT/E12345678", json=record)
    assert put.status_code == 200
    assert await query(http, LI) == [record]


async def test_what_a_record_leaves_out_is_filled_in(http: httpx.AsyncClient) -> None:
    body = {"tests": [{}, {"result": "PENDING"}], "vaccinations": [{}, {}]}
    await http.put("/records/PASSPORT/E12345678", json=body)
    [record] = await query(http, LI)
    assert record["health_code"] == "GREEN"
    assert record["health_code_at"] == "2022-09-01T12:00:00Z"
    done, pending = record["tests"]
    assert (done["result"], done["tested_at"]) == ("NEGATIVE", "2022-09-01T12:00:00Z")
    assert (pending["result"], pending["tested_at"]) == ("PENDING", None)
    assert [dose["dose"] for dose in record["vaccinations"]] == [1, 2]

    await http.put("/records/PASSPORT/E12345678", json={})
    [record] = await query(http, LI)
    assert (record["tests"], record["vaccinations"]) == ([], [])


async def test_times_are_answered_in_utc(http: httpx.AsyncClient) -> None:
    body = {"health_code_at": "2022-09-01T20:00:00+08:00"}
    await http.put("/records/PASSPORT/E12345678", json=body)
    [record] = await query(http, LI)
    assert record["health_code_at"] == "2022-09-01T12:00:00Z"


@pytest.mark.parametrize(
    ("path", "body", "about"),
    [
        ("/records/LIBRARY_CARD/1", {}, "id_type"),
        ("/records/PASSPORT/1", [], "object"),
        ("/records/PASSPORT/1", {"health_code": "BLUE"}, "health_code"),
        ("/records/PASSPORT/1", {"health_code_at": "2022-09-01T12:00:00"}, "zone"),
        ("/records/PASSPORT/1", {"health_code_at": "0001-01-01T00:00:00+08:00"}, "health_code_at"),
        ("/records/PASSPORT/1", {"tests": {}}, "tests"),
        ("/records/PASSPORT/1", {"tests": [1]}, "tests"),
        ("/records/PASSPORT/1", {"tests": [{"result": "MAYBE"}]}, "result"),
        ("/records/PASSPORT/1", {"tests": [{"tested_at": 5}]}, "tested_at"),
        ("/records/PASSPORT/1", {"vaccinations": [{"dose": 0}]}, "dose"),
        ("/records/PASSPORT/1", {"vaccinations": [{"date": "June"}]}, "date"),
        ("/records/PASSPORT/1", {"id_number": "2"}, "somebody else"),
        ("/relatives/PASSPORT/1", {}, "list"),
        ("/relatives/PASSPORT/1", [{**LI}], "name"),
        ("/relatives/PASSPORT/1", [{**LI, "name": "李", "verified": 1}], "verified"),
        ("/faults", {"post": {}}, "health, identity, family, sms"),
        ("/faults", {"health": 503}, "object"),
        ("/faults", {"sms": {"drop": 1}}, "delay_ms"),
        ("/faults", {"sms": {"status": 200}}, "status"),
        ("/faults", {"sms": {"times": 0}}, "times"),
        ("/faults", {"identity": {"result": "PASSED"}}, "result must be one of FAILED"),
        ("/faults", {"sms": {"times": None}}, "times must be a whole number from 1 to 1000000"),
        ("/faults", {"sms": {"delay_ms": True}}, "delay_ms must be a whole number from 0"),
        ("/faults", {"sms": None}, "the fault of sms must be an object"),
        ("/records/PASSPORT/1", "", "a record must be an object"),
        ("/records/PASSPORT/1", {"tests": [{}, []]}, "each of tests must be an object"),
        ("/relatives/PASSPORT/1", [{}, 1], "name must be a text that is not empty"),
        ("/relatives/PASSPORT/1", [1], "each of the body must be an object"),
    ],
)
async def test_nonsense_is_refused_in_a_sentence(
    http: httpx.AsyncClient, path: str, body: object, about: str
) -> None:
    response = await http.put(path, json=body)
    assert response.status_code == 400
    assert about in response.json()["error"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b'{"a": NaN}', b'"\\ud800"', b"[" * 50_000])
async def test_a_body_that_is_not_json_is_refused(http: httpx.AsyncClient, body: bytes) -> None:
    for method, path in [
        ("PUT", "/records/PASSPORT/1"),
        ("PUT", "/faults"),
        ("POST", "/health/records:query"),
        ("POST", "/sms/messages"),
        ("POST", "/clock"),
    ]:
        response = await http.request(method, path, content=body)
        assert response.status_code == 400
        assert response.json() == {"error": "the body is not JSON"}


async def test_unknown_paths_answer_json_too(http: httpx.AsyncClient) -> None:
    assert "error" in (await http.get("/nowhere")).json()
    assert (await http.delete("/clock")).status_code == 405


async def test_null_makes_a_person_unknown(http: httpx.AsyncClient) -> None:
    other = people(1)[0]
    await http.put("/records/PASSPORT/E12345678", content=b"null")
    assert [record["id_number"] for record in await query(http, LI, other)] == [other["id_number"]]


async def test_someone_without_a_record_gets_the_same_good_one(http: httpx.AsyncClient) -> None:
    crowd = people(100)
    records = await query(http, *crowd)
    await http.post("/clock", json={"advance_seconds": 86400})
    assert await query(http, *reversed(crowd)) == records[::-1]
    assert {len(record["tests"]) for record in records} == {1, 2, 3}
    assert {len(record["vaccinations"]) for record in records} == {1, 2, 3}
    for record in records:
        assert record["health_code"] == "GREEN"
        assert {test["result"] for test in record["tests"]} == {"NEGATIVE"}
        newest = max(datetime.fromisoformat(test["tested_at"]) for test in record["tests"])
        assert timedelta(0) <= NOON - newest <= timedelta(hours=20)
        for test in record["tests"]:
            assert test["sampled_at"] < test["tested_at"]


async def test_that_record_is_the_same_in_every_sandbox(http: httpx.AsyncClient) -> None:
    async with fresh_sandbox() as other:
        assert await query(http, *people(5)) == await query(other, *people(5))


async def test_more_than_a_hundred_people_are_refused(http: httpx.AsyncClient) -> None:
    response = await http.post("/health/records:query", json={"people": people(101)})
    assert response.status_code == 400
    assert "100" in response.json()["error"]


# Faults


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


# Identity


async def start(http: httpx.AsyncClient) -> dict[str, str]:
    response = await http.post("/identity/verifications", json=CHECK)
    assert response.status_code == 201
    verification: dict[str, str] = response.json()
    return verification


async def outcome(http: httpx.AsyncClient, verification: dict[str, str]) -> dict[str, str | None]:
    answer: dict[str, str | None] = (
        await http.get(f"/identity/verifications/{verification['id']}")
    ).json()
    return answer


async def test_a_check_passes_at_once_when_nobody_ends_it(http: httpx.AsyncClient) -> None:
    verification = await start(http)
    assert verification["expires_at"] > "2022-09-01T12:00:00Z"
    await http.post("/clock", json={"advance_seconds": 60})
    expected = {
        "id": verification["id"],
        "status": "PASSED",
        **CHECK,
        "passed_at": "2022-09-01T12:01:00Z",
    }
    assert await outcome(http, verification) == expected
    await http.post("/clock", json={"advance_seconds": 60})
    assert await outcome(http, verification) == expected


async def test_a_check_ends_as_the_person_ends_it(http: httpx.AsyncClient) -> None:
    passed, failed = await start(http), await start(http)
    assert passed["url"].startswith(f"{PUBLIC_URL}/identity/")
    assert (await http.post(passed["url"], json={"status": "PASSED"})).status_code == 200
    assert (await http.post(failed["url"], json={"status": "FAILED"})).status_code == 200
    await http.post("/clock", json={"advance_seconds": 60})
    assert (await outcome(http, passed))["passed_at"] == "2022-09-01T12:00:00Z"
    answer = await outcome(http, failed)
    assert (answer["status"], answer["passed_at"]) == ("FAILED", None)


async def test_a_check_ends_once(http: httpx.AsyncClient) -> None:
    verification = await start(http)
    assert (await http.post(verification["url"], json={"status": "FAILED"})).status_code == 200
    assert (await http.post(verification["url"], json={"status": "PASSED"})).status_code == 409
    assert (await outcome(http, verification))["status"] == "FAILED"


async def test_the_identity_fault_fails_the_next_check(http: httpx.AsyncClient) -> None:
    fault = {"identity": {"result": "FAILED", "times": 1}}
    await http.put("/faults", json=fault)
    failing, passing = await start(http), await start(http)
    assert (await outcome(http, failing))["status"] == "FAILED"
    assert (await outcome(http, passing))["status"] == "PASSED"

    started_before = await start(http)
    await http.put("/faults", json=fault)
    assert (await outcome(http, started_before))["status"] == "FAILED"


async def test_a_check_nobody_started_is_not_there(http: httpx.AsyncClient) -> None:
    assert (await http.get("/identity/verifications/none")).status_code == 404
    face = await http.post("/identity/verifications/none/face", json={"status": "PASSED"})
    assert face.status_code == 404


@pytest.mark.parametrize("missing", CHECK)
async def test_a_check_needs_to_know_of_whom_and_for_what(
    http: httpx.AsyncClient, missing: str
) -> None:
    body = {key: value for key, value in CHECK.items() if key != missing}
    response = await http.post("/identity/verifications", json=body)
    assert response.status_code == 400
    assert missing in response.json()["error"]


# Family, messages, clock


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
    assert messages == [{**SMS, "at": "2022-09-01T12:00:00Z"}]


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
    assert (await http.get("/clock")).json() == {"now": "2022-09-01T12:00:00Z"}
    moved = await http.post("/clock", json={"advance_seconds": 86400})
    assert moved.json() == {"now": "2022-09-02T12:00:00Z"}
    assert (await http.get("/clock")).json() == {"now": "2022-09-02T12:00:00Z"}


@pytest.mark.parametrize("seconds", [None, "60", True, -1, 1e300])
async def test_the_clock_moves_forward_by_a_number_only(
    http: httpx.AsyncClient, seconds: object
) -> None:
    assert (await http.post("/clock", json={"advance_seconds": seconds})).status_code == 400
    assert (await http.get("/clock")).json() == {"now": "2022-09-01T12:00:00Z"}

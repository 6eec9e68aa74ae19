"""Health records in the sandbox, as front-end teams put them."""

from datetime import datetime, timedelta

import httpx
import pytest

from tests.support.sandbox import CHECK, LI, NOON, fresh_sandbox, people, query


async def test_a_record_put_is_what_is_answered(http: httpx.AsyncClient) -> None:
    record = {
        **LI,
        "health_code": "RED",
        "health_code_at": "2022-08-31T10:00:00.000Z",
        "tests": [
            {
                "sampled_at": "2022-08-30T08:00:00.000Z",
                "tested_at": "2022-08-30T20:00:00.000Z",
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
    assert record["health_code_at"] == "2022-09-01T12:00:00.000Z"
    done, pending = record["tests"]
    assert (done["result"], done["tested_at"]) == ("NEGATIVE", "2022-09-01T12:00:00.000Z")
    assert (pending["result"], pending["tested_at"]) == ("PENDING", None)
    assert [dose["dose"] for dose in record["vaccinations"]] == [1, 2]

    await http.put("/records/PASSPORT/E12345678", json={})
    [record] = await query(http, LI)
    assert (record["tests"], record["vaccinations"]) == ([], [])


async def test_times_are_answered_in_utc(http: httpx.AsyncClient) -> None:
    body = {"health_code_at": "2022-09-01T20:00:00+08:00"}
    await http.put("/records/PASSPORT/E12345678", json=body)
    [record] = await query(http, LI)
    assert record["health_code_at"] == "2022-09-01T12:00:00.000Z"


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


WANG = {"id_type": "PASSPORT", "id_number": "E12999978"}  # masked like LI's
NOON_TEXT = "2022-09-01T12:00:00.000Z"
SHOWN = {"name": "李明", "id_number_masked": "E1*****78"}


async def test_a_record_is_set_for_somebody_as_the_api_shows_them(http: httpx.AsyncClient) -> None:
    await http.post("/identity/verifications", json=CHECK)
    unasked = await http.put("/records", json={**SHOWN, "health_code": "RED"})
    assert unasked.status_code == 404 and "asked about" in unasked.json()["error"]
    [before] = await query(http, LI)
    put = await http.put("/records", json={**SHOWN, "health_code": "RED"})
    assert put.status_code == 200
    assert put.json()["health_code"] == "RED" and LI["id_number"] not in put.text
    assert await query(http, LI) == [before | {"health_code": "RED", "health_code_at": NOON_TEXT}]


async def test_names_tell_people_apart_whose_masked_numbers_are_alike(
    http: httpx.AsyncClient,
) -> None:
    await query(http, LI, WANG)
    both = await http.put("/records", json={**SHOWN, "health_code": "RED"})
    assert both.status_code == 409 and "several" in both.json()["error"]
    wang = {**WANG, "name": "王芳", "relation": "CHILD"}
    await http.put("/relatives/PASSPORT/E1", json=[wang])  # it isn't her
    assert (await http.put("/records", json={**SHOWN, "health_code": "RED"})).status_code == 200
    codes = [one["health_code"] for one in await query(http, LI, WANG)]
    assert codes == ["RED", "GREEN"]
    somebody_else = {**SHOWN, "name": "赵六", "id_number_masked": "E1*****79"}
    assert (await http.put("/records", json=somebody_else)).status_code == 404


@pytest.mark.parametrize(
    ("body", "about"),
    [({}, "name"), ([], "object"), ({"name": "李明"}, "id_number_masked")],
)
async def test_who_is_meant_must_be_said(http: httpx.AsyncClient, body: object, about: str) -> None:
    answer = await http.put("/records", json=body)
    assert answer.status_code == 400 and about in answer.json()["error"]

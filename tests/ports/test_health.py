"""Health records over HTTP: the sandbox in process, and providers that misbehave."""

import json
import traceback
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app.domain.health import UNDATED, HealthCode, ProviderRecord
from app.domain.health import TestResult as Result
from app.domain.identity import Document, IdType
from app.ports.health import HttpHealthRecords
from app.ports.http import GatewayError
from app.ports.records import read_record
from tests.support.gateways import LI, RECORD, REPORT, WANG, Connect, Provider

TEST = {**RECORD["tests"][0], "tested_at": "2022-09-01T00:00:00Z", "result": "POSITIVE"}
DOSE = RECORD["vaccinations"][0]


async def known(health: HttpHealthRecords, *people: Document) -> dict[Document, ProviderRecord]:
    """What is known of people of whom the answer holds one record each."""
    records = (await health.query(people)).records
    assert all(len(of_one) == 1 for of_one in records.values())
    return {person: of_one[0] for person, of_one in records.items()}


async def test_a_record_arrives_as_the_provider_wrote_it(
    health: HttpHealthRecords, control: httpx.AsyncClient
) -> None:
    await control.put("/records/PASSPORT/E12345678", json=RECORD)
    assert await known(health, LI) == {LI: REPORT}


async def test_someone_unheard_of_stays_the_same(health: HttpHealthRecords) -> None:
    before = await known(health, LI, WANG)
    assert set(before) == {LI, WANG}
    assert await known(health, WANG, LI) == before


async def test_people_the_provider_leaves_out_are_answered_about_and_not_known(
    health: HttpHealthRecords, control: httpx.AsyncClient
) -> None:
    await control.put("/records/PASSPORT/E12345678", content=b"null")
    answer = await health.query([LI, WANG])
    assert (set(answer.records), answer.answered) == ({WANG}, {LI, WANG})


async def test_records_dropped_or_malformed_spoil_no_others(
    health: HttpHealthRecords, control: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    crowd = [Document(IdType.PASSPORT, f"E{number:08}") for number in range(10)]
    await control.put("/faults", json={"health": {"drop": 2, "malformed": 3, "times": 1}})
    assert set(await known(health, *crowd)) == set(crowd[5:])
    assert "malformed health records in one answer: 3" in caplog.text
    assert set(await known(health, *crowd)) == set(crowd)


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        "E12345678",
        [],
        {},
        {**RECORD, "id_type": "LIBRARY_CARD"},
        {**RECORD, "id_type": 1},
        {**RECORD, "id_number": None},
        {**RECORD, "id_number": True},
        {key: value for key, value in RECORD.items() if key != "id_number"},
    ],
)
async def test_a_record_of_nobody_counts_as_left_out(connect: Connect, garbage: object) -> None:
    good = {**RECORD, "id_type": WANG.id_type, "id_number": WANG.id_number}
    provider = Provider({"records": [garbage, good]})
    assert await known(HttpHealthRecords(connect(provider.app, "health")), LI, WANG) == {
        WANG: REPORT
    }


@pytest.mark.parametrize(
    "change",
    [
        {"id_number": " e1234 5678 "},
        {"id_number": "E12345678"},
        {"id_type": "passport"},
        {"health_code": "yellow "},
        {"health_code_at": "2022-09-01t00:00:00z"},
        {"health_code_at": "2022-08-31T23:59:60Z"},
        {"health_code_at": "2022-09-01 08:00:00.0000000001+08:00"},
        {"vaccinations": [{**DOSE, "date": "2021-06-01T00:00:00+08:00"}]},
        {"vaccinations": [{**DOSE, "date": "2021-06-01 00:00"}]},
        {"vaccinations": [{**DOSE, "dose": 1.0}]},
    ],
)
async def test_a_record_is_read_as_questions_are(  # R20
    connect: Connect, change: dict[str, object]
) -> None:
    provider = Provider({"records": [{**RECORD, **change}]})
    assert await known(HttpHealthRecords(connect(provider.app, "health")), LI) == {LI: REPORT}


NO_CODE = {"health_code": HealthCode.UNKNOWN, "health_code_at": None}


@pytest.mark.parametrize(
    ("change", "left"),
    [
        ({"health_code": "MAUVE"}, NO_CODE),
        ({"health_code": "WITHHELD"}, NO_CODE),  # R42: never a provider's
        ({"health_code": None}, NO_CODE),
        ({"health_code": ["RED"]}, NO_CODE),
        ({"health_code_at": "2022-09-01T08:00:00"}, {"health_code_at": None}),
        ({"health_code_at": 1661990400}, {"health_code_at": None}),
        ({"health_code_at": "1661990400"}, {"health_code_at": None}),
        ({"health_code_at": "0001-01-01T00:00:00+08:00"}, {"health_code_at": None}),
        ({"health_code_at": "9999-12-31T23:59:60Z"}, {"health_code_at": None}),
        ({"tests": None}, {"tests": ()}),
        ({"tests": {"0": TEST}}, {"tests": ()}),
        ({"tests": [None, *RECORD["tests"]]}, {}),
        ({"tests": [{**TEST, "result": "FINE"}, *RECORD["tests"]]}, {}),
        ({"tests": [{**TEST, "result": "NEGATIVE", "tested_at": None}, *RECORD["tests"]]}, {}),
        ({"tests": [{**TEST, "result": "NEGATIVE", "tested_at": 1}, *RECORD["tests"]]}, {}),
        ({"vaccinations": None}, {"vaccinations": ()}),
        ({"vaccinations": [{**DOSE, "dose": 0}, DOSE]}, {}),
        ({"vaccinations": [{**DOSE, "dose": True}, DOSE]}, {}),
        ({"vaccinations": [{**DOSE, "dose": 100}, DOSE]}, {}),
        ({"vaccinations": [{**DOSE, "dose": 1.5}, DOSE]}, {}),
        ({"vaccinations": [{**DOSE, "dose": float("inf")}, DOSE]}, {}),
        ({"vaccinations": [{**DOSE, "date": 1}, DOSE]}, {}),
        ({"vaccinations": [{**DOSE, "date": "2021-06-31"}, DOSE]}, {}),
    ],
)
def test_what_cannot_be_read_is_left_out_and_nothing_else(  # R20
    change: dict[str, object], left: dict[str, Any]
) -> None:
    assert read_record({**RECORD, **change}) == replace(REPORT, **left, partly_read=True)


def test_who_tested_and_what_was_given_decide_nothing() -> None:  # R20
    test, dose = {**TEST, "institution": None}, {**DOSE, "manufacturer": 7}
    read = read_record({**RECORD, "tests": [test], "vaccinations": [dose]})
    assert [(one.result, one.institution) for one in read.tests] == [(Result.POSITIVE, "")]
    assert [(one.dose, one.manufacturer) for one in read.vaccinations] == [(1, "")]
    assert read.partly_read


@pytest.mark.parametrize("at", [None, "yesterday", 0, "2022-13-01T00:00:00Z"])
def test_a_positive_test_is_positive_without_its_time(at: object) -> None:  # R20
    [test] = read_record({**RECORD, "tests": [{**TEST, "tested_at": at}]}).tests
    assert (test.result, test.tested_at) == (Result.POSITIVE, UNDATED)


_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
_mess = st.lists(
    _json
    | st.fixed_dictionaries({}, optional=dict.fromkeys([*TEST, *DOSE], _json))
    | st.builds(dict, st.just(TEST), institution=_json, sampled_at=_json),
    max_size=3,
)


@given(st.fixed_dictionaries({"tests": _json | _mess, "vaccinations": _json | _mess}), _json)
def test_whatever_stands_beside_it_a_code_that_can_be_read_counts(  # R20
    beside: dict[str, object], at: object
) -> None:
    read = read_record({**RECORD, "health_code": "RED", "health_code_at": at, **beside})
    assert read.health_code is HealthCode.RED


async def test_records_of_people_not_asked_about_are_ignored(connect: Connect) -> None:
    adapter = HttpHealthRecords(connect(Provider({"records": [RECORD]}).app, "health"))
    assert await known(adapter, WANG) == {}
    assert await known(adapter, LI) == {LI: REPORT}


async def test_all_records_of_one_person_arrive(connect: Connect) -> None:  # R20
    red = {**RECORD, "health_code": "RED", "id_number": "e12345678"}
    adapter = HttpHealthRecords(connect(Provider({"records": [red, RECORD]}).app, "health"))
    found = (await adapter.query([LI])).records
    assert [record.health_code for record in found[LI]] == [HealthCode.RED, HealthCode.YELLOW]


async def test_repeated_tests_and_doses_pass_through(connect: Connect) -> None:
    tests, doses = RECORD["tests"] * 2, RECORD["vaccinations"] * 2
    provider = Provider({"records": [{**RECORD, "tests": tests, "vaccinations": doses}]})
    report = (await known(HttpHealthRecords(connect(provider.app, "health")), LI))[LI]
    assert (report.tests, report.vaccinations) == (REPORT.tests * 2, REPORT.vaccinations * 2)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (rb'"\ud83d"', "\ufffd"),
        (rb'"\ud83d\ude00 \ude00"', "\U0001f600 \ufffd"),
        (b'"\xd6\xd0"', "\ufffd\ufffd"),
        (b'"a\tb"', "ab"),
        (b"NaN", ""),
        (b"1" * 5000, ""),
        (b"-Infinity", ""),
    ],
)
async def test_a_body_is_read_as_leniently_as_can_be(  # R20
    connect: Connect, written: bytes, read: str
) -> None:
    record = {**RECORD, "health_code": "RED", "tests": [{**TEST, "institution": "甲"}]}
    body = json.dumps({"records": [record]}, ensure_ascii=False).encode()
    provider = Provider(body.replace('"甲"'.encode(), written))
    adapter = HttpHealthRecords(connect(provider.app, "health"))
    record_read = (await known(adapter, LI))[LI]
    assert record_read.health_code is HealthCode.RED
    assert [test.institution for test in record_read.tests] == [read]
    assert len(provider.requests) == 1


async def test_a_body_may_begin_with_a_byte_order_mark(connect: Connect) -> None:
    provider = Provider(b"\xef\xbb\xbf" + json.dumps({"records": [RECORD]}).encode())
    assert await known(HttpHealthRecords(connect(provider.app, "health")), LI) == {LI: REPORT}


def choosy(*refused: Document, status: int = 400) -> tuple[Starlette, list[int]]:
    """A provider that refuses requests about these; and how many each request was about."""
    asked: list[int] = []

    async def answer(request: Request) -> Response:
        people = (await request.json())["people"]
        asked.append(len(people))
        if any(person["id_number"] in [one.id_number for one in refused] for person in people):
            return JSONResponse({"error": "no such passport"}, status)
        return JSONResponse({"records": [{**RECORD, **person} for person in people]})

    return Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])]), asked


CROWD = [Document(IdType.PASSPORT, f"E{number:08}") for number in range(100)]


@pytest.mark.parametrize("status", [400, 404, 409, 413, 422])
@pytest.mark.parametrize("culprits", [[0], [99], [37], [36, 37], [1, 50, 98], list(range(99))])
async def test_a_batch_that_is_refused_is_halved_until_the_culprits_are_alone(
    connect: Connect, culprits: Sequence[int], status: int
) -> None:  # R20
    refused = {CROWD[number] for number in culprits}
    app, asked = choosy(*refused, status=status)
    answer = await HttpHealthRecords(connect(app, "health")).query(CROWD)
    assert set(answer.records) == answer.answered == set(CROWD) - refused
    assert len(asked) < 200  # no more than a tree of so many leaves has nodes
    assert len(asked) < 16 or len(culprits) > 1


@pytest.mark.parametrize("status", [401, 403, 302])
async def test_a_request_refused_for_who_we_are_is_not_halved(
    connect: Connect, status: int
) -> None:
    provider = Provider({}, status)
    with pytest.raises(GatewayError):
        await HttpHealthRecords(connect(provider.app, "health")).query(CROWD)
    assert len(provider.requests) == 1


async def test_someone_alone_who_is_refused_is_an_error(connect: Connect) -> None:
    app, asked = choosy(LI)
    with pytest.raises(GatewayError) as caught:
        await HttpHealthRecords(connect(app, "health")).query([LI])
    assert (caught.value.permanent, asked) == (True, [1])


async def test_an_answer_that_is_too_long_is_asked_for_in_halves(connect: Connect) -> None:
    async def answer(request: Request) -> Response:
        people = (await request.json())["people"]
        records = [{**RECORD, **person, "more": "x" * (6 << 20)} for person in people]
        return JSONResponse({"records": records})

    app = Starlette(routes=[Route("/{path:path}", answer, methods=["POST"])])
    found = await known(HttpHealthRecords(connect(app, "health")), LI, WANG)
    assert set(found) == {LI, WANG}


@pytest.mark.parametrize("body", [None, [], {}, {"records": {}}, {"records": "E12345678"}, b""])
async def test_an_answer_malformed_as_a_whole_is_an_error(connect: Connect, body: Any) -> None:
    with pytest.raises(GatewayError) as caught:
        await HttpHealthRecords(connect(Provider(body).app, "health")).query([LI])
    assert not caught.value.permanent
    assert "E12345678" not in "".join(traceback.format_exception(caught.value))

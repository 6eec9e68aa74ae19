"""Health records over HTTP: the sandbox in process, and providers that misbehave."""

import traceback
from typing import Any

import httpx
import pytest

from app.domain.identity import Document, IdType
from app.ports.health import HttpHealthRecords
from app.ports.http import GatewayError
from tests.support.gateways import LI, RECORD, REPORT, WANG, Connect, Provider


async def test_a_record_arrives_as_the_provider_wrote_it(
    health: HttpHealthRecords, control: httpx.AsyncClient
) -> None:
    await control.put("/records/PASSPORT/E12345678", json=RECORD)
    assert await health.query([LI]) == {LI: REPORT}


async def test_someone_unheard_of_stays_the_same(health: HttpHealthRecords) -> None:
    before = await health.query([LI, WANG])
    assert set(before) == {LI, WANG}
    assert await health.query([WANG, LI]) == before


async def test_people_the_provider_leaves_out_are_left_out(
    health: HttpHealthRecords, control: httpx.AsyncClient
) -> None:
    await control.put("/records/PASSPORT/E12345678", content=b"null")
    assert set(await health.query([LI, WANG])) == {WANG}


async def test_records_dropped_or_malformed_spoil_no_others(
    health: HttpHealthRecords, control: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    crowd = [Document(IdType.PASSPORT, f"E{number:08}") for number in range(10)]
    await control.put("/faults", json={"health": {"drop": 2, "malformed": 3, "times": 1}})
    assert set(await health.query(crowd)) == set(crowd[5:])
    assert "malformed health records in one answer: 3" in caplog.text
    assert set(await health.query(crowd)) == set(crowd)


@pytest.mark.parametrize(
    "garbage",
    [
        None,
        "E12345678",
        {},
        {**RECORD, "id_type": "LIBRARY_CARD"},
        {**RECORD, "health_code": "MAUVE"},
        {**RECORD, "health_code_at": "2022-09-01T08:00:00"},
        {**RECORD, "health_code_at": 1661990400},
        {**RECORD, "health_code_at": "1661990400"},
        {**RECORD, "health_code_at": "0001-01-01T00:00:00+08:00"},
        {**RECORD, "tests": None},
        {**RECORD, "tests": [{**RECORD["tests"][0], "sampled_at": "2022-09-01T08:00:00"}]},
        {**RECORD, "tests": [{**RECORD["tests"][0], "result": "FINE"}]},
        {**RECORD, "vaccinations": [{**RECORD["vaccinations"][0], "dose": True}]},
        {**RECORD, "vaccinations": [{**RECORD["vaccinations"][0], "date": 1}]},
        {key: value for key, value in RECORD.items() if key != "tests"},
    ],
)
async def test_a_record_that_cannot_be_read_counts_as_left_out(
    connect: Connect, garbage: object
) -> None:
    good = {**RECORD, "id_type": WANG.id_type, "id_number": WANG.id_number}
    provider = Provider({"records": [garbage, good]})
    assert await HttpHealthRecords(connect(provider.app, "health")).query([LI, WANG]) == {
        WANG: REPORT
    }


async def test_records_of_people_not_asked_about_are_ignored(connect: Connect) -> None:
    provider = Provider({"records": [RECORD, {**RECORD, "id_number": "E12345678 "}]})
    adapter = HttpHealthRecords(connect(provider.app, "health"))
    assert await adapter.query([WANG]) == {}
    assert await adapter.query([LI]) == {LI: REPORT}


async def test_repeated_tests_and_doses_pass_through(connect: Connect) -> None:
    tests, doses = RECORD["tests"] * 2, RECORD["vaccinations"] * 2
    provider = Provider({"records": [{**RECORD, "tests": tests, "vaccinations": doses}]})
    report = (await HttpHealthRecords(connect(provider.app, "health")).query([LI]))[LI]
    assert (report.tests, report.vaccinations) == (REPORT.tests * 2, REPORT.vaccinations * 2)


@pytest.mark.parametrize("body", [None, [], {}, {"records": {}}, {"records": "E12345678"}, b""])
async def test_an_answer_malformed_as_a_whole_is_an_error(connect: Connect, body: Any) -> None:
    with pytest.raises(GatewayError) as caught:
        await HttpHealthRecords(connect(Provider(body).app, "health")).query([LI])
    assert not caught.value.permanent
    assert "E12345678" not in "".join(traceback.format_exception(caught.value))

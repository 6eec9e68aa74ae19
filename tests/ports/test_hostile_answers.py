"""Outside systems that answer as an attacker in their place would: refused, never held whole."""

import asyncio
import gzip
import json
import time
import tracemalloc
from collections.abc import Callable
from functools import cache
from typing import Any, Final

import pytest

from app.domain.health import HealthCode
from app.domain.identity import Document, IdType
from app.domain.verifications import VerificationPurpose
from app.ports.family import HttpFamilyRegistry
from app.ports.health import HttpHealthRecords
from app.ports.http import Gateway, GatewayError
from app.ports.identity import HttpIdentityVerification
from tests.support.gateways import LI, RECORD, WANG, Connect, Provider
from tests.support.logs import logged

MB: Final = 1 << 20
MOST_HELD: Final = 40 * MB  # the bound of 8 MB in a few copies, and what reading it takes
LONG: Final = "长" * MB
STARTED: Final = {"id": "1", "url": "https://face.example/1", "expires_at": "2022-09-01T08:00:00Z"}
OUTCOME: Final = {
    "status": "PASSED",
    "id_type": "PASSPORT",
    "id_number": "E12345678",
    "name": "李明",
    "purpose": "JOIN",
    "passed_at": "2022-09-01T08:00:00Z",
}
RELATIVE: Final = {
    "name": "李小明",
    "id_type": "PASSPORT",
    "id_number": "E12345679",
    "relation": "CHILD",
    "verified": True,
    "student": False,
}
PACKED: Final = {"Content-Encoding": "gzip"}
# Made where they are sent: every process that collects the tests would hold them.
ENDLESS: Final[dict[str, tuple[Callable[[], bytes], dict[str, str]]]] = {
    "50 MB": (lambda: b'"' + b"0" * (50 * MB) + b'"', {}),
    "a bomb of 290 kB": (cache(lambda: gzip.compress(b" " * (300 * MB))), PACKED),
    "millions of lists": (lambda: b"[" + b"[]," * (2 * MB) + b"[]]", {}),
    "millions of numbers": (lambda: b"[" + b"1," * (3 * MB) + b"1]", {}),
    "millions that only a lenient reader reads": (lambda: b"[NaN" + b",{}" * (2 * MB) + b"]", {}),
    "another packing than was asked for": (lambda: b"\x1b\x00", {"Content-Encoding": "br"}),
    "a packing that is none": (lambda: b"[]", PACKED),
    "brackets without end": (lambda: b"[" * 400_000, {}),
}


async def _ask(gateway: Gateway) -> None:
    match gateway.system:
        case "health":
            await HttpHealthRecords(gateway).query([LI])
        case "identity":
            await HttpIdentityVerification(gateway).outcome("1")
        case _:
            await HttpFamilyRegistry(gateway).relatives(LI)


@pytest.mark.parametrize("kind", ENDLESS)
@pytest.mark.parametrize("system", ["health", "identity", "family"])
async def test_an_answer_without_end_is_an_error_and_never_held(
    connect: Connect, kind: str, system: str
) -> None:
    made, headers = ENDLESS[kind]
    gateway = connect(Provider(made(), 200, **headers).app, system, timeout=30.0)
    tracemalloc.start()
    try:
        with pytest.raises(GatewayError):
            await _ask(gateway)
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert held < MOST_HELD


async def test_reading_a_long_answer_doesnt_hold_up_the_loop(connect: Connect) -> None:
    """Halves of characters make the lenient reader go through all of it, letter by letter."""
    body = b"[" + b",".join([rb'"\ud800"'] * 200_000) + b"]"
    gateway = connect(Provider(body).app, "family", timeout=30.0)
    longest = 0.0

    async def watch() -> None:
        nonlocal longest
        while True:
            before = time.perf_counter()
            await asyncio.sleep(0.001)
            longest = max(longest, time.perf_counter() - before)

    watching = asyncio.create_task(watch())
    started = time.process_time()
    await gateway.request("GET", "/")
    spent = time.process_time() - started
    watching.cancel()
    assert longest < max(0.5 * spent, 0.25)


@pytest.mark.parametrize(
    "answer",
    [
        {**STARTED, "id": LONG},
        {**STARTED, "id": ""},
        {**STARTED, "url": f"https://face.example/{LONG}"},
        {**STARTED, "expires_at": LONG},
    ],
)
async def test_a_verification_of_a_megabyte_is_an_error(connect: Connect, answer: object) -> None:
    adapter = HttpIdentityVerification(connect(Provider(answer).app, "identity"))
    with pytest.raises(GatewayError, match="malformed"):
        await adapter.start(LI, "李明", VerificationPurpose.JOIN)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript://face.example/%0aalert(1)",
        "data:text/html,<script>alert(1)</script>",
        "http://face.example/1",
        "HTTPS://face.example/1",
        "https:///1",
        "https://face.example@evil.example/1",
        "https://face.example\\@evil.example/1",
        "https://face.example/\njavascript:alert(1)",
        " https://face.example/1",
        "//face.example/1",
        "face.example/1",
        "https://face.example/一",
        "ftp://face.example/1",
        "",
    ],
)
async def test_a_link_that_misleads_is_an_error(connect: Connect, url: str) -> None:
    adapter = HttpIdentityVerification(connect(Provider({**STARTED, "url": url}).app, "identity"))
    with pytest.raises(GatewayError, match="malformed"):
        await adapter.start(LI, "李明", VerificationPurpose.JOIN)


@pytest.mark.parametrize(
    "url", ["https://face.example/1?a=b#c", "http://127.0.0.1:8000/1", "http://localhost/1"]
)
async def test_a_link_for_people_is_https_or_of_this_machine(connect: Connect, url: str) -> None:
    adapter = HttpIdentityVerification(connect(Provider({**STARTED, "url": url}).app, "identity"))
    assert (await adapter.start(LI, "李明", VerificationPurpose.JOIN)).url == url


@pytest.mark.parametrize("field", OUTCOME)
async def test_an_outcome_of_a_megabyte_is_an_error_or_no_pass(
    connect: Connect, field: str
) -> None:
    adapter = HttpIdentityVerification(connect(Provider({**OUTCOME, field: LONG}).app, "identity"))
    if field == "passed_at":
        assert (await adapter.outcome("1")).passed_at is None
    else:
        with pytest.raises(GatewayError, match="malformed"):
            await adapter.outcome("1")


async def test_an_id_that_no_address_holds_is_an_error(connect: Connect) -> None:
    adapter = HttpIdentityVerification(connect(Provider(OUTCOME).app, "identity"))
    with pytest.raises(GatewayError, match="InvalidURL"):
        await adapter.outcome("1" * MB)


@pytest.mark.parametrize("field", RELATIVE)
async def test_a_relative_of_a_megabyte_spoils_no_other(connect: Connect, field: str) -> None:
    entries = [{**RELATIVE, field: LONG}, RELATIVE]
    adapter = HttpFamilyRegistry(connect(Provider({"relatives": entries}).app, "family"))
    assert [one.name for one in await adapter.relatives(LI)] == ["李小明"]


async def test_relatives_by_the_thousand_are_an_error(connect: Connect) -> None:
    adapter = HttpFamilyRegistry(connect(Provider({"relatives": [RELATIVE] * 1001}).app, "family"))
    with pytest.raises(GatewayError, match="malformed"):
        await adapter.relatives(LI)


HOSTILE_RECORDS: Final[dict[str, dict[str, Any]]] = {
    "a number of a megabyte": {"id_number": LONG},
    "a code of a megabyte": {"health_code": LONG},
    "an institution of a megabyte": {"tests": [{**RECORD["tests"][0], "institution": LONG}]},
    "a time of a megabyte": {"health_code_at": LONG},
    "more tests than anybody has": {"tests": RECORD["tests"] * 1001},
    "more doses than anybody has": {"vaccinations": RECORD["vaccinations"] * 1001},
}


@pytest.mark.parametrize("kind", HOSTILE_RECORDS)
async def test_a_record_out_of_bounds_spoils_no_other(connect: Connect, kind: str) -> None:
    others = {"id_type": "RESIDENT_ID", "id_number": WANG.id_number, "health_code": "GREEN"}
    records = [{**RECORD, **HOSTILE_RECORDS[kind]}, others]
    adapter = HttpHealthRecords(connect(Provider({"records": records}).app, "health"))
    with logged() as log:
        found = (await adapter.query([LI, WANG])).records
    assert [one.health_code for one in found[WANG]] == [HealthCode.GREEN]
    assert "health records in one answer" in log.getvalue()
    assert LONG[:9] not in log.getvalue()
    for record in found.get(LI, ()):
        assert record.partly_read


async def test_records_by_the_thousand_are_an_error(connect: Connect) -> None:
    adapter = HttpHealthRecords(connect(Provider({"records": [RECORD] * 1001}).app, "health"))
    with pytest.raises(GatewayError, match="malformed"):
        await adapter.query([Document(IdType.PASSPORT, "E12345678")])


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
async def test_a_call_given_up_is_one_line_of_the_log(connect: Connect, status: int) -> None:
    gateway = connect(Provider({"about": WANG.id_number}, status).app, "sms", attempts=2)
    with logged() as log, pytest.raises(GatewayError):
        await gateway.tell("POST", "/messages", {"phone": "+8613800001234"})
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    [line] = [line for line in lines if line["event"] == "call given up"]
    attempts = 2 if status in (429, 500, 503) else 1
    assert (line["level"], line["system"], line["status"]) == ("error", "sms", status)
    assert line["attempts"] == attempts
    assert WANG.id_number not in log.getvalue()
    assert "13800001234" not in log.getvalue()

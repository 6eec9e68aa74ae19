"""The HTTP adapters against the sandbox in process, and against systems that misbehave."""

import asyncio
import logging
import traceback
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from typing import Any

import httpx
import pytest
import stamina.instrumentation
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp

from app.domain.health import HealthCode, NucleicAcidTest, ProviderRecord, Vaccination
from app.domain.health import TestResult as Result  # pytest would collect a class named Test…
from app.domain.identity import Document, IdType
from app.domain.verifications import VerificationOutcome, VerificationPurpose, VerificationStatus
from app.ports.clock import MovableClock
from app.ports.health import HttpHealthRecords
from app.ports.http import Gateway, GatewayError, gateway_client
from app.ports.identity import HttpIdentityVerification
from app.ports.sms import HttpSmsGateway
from app.sandbox.app import create_sandbox

BASE_URL = "http://sandbox.example/sandbox"
LI = Document(IdType.PASSPORT, "E12345678")
WANG = Document(IdType.RESIDENT_ID, "440101199001011234")
MIDNIGHT = datetime(2022, 9, 1, tzinfo=UTC)

RECORD: dict[str, Any] = {
    "id_type": "PASSPORT",
    "id_number": "E12345678",
    "health_code": "YELLOW",
    "health_code_at": "2022-09-01T08:00:00+08:00",
    "tests": [
        {
            "sampled_at": "2022-09-01T00:00:00Z",
            "tested_at": None,
            "result": "PENDING",
            "institution": "甲",
        }
    ],
    "vaccinations": [{"dose": 1, "date": "2021-06-01", "manufacturer": "乙"}],
}
REPORT = ProviderRecord(
    health_code=HealthCode.YELLOW,
    health_code_at=MIDNIGHT,
    tests=(NucleicAcidTest(MIDNIGHT, None, Result.PENDING, "甲"),),
    vaccinations=(Vaccination(1, date(2021, 6, 1), "乙"),),
)

Connect = Callable[..., Gateway]


@pytest.fixture
async def connect() -> AsyncIterator[Connect]:
    """Makes gateways to an app, with waits too short to notice."""
    async with AsyncExitStack() as clients:

        def make(app: ASGIApp, system: str, attempts: int = 3, **settings: float) -> Gateway:
            client = gateway_client(f"{BASE_URL}/{system}", "", app)
            clients.push_async_callback(client.aclose)
            quick = {"timeout": 5.0, "wait_initial": 0.001, "wait_max": 0.002, **settings}
            return Gateway(system, client, attempts=attempts, **quick)

        yield make


@pytest.fixture
def sandbox() -> Starlette:
    return Starlette(routes=[Mount("/sandbox", create_sandbox(MovableClock(), BASE_URL))])


@pytest.fixture
async def control(sandbox: Starlette) -> AsyncIterator[httpx.AsyncClient]:
    async with gateway_client(BASE_URL, "", sandbox) as client:
        yield client


@pytest.fixture
def health(connect: Connect, sandbox: Starlette) -> HttpHealthRecords:
    return HttpHealthRecords(connect(sandbox, "health"))


@pytest.fixture
def identity(connect: Connect, sandbox: Starlette) -> HttpIdentityVerification:
    return HttpIdentityVerification(connect(sandbox, "identity"))


@pytest.fixture
def sms(connect: Connect, sandbox: Starlette) -> HttpSmsGateway:
    return HttpSmsGateway(connect(sandbox, "sms"))


class Provider:
    """A system that gives the same answer to everything, and counts how often it is asked."""

    def __init__(self, body: bytes | str | Any, status: int = 200, **headers: str) -> None:
        self.requests: list[Request] = []
        content = body if isinstance(body, bytes) else httpx.Response(200, json=body).content

        async def answer(request: Request) -> Response:
            self.requests.append(request)
            return PlainTextResponse(content, status, headers)

        routes = [Route("/{path:path}", answer, methods=["GET", "POST"])]
        self.app = Starlette(routes=routes)


@pytest.fixture
def retries() -> Iterator[list[stamina.instrumentation.RetryDetails]]:
    """What is reported of each retry while a test runs."""
    seen: list[stamina.instrumentation.RetryDetails] = []

    def note(details: stamina.instrumentation.RetryDetails) -> None:
        seen.append(details)

    stamina.instrumentation.set_on_retry_hooks([note])
    yield seen
    stamina.instrumentation.set_on_retry_hooks(None)


# Health records


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


# Identity verification


async def test_a_check_passes_by_default(identity: HttpIdentityVerification) -> None:
    before = datetime.now(UTC)
    verification = await identity.start(LI, "李明", VerificationPurpose.JOIN)
    assert verification.url == f"{BASE_URL}/identity/verifications/{verification.id}/face"
    assert verification.expires_at > before
    outcome = await identity.outcome(verification.id)
    assert outcome.passed_at is not None
    assert before <= outcome.passed_at <= datetime.now(UTC)
    assert outcome == VerificationOutcome(
        VerificationStatus.PASSED, LI, "李明", VerificationPurpose.JOIN, outcome.passed_at
    )


async def test_a_check_fails_when_the_person_fails_it(
    identity: HttpIdentityVerification, control: httpx.AsyncClient
) -> None:
    verification = await identity.start(LI, "李明", VerificationPurpose.LEAVE)
    await control.post(verification.url, json={"status": "FAILED"})
    outcome = await identity.outcome(verification.id)
    assert (outcome.status, outcome.passed_at) == (VerificationStatus.FAILED, None)


async def test_a_check_fails_by_a_fault(
    identity: HttpIdentityVerification, control: httpx.AsyncClient
) -> None:
    await control.put("/faults", json={"identity": {"result": "FAILED", "times": 1}})
    failing = await identity.start(LI, "李明", VerificationPurpose.LEAVE)
    passing = await identity.start(LI, "李明", VerificationPurpose.LEAVE)
    assert (await identity.outcome(failing.id)).status is VerificationStatus.FAILED
    assert (await identity.outcome(passing.id)).status is VerificationStatus.PASSED


@pytest.mark.parametrize("check_id", ["none", "a/b?c", "../verifications"])
async def test_a_check_nobody_started_is_a_permanent_error(
    identity: HttpIdentityVerification, check_id: str
) -> None:
    with pytest.raises(GatewayError) as caught:
        await identity.outcome(check_id)
    assert (caught.value.permanent, caught.value.status) == (True, 404)


@pytest.mark.parametrize("body", [{}, {"id": "1", "url": "u", "expires_at": "2022-09-01T08:00:00"}])
async def test_an_unreadable_check_is_an_error(connect: Connect, body: object) -> None:
    adapter = HttpIdentityVerification(connect(Provider(body).app, "identity"))
    with pytest.raises(GatewayError, match="malformed"):
        await adapter.start(LI, "李明", VerificationPurpose.JOIN)
    with pytest.raises(GatewayError, match="malformed"):
        await adapter.outcome("1")


# SMS


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


async def test_a_gateway_that_answers_nothing_took_the_message(connect: Connect) -> None:
    provider = Provider(b"", 202)
    await HttpSmsGateway(connect(provider.app, "sms")).send("m1", "+8613800001111", "t", {}, "x")
    assert len(provider.requests) == 1


# Faults, retries, time limits


async def test_a_system_down_for_two_requests_is_asked_a_third_time(
    health: HttpHealthRecords, control: httpx.AsyncClient
) -> None:
    await control.put("/faults", json={"health": {"status": 503, "times": 2}})
    assert set(await health.query([LI])) == {LI}


async def test_a_system_that_stays_down_is_an_error_after_the_attempts(connect: Connect) -> None:
    provider = Provider({}, 503)
    with pytest.raises(GatewayError) as caught:
        await connect(provider.app, "health", attempts=4).request("GET", "/")
    assert len(provider.requests) == 4
    error = caught.value
    assert (error.system, error.permanent, error.status) == ("health", False, 503)
    assert str(error) == "health: status 503"


@pytest.mark.parametrize("status", [302, 400, 401, 404, 422])
async def test_other_refusals_are_permanent_at_once(connect: Connect, status: int) -> None:
    provider = Provider({}, status)
    with pytest.raises(GatewayError) as caught:
        await connect(provider.app, "sms").request("POST", "/messages", {})
    assert len(provider.requests) == 1
    assert (caught.value.permanent, caught.value.status) == (True, status)


async def test_too_many_people_are_a_permanent_error(health: HttpHealthRecords) -> None:
    with pytest.raises(GatewayError) as caught:
        await health.query([Document(IdType.PASSPORT, str(number)) for number in range(101)])
    assert (caught.value.permanent, caught.value.status) == (True, 400)


async def test_retry_after_replaces_our_own_wait(
    connect: Connect, sandbox: Starlette, control: httpx.AsyncClient
) -> None:
    await control.put("/faults", json={"health": {"status": 429, "retry_after": 0, "times": 2}})
    slow = connect(sandbox, "health", wait_initial=60, wait_max=60)
    async with asyncio.timeout(5):
        assert set(await HttpHealthRecords(slow).query([LI])) == {LI}


@pytest.mark.parametrize(
    ("header", "waited"), [("7", 7.0), ("3600", 60.0), ("soon", 0.002), ("-5", 0.002)]
)
async def test_retry_after_is_kept_up_to_a_minute(
    connect: Connect,
    retries: list[stamina.instrumentation.RetryDetails],
    header: str,
    waited: float,
) -> None:
    provider = Provider({}, 429, **{"Retry-After": header})
    request = asyncio.create_task(connect(provider.app, "sms").request("GET", "/"))
    async with asyncio.timeout(5):
        while not retries:
            await asyncio.sleep(0)
    request.cancel()
    await asyncio.wait([request])
    assert retries[0].wait_for == pytest.approx(waited, abs=0.001)


async def test_a_wait_longer_than_our_patience_is_not_made(connect: Connect) -> None:
    provider = Provider({}, 503, **{"Retry-After": "30"})
    with pytest.raises(GatewayError) as caught:
        await connect(provider.app, "identity", patience=10.0).request("GET", "/")
    assert len(provider.requests) == 1
    assert (caught.value.permanent, caught.value.retry_after) == (False, 30.0)


async def test_a_hanging_system_is_an_error_within_our_own_time_limit(
    connect: Connect, sandbox: Starlette, control: httpx.AsyncClient
) -> None:
    await control.put("/faults", json={"health": {"delay_ms": 600_000}})
    gateway = connect(sandbox, "health", attempts=2, timeout=0.01)
    async with asyncio.timeout(5):
        with pytest.raises(GatewayError) as caught:
            await HttpHealthRecords(gateway).query([LI])
    assert (caught.value.permanent, caught.value.status) == (False, None)


async def test_a_system_that_hangs_once_is_asked_again(
    connect: Connect, sandbox: Starlette, control: httpx.AsyncClient
) -> None:
    await control.put("/faults", json={"health": {"delay_ms": 600_000, "times": 1}})
    gateway = connect(sandbox, "health", timeout=0.2)
    assert set(await HttpHealthRecords(gateway).query([LI])) == {LI}


async def test_our_own_cancellation_is_no_error_of_the_system(
    connect: Connect, sandbox: Starlette, control: httpx.AsyncClient
) -> None:
    await control.put("/faults", json={"health": {"delay_ms": 600_000}})
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await connect(sandbox, "health").request("POST", "/records:query", {"people": []})


async def test_a_body_that_is_not_json_is_asked_for_again_then_an_error(connect: Connect) -> None:
    provider = Provider(b"<html>")
    with pytest.raises(GatewayError) as caught:
        await connect(provider.app, "health").request("GET", "/")
    assert len(provider.requests) == 3
    assert not caught.value.permanent


async def test_an_app_that_crashes_is_a_system_that_is_down(connect: Connect) -> None:
    async def crash(request: Request) -> Response:
        raise RuntimeError

    app = Starlette(routes=[Route("/{path:path}", crash)])
    with pytest.raises(GatewayError) as caught:
        await connect(app, "health").request("GET", "/")
    assert (caught.value.permanent, caught.value.status) == (False, 500)


async def test_nobody_listening_is_an_error_that_may_pass() -> None:
    async with gateway_client("http://127.0.0.1:1") as client:
        with pytest.raises(GatewayError) as caught:
            await Gateway("sms", client, timeout=5, attempts=1).request("GET", "/messages")
    assert (caught.value.permanent, caught.value.status) == (False, None)


@pytest.mark.parametrize(("token", "header"), [("s3cret", "Bearer s3cret"), ("", None)])
async def test_the_token_goes_along(token: str, header: str | None) -> None:
    provider = Provider({"ok": True})
    async with gateway_client(BASE_URL, token, provider.app) as client:
        answer = await Gateway("sms", client, timeout=5, attempts=1).request("POST", "/m", {"a": 1})
    assert answer == {"ok": True}
    [request] = provider.requests
    assert request.headers.get("Authorization") == header
    assert request.headers["Content-Type"] == "application/json"
    assert request.url.path == "/sandbox/m"


async def test_nothing_logged_or_raised_names_a_person(
    connect: Connect,
    retries: list[stamina.instrumentation.RetryDetails],
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    adapter = HttpHealthRecords(connect(Provider({"about": WANG.id_number}, 503).app, "health"))
    with pytest.raises(GatewayError) as caught:
        await adapter.query([WANG])
    said = [
        repr([(one.name, one.args, one.kwargs, one.caused_by) for one in retries]),
        *(repr(vars(record)) for record in caplog.records),
        *traceback.format_exception(caught.value),
    ]
    assert "status 503" in said[0]
    assert not any(WANG.id_number in line for line in said)


async def test_time_moves_in_the_sandbox_as_it_is_told(
    identity: HttpIdentityVerification, control: httpx.AsyncClient
) -> None:
    await control.post("/clock", json={"advance_seconds": 86400})
    verification = await identity.start(LI, "李明", VerificationPurpose.JOIN)
    assert verification.expires_at > datetime.now(UTC) + timedelta(days=1)

"""What all gateways share: faults, retries, time limits, and nothing logged of anyone."""

import asyncio
import gzip
import logging
import traceback
from contextlib import aclosing
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import stamina.instrumentation
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app.domain.identity import Document, IdType
from app.domain.verifications import VerificationPurpose
from app.ports.clients import app_client, gateway_client
from app.ports.health import HttpHealthRecords
from app.ports.http import Gateway, GatewayError
from app.ports.identity import HttpIdentityVerification
from tests.support.gateways import BASE_URL, LI, WANG, Connect, Provider


async def test_a_system_down_for_two_requests_is_asked_a_third_time(
    health: HttpHealthRecords, control: httpx.AsyncClient
) -> None:
    await control.put("/faults", json={"health": {"status": 503, "times": 2}})
    assert set((await health.query([LI])).records) == {LI}


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


async def test_too_many_people_are_a_permanent_error_and_asked_about_in_halves(
    connect: Connect, sandbox: Starlette
) -> None:
    gateway = connect(sandbox, "health")
    people = [Document(IdType.PASSPORT, str(number)) for number in range(101)]
    with pytest.raises(GatewayError) as caught:
        await gateway.request("POST", "/records:query", {"people": [asdict(one) for one in people]})
    assert (caught.value.permanent, caught.value.status) == (True, 400)
    assert (await HttpHealthRecords(gateway).query(people)).answered == set(people)


async def test_a_body_that_unpacks_to_more_than_8_mb_is_not_read(connect: Connect) -> None:
    packed = gzip.compress(b'"' + b"0" * (8 << 20) + b'"')
    provider = Provider(packed, 200, **{"Content-Encoding": "gzip"})
    with pytest.raises(GatewayError, match="too long") as caught:
        await connect(provider.app, "family").request("GET", "/")
    assert (caught.value.permanent, len(provider.requests)) == (True, 1)


async def test_a_packed_answer_is_read(connect: Connect) -> None:
    provider = Provider(gzip.compress(b'{"a": 1}'), 200, **{"Content-Encoding": "gzip"})
    assert await connect(provider.app, "family").request("GET", "/") == {"a": 1}
    assert provider.requests[0].headers["Accept-Encoding"] == "gzip"


async def test_retry_after_replaces_our_own_wait(
    connect: Connect, sandbox: Starlette, control: httpx.AsyncClient
) -> None:
    await control.put("/faults", json={"health": {"status": 429, "retry_after": 0, "times": 2}})
    slow = connect(sandbox, "health", wait_initial=60, wait_max=60)
    async with asyncio.timeout(5):
        assert set((await HttpHealthRecords(slow).query([LI])).records) == {LI}


IN_SEVEN = "Thu, 01 Sep 2022 00:00:07 GMT"


@pytest.mark.parametrize(
    ("header", "waited"),
    [("7", 7.0), ("60", 60.0), (IN_SEVEN, 7.0), ("soon", 0.002), ("-5", 0.002), ("٧", 0.002)],
)
async def test_retry_after_is_kept_as_it_says(
    connect: Connect,
    retries: list[stamina.instrumentation.RetryDetails],
    header: str,
    waited: float,
) -> None:
    now = "Thu, 01 Sep 2022 00:00:00 GMT"
    provider = Provider({}, 429, **{"Retry-After": header, "Date": now})
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
    assert set((await HttpHealthRecords(gateway).query([LI])).records) == {LI}


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
    async with aclosing(gateway_client("http://127.0.0.1:1")) as client:
        with pytest.raises(GatewayError) as caught:
            await Gateway("sms", client, timeout=5, attempts=1).request("GET", "/messages")
    assert (caught.value.permanent, caught.value.status) == (False, None)


@pytest.mark.parametrize(("token", "header"), [("s3cret", "Bearer s3cret"), ("", None)])
async def test_the_token_goes_along(token: str, header: str | None) -> None:
    provider = Provider({"ok": True})
    async with app_client(BASE_URL, provider.app, token) as client:
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

"""Verifications over HTTP: the sandbox in process, and providers that misbehave."""

from datetime import UTC, datetime

import httpx
import pytest

from app.domain.verifications import VerificationOutcome, VerificationPurpose, VerificationStatus
from app.ports.http import GatewayError
from app.ports.identity import HttpIdentityVerification
from tests.support.gateways import BASE_URL, LI, Connect, Provider


async def test_a_verification_passes_by_default(identity: HttpIdentityVerification) -> None:
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


async def test_a_verification_fails_when_the_person_fails_it(
    identity: HttpIdentityVerification, control: httpx.AsyncClient
) -> None:
    verification = await identity.start(LI, "李明", VerificationPurpose.LEAVE)
    await control.post(verification.url, json={"status": "FAILED"})
    outcome = await identity.outcome(verification.id)
    assert (outcome.status, outcome.passed_at) == (VerificationStatus.FAILED, None)


async def test_a_verification_fails_by_a_fault(
    identity: HttpIdentityVerification, control: httpx.AsyncClient
) -> None:
    await control.put("/faults", json={"identity": {"result": "FAILED", "times": 1}})
    failing = await identity.start(LI, "李明", VerificationPurpose.LEAVE)
    passing = await identity.start(LI, "李明", VerificationPurpose.LEAVE)
    assert (await identity.outcome(failing.id)).status is VerificationStatus.FAILED
    assert (await identity.outcome(passing.id)).status is VerificationStatus.PASSED


@pytest.mark.parametrize("check_id", ["none", "a/b?c", "../verifications"])
async def test_a_verification_nobody_started_is_a_permanent_error(
    identity: HttpIdentityVerification, check_id: str
) -> None:
    with pytest.raises(GatewayError) as caught:
        await identity.outcome(check_id)
    assert (caught.value.permanent, caught.value.status) == (True, 404)


SCRIPT = {"id": "1", "url": "javascript:alert(1)", "expires_at": "2022-09-01T08:00:00Z"}
NO_ZONE = {"id": "1", "url": "https://face", "expires_at": "2022-09-01T08:00:00"}


@pytest.mark.parametrize("body", [{}, NO_ZONE, SCRIPT])
async def test_an_unreadable_verification_is_an_error(connect: Connect, body: object) -> None:
    adapter = HttpIdentityVerification(connect(Provider(body).app, "identity"))
    with pytest.raises(GatewayError, match="malformed"):
        await adapter.start(LI, "李明", VerificationPurpose.JOIN)
    with pytest.raises(GatewayError, match="malformed"):
        await adapter.outcome("1")

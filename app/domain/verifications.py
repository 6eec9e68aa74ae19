"""Verifications: face checks of real persons, and which of them may be used (R6, R11)."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.belief import believed_at
from app.domain.health import UNDATED
from app.domain.identity import Document
from app.domain.limits import VERIFICATION_LIFE
from app.domain.refusals import RefusalCode
from app.domain.text import folded


class VerificationPurpose(StrEnum):
    """What a face check is for; one passed for a purpose is used for no other."""

    IDENTIFY = "IDENTIFY"
    JOIN = "JOIN"
    ADD_RELATIVE = "ADD_RELATIVE"
    LEAVE = "LEAVE"
    DISSOLVE = "DISSOLVE"
    TRANSFER = "TRANSFER"
    CLOSE_ACCOUNT = "CLOSE_ACCOUNT"


class VerificationStatus(StrEnum):
    """What has become of a face check at the provider."""

    PENDING = "PENDING"
    PASSED = "PASSED"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class StartedVerification:
    """A face check opened at the provider: where the person takes it, and until when."""

    id: str
    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class VerificationOutcome:
    """What the provider says of a face check, about whom and for what."""

    status: VerificationStatus
    document: Document
    name: str
    purpose: VerificationPurpose
    passed_at: datetime | None


_STATUS_REFUSALS: Final = {
    VerificationStatus.PENDING: RefusalCode.VERIFICATION_PENDING,
    VerificationStatus.FAILED: RefusalCode.VERIFICATION_FAILED,
}


def why_not_usable(
    status: VerificationStatus, passed_at: datetime | None, used_at: datetime | None, now: datetime
) -> RefusalCode | None:
    """Return why a verification can't be used now; None when it can.

    It must have passed less than ten minutes ago, and is used once.
    """
    if status in _STATUS_REFUSALS:
        return _STATUS_REFUSALS[status]
    if used_at is not None:
        return RefusalCode.VERIFICATION_USED
    if passed_at is None or passed_at <= now - VERIFICATION_LIFE:
        return RefusalCode.VERIFICATION_EXPIRED
    return None


def believed_pass(
    passed_at: datetime | None, opened_at: datetime, learned_at: datetime
) -> datetime:
    """Return when a face check passed, by our clock: after we opened it, before we learned of it.

    A time that isn't believed (R20), or that the provider doesn't say, counts as the earliest that
    it can be: a check never serves longer for it.
    """
    at = believed_at(passed_at or UNDATED, learned_at)
    return opened_at if at > learned_at else max(opened_at, at)


def is_about(
    outcome: VerificationOutcome, document: Document, name: str, purpose: VerificationPurpose
) -> bool:
    """Return whether the provider checked the person and purpose that it was asked to check.

    Names are compared folded (R6).
    """
    checked = (outcome.document, folded(outcome.name), outcome.purpose)
    return checked == (document, folded(name), purpose)

"""The evidence of a reason: the code or the test that caused it, and since when (R20)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from app.domain.anomalies import AnomalyReason
from app.domain.groups import NatValidity
from app.domain.health import HealthCode, NucleicAcidTest, latest_test

_CODES: Final = {AnomalyReason.CODE_RED, AnomalyReason.CODE_YELLOW, AnomalyReason.CODE_UNKNOWN}


@dataclass(frozen=True, slots=True)
class JudgedRecord:
    """What was on record of a member when they were judged; ``as_of`` is when it was queried.

    Code and times are None where the provider said nothing.
    """

    health_code: HealthCode | None
    health_code_at: datetime | None
    tests: Sequence[NucleicAcidTest]
    newest_negative_at: datetime | None
    as_of: datetime | None


@dataclass(frozen=True, slots=True)
class Evidence:
    """The code or the test that caused a reason, and since when."""

    reason: AnomalyReason
    as_of: datetime | None
    since: datetime | None = None
    code: HealthCode | None = None
    test: NucleicAcidTest | None = None


def evidence_of(reason: AnomalyReason, record: JudgedRecord, validity: NatValidity) -> Evidence:
    """Return the evidence of one reason in a group that asks for ``validity``.

    A code counts since it was set, a positive test since its result, an expired one since it
    lapsed. For a missing test there is nothing to show.
    """
    if reason in _CODES:
        code = record.health_code or HealthCode.UNKNOWN
        return Evidence(reason, record.as_of, since=record.health_code_at, code=code)
    if reason is AnomalyReason.TEST_POSITIVE:
        test = latest_test(record.tests)
        return Evidence(reason, record.as_of, since=test.tested_at if test else None, test=test)
    duration, negative_at = validity.duration, record.newest_negative_at
    if reason is AnomalyReason.TEST_EXPIRED and duration and negative_at:
        lapsed_at = negative_at + duration
        return Evidence(reason, record.as_of, since=lapsed_at, test=latest_test(record.tests))
    return Evidence(reason, record.as_of)

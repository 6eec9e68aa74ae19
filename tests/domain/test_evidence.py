"""By which record each reason stands, and since when."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from app.domain.anomalies import AnomalyReason
from app.domain.evidence import Evidence, JudgedRecord, evidence_of
from app.domain.groups import NatValidity
from app.domain.health import HealthCode, NucleicAcidTest
from app.domain.health import TestResult as Result

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
HOUR: Final = timedelta(hours=1)
NOTHING: Final = JudgedRecord(None, None, (), None, None)


def nat(hours_ago: int, result: Result = Result.NEGATIVE) -> NucleicAcidTest:
    at = NOW - hours_ago * HOUR
    pending = result is Result.PENDING
    return NucleicAcidTest(at - HOUR, None if pending else at, result, "")


@pytest.mark.parametrize("code", [HealthCode.RED, HealthCode.YELLOW, HealthCode.UNKNOWN])
def test_a_code_stands_since_the_provider_set_it(code: HealthCode) -> None:  # R20
    record = JudgedRecord(code, NOW - HOUR, (nat(1),), NOW - HOUR, NOW)
    reason = AnomalyReason(f"CODE_{code}")
    shown = Evidence(reason, as_of=NOW, since=NOW - HOUR, code=code)
    assert evidence_of(reason, record, NatValidity.H24) == shown


def test_no_record_at_all_is_the_code_unknown_since_nobody_knows_when() -> None:  # R20
    shown = evidence_of(AnomalyReason.CODE_UNKNOWN, NOTHING, NatValidity.NONE)
    assert shown == Evidence(AnomalyReason.CODE_UNKNOWN, as_of=None, code=HealthCode.UNKNOWN)


def test_a_positive_test_stands_since_its_result() -> None:  # R20
    positive = nat(2, Result.POSITIVE)
    tests = (nat(30), positive, nat(1, Result.PENDING))
    record = JudgedRecord(HealthCode.GREEN, None, tests, NOW - 30 * HOUR, NOW)
    shown = evidence_of(AnomalyReason.TEST_POSITIVE, record, NatValidity.NONE)
    assert (shown.test, shown.since) == (positive, positive.tested_at)


def test_an_expired_test_stands_since_it_lapsed() -> None:  # R19, R20
    newest = nat(50)
    record = JudgedRecord(HealthCode.GREEN, None, (nat(90), newest), newest.tested_at, NOW)
    shown = evidence_of(AnomalyReason.TEST_EXPIRED, record, NatValidity.H48)
    assert (shown.test, shown.since) == (newest, NOW - 2 * HOUR)


def test_a_missing_test_has_nothing_to_show() -> None:  # R20
    record = replace(NOTHING, tests=(nat(1, Result.PENDING),), as_of=NOW)
    shown = evidence_of(AnomalyReason.TEST_MISSING, record, NatValidity.H24)
    assert shown == Evidence(AnomalyReason.TEST_MISSING, as_of=NOW)

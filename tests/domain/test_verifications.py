"""Which face checks may be used, and whom they are about (R6, R11)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from app.domain.identity import Document, IdType
from app.domain.limits import VERIFICATION_LIFE
from app.domain.refusals import RefusalCode
from app.domain.verifications import (
    VerificationOutcome,
    VerificationPurpose,
    VerificationStatus,
    believed_pass,
    is_about,
    why_not_usable,
)

NOW = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
PASSED, JOIN = VerificationStatus.PASSED, VerificationPurpose.JOIN
DOCUMENT = Document(IdType.PASSPORT, "E12345678")
OUTCOME = VerificationOutcome(PASSED, DOCUMENT, "张三", JOIN, NOW)


def test_a_passed_one_may_be_used_for_ten_minutes() -> None:  # R11
    assert timedelta(minutes=10) == VERIFICATION_LIFE
    assert why_not_usable(PASSED, NOW, None, NOW) is None
    assert why_not_usable(PASSED, NOW, None, NOW + VERIFICATION_LIFE - TICK) is None
    late = why_not_usable(PASSED, NOW, None, NOW + VERIFICATION_LIFE)
    assert late is RefusalCode.VERIFICATION_EXPIRED
    assert why_not_usable(PASSED, None, None, NOW) is RefusalCode.VERIFICATION_EXPIRED


def test_it_is_used_once() -> None:  # R11
    assert why_not_usable(PASSED, NOW, NOW, NOW + TICK) is RefusalCode.VERIFICATION_USED
    old = why_not_usable(PASSED, NOW, NOW, NOW + VERIFICATION_LIFE)
    assert old is RefusalCode.VERIFICATION_USED


@pytest.mark.parametrize(
    ("status", "refusal"),
    [
        (VerificationStatus.PENDING, RefusalCode.VERIFICATION_PENDING),
        (VerificationStatus.FAILED, RefusalCode.VERIFICATION_FAILED),
    ],
)
def test_one_that_did_not_pass_says_so(status: VerificationStatus, refusal: RefusalCode) -> None:
    assert why_not_usable(status, None, None, NOW) is refusal
    assert why_not_usable(status, NOW, NOW, NOW) is refusal


@pytest.mark.parametrize(
    "other",
    [
        replace(OUTCOME, document=Document(IdType.PASSPORT, "E12345679")),
        replace(OUTCOME, document=Document(IdType.TAIWAN_PERMIT, "E12345678")),
        replace(OUTCOME, name="张四"),
        replace(OUTCOME, purpose=VerificationPurpose.LEAVE),
    ],
)
def test_what_was_checked_must_be_what_was_asked_for(other: VerificationOutcome) -> None:  # R11
    assert is_about(OUTCOME, DOCUMENT, "张三", JOIN)
    assert not is_about(other, DOCUMENT, "张三", JOIN)


@pytest.mark.parametrize(
    ("asked", "answered"),
    [
        ("阿依古丽·买买提", "阿依古丽•买买提"),
        ("Mary O’Brien", "MARY  O'BRIEN "),
        ("张三", "张三 "),
        ("马云", "⻢云"),
    ],
)
def test_an_answer_in_another_spelling_is_about_who_was_asked(asked: str, answered: str) -> None:
    answer = replace(OUTCOME, document=Document(IdType.PASSPORT, " ｅ12345678"), name=answered)
    assert is_about(answer, DOCUMENT, asked, JOIN)  # R6


def test_a_pass_lies_between_our_opening_it_and_our_learning_of_it() -> None:  # R20
    opened_at, learned_at = NOW - timedelta(minutes=3), NOW
    for told, believed in [
        (NOW - timedelta(minutes=1), NOW - timedelta(minutes=1)),
        (NOW + timedelta(minutes=5), learned_at),
        (NOW + timedelta(hours=8), opened_at),
        (NOW - timedelta(minutes=11), opened_at),
        (None, opened_at),
    ]:
        assert believed_pass(told, opened_at, learned_at) == believed

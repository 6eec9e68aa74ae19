"""Withdrawing a consent: who can, and what stays kept for how long (R42)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.languages import Language
from app.domain.limits import FORMER_KEPT, LOG_KEPT
from app.domain.refusals import RefusalCode

# The reason that is kept of a leave that a withdrawal asks for: nobody gives an empty one.
BY_WITHDRAWAL: Final = ""
_WITHDRAWN: Final[Mapping[Language, str]] = {"zh": "撤回同意", "en": "Consent withdrawn"}


def reason_in_words(reason: str, language: Language) -> str:
    """Return why somebody leaves: in their own words, or that their consent was withdrawn (R42)."""
    return _WITHDRAWN[language] if reason == BY_WITHDRAWAL else reason


class KeptData(StrEnum):
    """What is kept of someone who withdrew a consent."""

    MEMBERSHIP = "MEMBERSHIP"
    FORMER_MEMBER = "FORMER_MEMBER"
    CONSENTS = "CONSENTS"
    ACCESSES = "ACCESSES"
    EVENTS = "EVENTS"
    MESSAGES = "MESSAGES"
    HEALTH_RECORD = "HEALTH_RECORD"


@dataclass(frozen=True, slots=True)
class Kept:
    """One thing that stays kept; ``until`` at the latest, None for as long as it is needed."""

    what: KeptData
    until: datetime | None


def kept_after(now: datetime, out_at: datetime, *, member: bool, needed: bool) -> list[Kept]:
    """Return what stays kept of who withdraws a consent at ``now`` and is out by ``out_at``.

    ``member`` is False for who is out already; ``needed`` says whether another group of theirs
    goes on needing their health record.
    """
    erased_at = out_at + FORMER_KEPT
    kept = [Kept(KeptData.MEMBERSHIP, out_at)] if member else []
    kept += [Kept(what, erased_at) for what in (KeptData.FORMER_MEMBER, KeptData.CONSENTS)]
    last = max(now, out_at)
    kept += [Kept(what, last + LOG_KEPT) for what in (KeptData.ACCESSES, KeptData.EVENTS)]
    kept.append(Kept(KeptData.MESSAGES, last + FORMER_KEPT))
    if needed:
        kept.append(Kept(KeptData.HEALTH_RECORD, None))
    return kept


def kept_longest(kept: Iterable[Kept]) -> list[Kept]:
    """Return each thing once that is kept, until the latest of its times."""
    longest: dict[KeptData, Kept] = {}
    for one in kept:
        before = longest.setdefault(one.what, one)
        if before.until is not None and (one.until is None or one.until > before.until):
            longest[one.what] = one
    return list(longest.values())


def why_withheld(withheld_at: datetime | None) -> RefusalCode | None:
    """Return why who withdrew consent can't stay in, nor take the group over; None if they can.

    Only a new consent ends it (R42).
    """
    return None if withheld_at is None else RefusalCode.CONSENT_WITHDRAWN

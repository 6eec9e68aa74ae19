"""Verification codes by SMS: when the next may be sent, and whether one is right (R40)."""

import re
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from math import ceil
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.limits import CODE_GAP, CODES_A_DAY, CODES_KEPT
from app.domain.refusals import Refusal, RefusalCode

_CODE: Final = re.compile("[0-9]{6}")


class CodePurpose(StrEnum):
    """What an SMS code is for (R40)."""

    SIGN_IN = "SIGN_IN"
    CREATE_GROUP = "CREATE_GROUP"
    JOIN = "JOIN"
    CHANGE_PHONE = "CHANGE_PHONE"
    CLOSE_ACCOUNT = "CLOSE_ACCOUNT"


class CodeHalf(StrEnum):
    """A half of a phone's codes of a day, each with its own limit and minute (R40)."""

    ANYONE = "ANYONE"
    DEVICES = "DEVICES"


_A_DAY: Final = {CodeHalf.ANYONE: CODES_A_DAY - CODES_KEPT, CodeHalf.DEVICES: CODES_KEPT}


def halves_for(*, known_device: bool) -> dict[CodeHalf, int]:
    """Return from which halves a request may take a code, the first first, and their limits.

    A device that signed in with the phone before takes its own first, strangers only theirs.
    """
    halves = (CodeHalf.DEVICES, CodeHalf.ANYONE) if known_device else (CodeHalf.ANYONE,)
    return {half: _A_DAY[half] for half in halves}


def can_be_code(code: str) -> bool:
    """Return whether ``code`` has the form of one; what hasn't spends no try."""
    return _CODE.fullmatch(code) is not None


def too_many_codes(
    last_sent_at: datetime | None, now: datetime, zone: ZoneInfo, a_day: int
) -> Refusal:
    """Return the refusal of one more code: too soon after the last, or too many on one day.

    It says in how many whole seconds the next may be sent: when the minute is over, or the day
    in ``zone``, of which the phone had its ``a_day`` codes.
    """
    if last_sent_at is not None and last_sent_at > now - CODE_GAP:
        seconds = ceil((last_sent_at + CODE_GAP - now).total_seconds())
        return Refusal(RefusalCode.CODE_TOO_SOON, "phone", params={"seconds": seconds})
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    left = datetime.combine(tomorrow, time(), zone).astimezone(UTC) - now
    params: dict[str, int | str] = {"limit": a_day, "seconds": ceil(left.total_seconds())}
    return Refusal(RefusalCode.CODES_TODAY_USED_UP, "phone", params=params)


def why_not_tried(
    used_at: datetime | None, expires_at: datetime, now: datetime
) -> RefusalCode | None:
    """Return why a code that was sent can't be tried any more; None when it can.

    One that was used is as wrong as any other.
    """
    if used_at is not None:
        return RefusalCode.CODE_WRONG
    return RefusalCode.CODE_EXPIRED if now >= expires_at else None

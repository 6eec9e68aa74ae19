"""What an SMS can say, how long it may be, and what becomes of it (R39)."""

from enum import StrEnum
from typing import Final

SMS_LENGTH: Final = 70  # units of UTF-16, in which phones count what isn't Latin


class SmsTemplate(StrEnum):
    """What an SMS says; its texts are in ``services/sms/texts.py``."""

    VERIFICATION_CODE = "verification_code"
    LEAVE_REQUESTED = "leave_requested"
    RELATIVE_LEAVING = "relative_leaving"
    RELATIVE_STAYING = "relative_staying"
    LEAVE_COMPLETED = "leave_completed"
    MEMBER_REMOVED = "member_removed"
    GUARDIANS_ENDED = "guardians_ended"
    GROUP_OFFERED = "group_offered"
    GROUP_ACCEPTED = "group_accepted"
    ANOMALY_ALERT = "anomaly_alert"
    DAILY_DIGEST = "daily_digest"
    HEALTH_REMINDER = "health_reminder"
    HEALTH_REMINDERS = "health_reminders"
    GROUP_DISSOLVED = "group_dissolved"
    GROUP_OVERSEEN = "group_overseen"
    OVERSEER_APPOINTED = "overseer_appointed"
    ORGANISATION_OFFERED = "organisation_offered"
    ORGANISATION_ACCEPTED = "organisation_accepted"


class SmsState(StrEnum):
    """Whether an SMS is still to be sent, was sent, or failed for good."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"


def sms_length(text: str) -> int:
    """Return how long a text is as an SMS, in units of UTF-16."""
    return len(text.encode("utf-16-le")) // 2


def shortened(name: str, room: int) -> str:
    """Return a name that takes at most ``room`` units of an SMS.

    A longer one keeps both ends around an ellipsis: 第一小学…三班 and 第一小学…四班 stay two.
    """
    if sms_length(name) <= room:
        return name
    tail = _taken(name[::-1], (room - 1) // 2)[::-1]
    return f"{_taken(name, room - 1 - sms_length(tail))}…{tail}"


def _taken(text: str, room: int) -> str:
    """Return as many characters from the start as fit."""
    taken = text[:room]
    while sms_length(taken) > room:
        taken = taken[:-1]
    return taken

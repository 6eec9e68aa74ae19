"""What becomes of an SMS (R39)."""

from enum import StrEnum


class SmsState(StrEnum):
    """Where an SMS stands."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"

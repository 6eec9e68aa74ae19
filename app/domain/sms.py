"""What an SMS can say, and what becomes of it (R39)."""

from enum import StrEnum


class SmsTemplate(StrEnum):
    """What an SMS says; its texts stand in ``services/sms/texts.py``."""

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
    HEALTH_REMINDER = "health_reminder"
    GROUP_DISSOLVED = "group_dissolved"


class SmsState(StrEnum):
    """Whether an SMS is still to be sent, was sent, or failed for good."""

    QUEUED = "QUEUED"
    SENT = "SENT"
    FAILED = "FAILED"

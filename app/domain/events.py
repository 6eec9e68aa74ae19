"""The events of a group's log: past tense, ids only, never personal data (R34)."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class EventType(StrEnum):
    """What happened in a group."""

    GROUP_CREATED = "GROUP_CREATED"
    GROUP_UPDATED = "GROUP_UPDATED"
    GROUP_OFFERED = "GROUP_OFFERED"
    GROUP_OFFER_WITHDRAWN = "GROUP_OFFER_WITHDRAWN"
    GROUP_ACCEPTED = "GROUP_ACCEPTED"
    GROUP_DISSOLVED = "GROUP_DISSOLVED"
    GROUP_ATTACHED = "GROUP_ATTACHED"
    GROUP_DETACHED = "GROUP_DETACHED"
    REQUIREMENT_SET = "REQUIREMENT_SET"
    INVITATION_POLICY_SET = "INVITATION_POLICY_SET"
    INVITATION_CREATED = "INVITATION_CREATED"
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN"
    MEMBER_JOINED = "MEMBER_JOINED"
    MEMBER_MOVED = "MEMBER_MOVED"
    MEMBER_LEFT = "MEMBER_LEFT"
    MEMBER_REMOVED = "MEMBER_REMOVED"
    CONSENT_WITHDRAWN = "CONSENT_WITHDRAWN"
    ROSTER_CHANGED = "ROSTER_CHANGED"
    MEMBER_EXCUSED = "MEMBER_EXCUSED"
    EXCUSE_ENDED = "EXCUSE_ENDED"
    REMARK_CHANGED = "REMARK_CHANGED"
    PHONE_CHANGED = "PHONE_CHANGED"
    ADMIN_APPOINTED = "ADMIN_APPOINTED"
    ADMIN_BOUND = "ADMIN_BOUND"
    ADMIN_DISMISSED = "ADMIN_DISMISSED"
    SECTION_CREATED = "SECTION_CREATED"
    SECTION_UPDATED = "SECTION_UPDATED"
    SECTION_REMOVED = "SECTION_REMOVED"
    GUARDIAN_ADDED = "GUARDIAN_ADDED"
    GUARDIANS_ENDED = "GUARDIANS_ENDED"
    LEAVE_REQUESTED = "LEAVE_REQUESTED"
    LEAVE_CANCELLED = "LEAVE_CANCELLED"
    REMINDERS_SCHEDULED = "REMINDERS_SCHEDULED"
    REMINDERS_SENT = "REMINDERS_SENT"
    ALERT_SENT = "ALERT_SENT"
    REPORT_EXPORTED = "REPORT_EXPORTED"
    REFRESH_STARTED = "REFRESH_STARTED"
    REFRESH_ENDED = "REFRESH_ENDED"
    GROUP_VISITED = "GROUP_VISITED"
    MEMBERS_UPDATED = "MEMBERS_UPDATED"
    MESSAGES_ENDED = "MESSAGES_ENDED"
    ANOMALY_OPENED = "ANOMALY_OPENED"
    ANOMALY_CHANGED = "ANOMALY_CHANGED"
    ANOMALY_CLOSED = "ANOMALY_CLOSED"
    COLOUR_CHANGED = "COLOUR_CHANGED"
    REASONS_CHANGED = "REASONS_CHANGED"


class Subject(StrEnum):
    """What kind of thing an event is about, beside the group itself."""

    MEMBER = "Member"
    INVITATION = "Invitation"
    REFRESH_RUN = "RefreshRun"
    SECTION = "Section"


def subject_of(event: EventType) -> Subject:
    """Return what the subject's id of such an event names, where it has one."""
    word = event.value.partition("_")[0]
    subjects = {
        "INVITATION": Subject.INVITATION,
        "REFRESH": Subject.REFRESH_RUN,
        "SECTION": Subject.SECTION,
    }
    return subjects.get(word, Subject.MEMBER)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened: what, by whom (a person, None for time itself), to what."""

    type: EventType
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    details: dict[str, str] = field(default_factory=dict)

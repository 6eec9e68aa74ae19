"""The facts of a group's log: past tense, ids only, never personal data (R34)."""

from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID


class EventType(StrEnum):
    """What happened in a group."""

    GROUP_CREATED = "GROUP_CREATED"
    REQUIREMENT_SET = "REQUIREMENT_SET"
    INVITATION_CREATED = "INVITATION_CREATED"
    INVITATION_WITHDRAWN = "INVITATION_WITHDRAWN"
    MEMBER_JOINED = "MEMBER_JOINED"
    REFRESH_STARTED = "REFRESH_STARTED"
    REFRESH_ENDED = "REFRESH_ENDED"
    ANOMALY_OPENED = "ANOMALY_OPENED"
    ANOMALY_CHANGED = "ANOMALY_CHANGED"
    ANOMALY_CLOSED = "ANOMALY_CLOSED"
    COLOUR_CHANGED = "COLOUR_CHANGED"
    REASONS_CHANGED = "REASONS_CHANGED"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that happened: what, by whom (a person, None for time itself), to what."""

    type: EventType
    actor_id: UUID | None = None
    subject_id: UUID | None = None
    details: dict[str, str] = field(default_factory=dict)

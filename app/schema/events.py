"""The group's event log."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.domain.events import EventType
from app.resolvers.events import EventRow, LaggedRow
from app.schema.enums import describe
from app.schema.members import Member

describe(
    EventType,
    "What happened in a group.",
    name="GroupEventType",
    GROUP_CREATED="The group was opened.",
    GROUP_UPDATED="Its name, type or address was edited.",
    GROUP_OFFERED="It was offered to an admin.",
    GROUP_OFFER_WITHDRAWN="The offer ended untaken.",
    GROUP_ACCEPTED="The admin took it over: the old creator is an admin.",
    GROUP_DISSOLVED="It was dissolved.",
    GROUP_ATTACHED="It was attached to an organisation, which sees its numbers from now on.",
    GROUP_DETACHED="It was detached from its organisation.",
    REQUIREMENT_SET="Another requirement holds.",
    INVITATION_POLICY_SET="Another invitation policy holds.",
    INVITATION_CREATED="An invitation was made.",
    INVITATION_WITHDRAWN="An invitation was withdrawn.",
    MEMBER_JOINED="Someone joined.",
    MEMBER_MOVED="A member came into a section, into another one, or out of theirs.",
    MEMBER_LEFT="Someone left who had asked to.",
    MEMBER_REMOVED="Someone was removed.",
    ROSTER_CHANGED="Names came on the roster or went off it, or who of it has joined changed.",
    MEMBER_EXCUSED="A member was excused from tests for a time.",
    EXCUSE_ENDED="That time ended, or a manager ended it.",
    REMARK_CHANGED="A member's remark was edited.",
    PHONE_CHANGED="A member is reached at another phone.",
    ADMIN_APPOINTED="A member became an admin.",
    ADMIN_BOUND="An admin was bound to sections, to others, or to none any more.",
    ADMIN_DISMISSED="An admin became a plain member.",
    SECTION_CREATED="The group has one section more.",
    SECTION_UPDATED="A section has another name.",
    SECTION_REMOVED="A section is no more; its members are in none.",
    GUARDIAN_ADDED="Another guardian enrolled a member.",
    GUARDIANS_ENDED="A member ended their guardians' hold.",
    LEAVE_REQUESTED="A member asked to leave.",
    CONSENT_WITHDRAWN="Consent was withdrawn for a member.",
    LEAVE_CANCELLED="The request was taken back.",
    REMINDERS_SCHEDULED="When members are reminded by themselves was set, or is over.",
    REMINDERS_SENT="Members were reminded.",
    ALERT_SENT="Managers were alerted to new anomalies.",
    REPORT_EXPORTED="A day's report was exported.",
    REFRESH_STARTED="A refresh run began.",
    REFRESH_ENDED="A refresh run ended.",
    GROUP_VISITED="A manager asked for a refresh that needn't begin: the group stays active.",
    MEMBERS_UPDATED="News of members came that changed no anomaly: health data fetched at a join "
    "or elsewhere, a name or a phone.",
    MESSAGES_ENDED="SMS of the group were sent, or failed for good.",
    ANOMALY_OPENED="A member doesn't meet the requirement any more.",
    ANOMALY_CHANGED="The reasons against a member changed.",
    ANOMALY_CLOSED="A member meets the requirement again.",
    COLOUR_CHANGED="The group turned another colour.",
    REASONS_CHANGED="The colour stayed; the counts of its reasons changed.",
)


@strawberry.type(description="One event of a group: what happened, when, by whom, to what.")
class GroupEvent:  # holds ids only; the names are read beside them (R34)
    number: int = strawberry.field(description="Its number in the log, without gaps.")
    type: EventType = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When.")
    actor: str | None = strawberry.field(
        description="The name of who did it; null for time itself, or who was erased since."
    )
    subject_id: strawberry.ID | None = strawberry.field(
        description="The id of the member, invitation, run or section it is about; null for the "
        "group."
    )
    member: Member | None = strawberry.field(
        description="The member it is about, as they are now; null for who is in no more, and for "
        "other subjects."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        """Tell it from ``Lagged``."""
        return isinstance(value, EventRow)


@strawberry.type(description="Events are missing: they are older than what is kept.")
class Lagged:
    number: int = strawberry.field(
        description="The last number that is missing; read the group's state anew."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        """Tell it from ``GroupEvent``."""
        return isinstance(value, LaggedRow)


LoggedEvent = Annotated[
    GroupEvent | Lagged,
    strawberry.union("LoggedEvent", description="An event, or word that some are missing."),
]

"""Reminders: whom they are for, and who got none."""

from collections.abc import Sequence
from uuid import UUID

import strawberry

from app.domain import reminders
from app.domain.limits import BULK_ROWS
from app.domain.refusals import Refusal, RefusalCode
from app.resolvers.ids import decode_id
from app.schema.enums import (
    HealthCode,
    NatValidity,
    SkipReason,
)
from app.schema.lists import section_keys


@strawberry.input(description="Whom to remind: whoever meets any part of it.")
class ReminderCondition:  # R29, R30
    anomalous: bool | None = strawberry.field(
        default=None, description="Everyone who is anomalous now."
    )
    no_negative_within: NatValidity | None = strawberry.field(
        default=None, description="Everyone without a negative test within this time."
    )
    health_codes: list[HealthCode] | None = strawberry.field(
        default=None, description="Everyone with one of these codes."
    )
    member_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description=f"These members, whatever is known of their health; {BULK_ROWS} at most.",
    )

    sections: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Of these only who is in one of these sections."
    )
    unassigned: bool | None = strawberry.field(
        default=None,
        description="True: of these only who is in no section, or in one of those given.",
    )

    def read(self) -> reminders.ReminderCondition:
        """Return the condition; what was left out names nobody."""
        sections = section_keys(self.sections, self.unassigned)
        return reminders.ReminderCondition(
            anomalous=bool(self.anomalous),
            no_negative_within=self.no_negative_within or NatValidity.NONE,
            health_codes=frozenset(self.health_codes or ()),
            member_ids=_read_members(self.member_ids or ()),
            sections=None if sections is None else frozenset(sections),
        )


def _read_members(ids: Sequence[str]) -> frozenset[UUID]:
    """Return the keys of members. Raise ``Refusal`` for too many of them."""
    if len(ids) > BULK_ROWS:
        raise Refusal(RefusalCode.TOO_MANY_ROWS, "condition", "memberIds")
    return frozenset(decode_id(one, "Member") for one in ids)


@strawberry.type(description="How many a reminder would be for.")
class ReminderAudience:  # R30
    count: int = strawberry.field(description="How many members meet the condition.")
    already_reminded: int = strawberry.field(
        description="How many of them were reminded within the hour, and would be skipped."
    )


@strawberry.type(description="How many were skipped, and why.")
class SkippedReminders:  # R31
    reason: SkipReason = strawberry.field(description="Why.")
    count: int = strawberry.field(description="How many members.")
    retry_after_seconds: int | None = strawberry.field(
        description="Where waiting helps: after how many seconds none of them would be skipped."
    )

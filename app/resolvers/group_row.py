"""A group's row: read through the viewer's own membership, or through a ward's.

One statement finds right and data.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar, Final
from uuid import UUID

from app.domain.daily import write_minute
from app.domain.groups import GroupColour, GroupType, NatValidity, requirement_codes
from app.domain.health import HealthCode
from app.domain.limits import GROUP_PEOPLE
from app.domain.roles import Role, rights_of
from app.models.columns import Values
from app.models.members import Membership
from app.models.reading import Statement, read
from app.resolvers.alike import Alike
from app.resolvers.rows import Columns, Row
from app.services.kernel.env import Viewer

_VISITS: Final = {"visited_on": "group__visited_on", "created_at": "group__created_at"}
GROUP_COLUMNS: Final[Columns] = {
    "name": {"name": "group__name"},
    "type": {"type": "group__type"},
    "address": {"address": "group__address"},
    "colour": {"colour": "group__colour"},
    "colourReasons": {"reason_counts": "group__reason_counts"},
    "creator": {"creator_name": "group__creator__name"},
    "organisation": {"organisation_id": "group__organisation_id"},
    "organisations": {"organisation_id": "group__organisation_id"},
    "memberCount": {"member_count": "group__member_count"},
    "membersCount": {"member_count": "group__member_count"},
    "pendingLeaveCount": {"pending_leave_count": "group__pending_leaves"},
    "rosterCount": {"roster_count": "group__roster_count"},
    "notJoinedCount": {"not_joined_count": "group__not_joined_count"},
    "offer": {"offered_to": "group__offered_to", "offered_until": "group__offered_until"},
    "requirement": {
        "nat_validity": "group__nat_validity",
        "lists_yellow": "group__lists_yellow",
        "lists_unknown": "group__lists_unknown",
    },
    "invitationPolicy": {
        "joining_open": "group__joining_open",
        "remark_prompt": "group__remark_prompt",
        "remark_required": "group__remark_required",
        "offers_sections": "group__offers_sections",
    },
    "refresh": {
        "refresh_run_id": "group__refresh_run_id",
        "refresh_started_at": "group__refresh_started_at",
        **_VISITS,
    },
    "activity": {"refreshed_at": "group__refreshed_at", **_VISITS},
    "dailyDigestTime": {"digest_minute": "digest_minute"},
    "anomalyAlerts": {"anomaly_alerts": "alerts"},
    "anomalyAlertsTime": {"alert_minute": "alert_minute"},
}
GROUP_ALWAYS: Final = {
    "id": "group_id",
    "version": "group__version",
    "person_id": "person_id",
    "role": "role",
    "admins_may_invite": "group__admins_may_invite",
    "bound_to": "bound_to",
}
# What a manager chose for themselves, by which those differ who see a group alike.
OWN_CHOICES: Final = {
    "anomaly_alerts": "alerts",
    "alert_minute": "alert_minute",
    "digest_minute": "digest_minute",
}
# What counts everyone: of a section admin it is counted anew, over their charge (R51).
_OF_EVERYONE: Final = ("member_count", "pending_leave_count", "reason_counts")


@dataclass(frozen=True, slots=True)
class CreatorRow:
    """Who owns a group."""

    name: str


@dataclass(frozen=True, slots=True)
class RequirementRow:
    """What a group asks of its members (R19)."""

    nat_validity: NatValidity
    anomalous_codes: list[HealthCode]


@dataclass(slots=True)
class ColourReasonRow:
    """A reason behind the colour, and how many members it applies to (R21)."""

    reason: str
    count: int


@dataclass(frozen=True, slots=True)
class InvitationPolicyRow:
    """Who may invite, and how people join (R9)."""

    admins_may_invite: bool
    open: bool
    remark_prompt: str
    remark_required: bool
    offers_sections: bool


class GroupRow(Row):
    """A group as the viewer sees it; ``person_id`` and ``role`` are the membership's."""

    typename: ClassVar[str] = "Group"
    alike: Alike | None = None  # with the rows of other watchers
    member_limit: ClassVar[int] = GROUP_PEOPLE

    id: UUID
    version: int
    person_id: UUID
    role: Role
    admins_may_invite: bool
    bound_to: list[str] | None
    uncounted: bool = False  # what counts everyone was taken out of it, and not counted anew
    name: str
    type: GroupType
    address: str
    colour: GroupColour
    reason_counts: dict[str, int]
    creator_name: str
    organisation_id: UUID | None
    member_count: int
    pending_leave_count: int
    roster_count: int
    not_joined_count: int
    offered_to: UUID | None
    offered_until: datetime | None
    nat_validity: NatValidity
    lists_yellow: bool
    lists_unknown: bool
    joining_open: bool
    remark_prompt: str
    remark_required: bool
    offers_sections: bool
    refresh_run_id: UUID | None
    refresh_started_at: datetime | None
    refreshed_at: datetime | None
    visited_on: date | None
    created_at: datetime
    anomaly_alerts: bool
    alert_minute: int | None
    digest_minute: int | None
    tallies: str | None = None  # of its members, where they were counted along with it

    def __init__(self, values: Values, viewer: Viewer) -> None:
        self.__dict__ = values
        # Kept beside the rights, which a dissolved group's page loses while it still says who
        # the viewer was.
        self._own = self.person_id == viewer.person_id
        self.rights = rights_of(
            self.role if self._own else None,
            guards=True,
            bound_to=self.bound_to,
            admins_may_invite=self.admins_may_invite,
        )
        if self.bound_to is not None and self.rights.is_bound:
            counts = [self.__dict__.pop(name, None) for name in _OF_EVERYONE]
            self.uncounted = any(count is not None for count in counts)

    @property
    def viewer_role(self) -> Role | None:
        """What the viewer is in the group; None for a guardian who isn't in it."""
        return self.role if self._own else None

    @property
    def own_choices(self) -> tuple[object, ...]:
        """What who watches a group chose for themselves in it."""
        return tuple(getattr(self, name) for name in OWN_CHOICES)

    @property
    def anomaly_alerts_time(self) -> str | None:
        """When the viewer gets alerts that can wait; None at once."""
        return None if self.alert_minute is None else write_minute(self.alert_minute)

    @property
    def daily_digest_time(self) -> str | None:
        """When the viewer is sent a digest each day; None for who isn't."""
        return None if self.digest_minute is None else write_minute(self.digest_minute)

    @property
    def creator(self) -> CreatorRow:
        """Who owns the group."""
        return CreatorRow(self.creator_name)

    @property
    def requirement(self) -> RequirementRow:
        """What the group asks of its members."""
        codes = requirement_codes(self.lists_yellow, self.lists_unknown)
        return RequirementRow(self.nat_validity, sorted(codes))

    @property
    def colour_reasons(self) -> list[ColourReasonRow]:
        """Every reason against members, with its count."""
        return [ColourReasonRow(*reason) for reason in self.reason_counts.items()]

    @property
    def invitation_policy(self) -> InvitationPolicyRow:
        """Who may invite, and how people join."""
        return InvitationPolicyRow(
            self.admins_may_invite,
            self.joining_open,
            self.remark_prompt,
            self.remark_required,
            self.offers_sections,
        )


_OWN: Final = Statement(
    lambda group_id, person_id: Membership.filter(
        group_id=group_id, person_id=person_id, group__dissolved_at=None
    )
)


async def read_groups(
    viewer: Viewer, group_ids: Collection[UUID], columns: Mapping[str, str]
) -> dict[UUID, GroupRow]:
    """Read groups that aren't dissolved through the viewer's own membership in each.

    A guardian who isn't a member themself reads one through a member they enrolled. What isn't
    theirs to see is left out; whether it exists makes no difference.
    """
    if viewer.person_id is None:
        return {}
    wanted = {**columns, **GROUP_ALWAYS}
    if len(group_ids) == 1:
        rows = await _OWN.read(wanted, *group_ids, viewer.person_id)
    else:
        own = Membership.filter(group_id__in=list(group_ids), group__dissolved_at=None)
        rows = await read(own.filter(person_id=viewer.person_id), wanted)
    if others := set(group_ids) - {row["id"] for row in rows}:
        guarded = Membership.filter(group_id__in=list(others), group__dissolved_at=None)
        guarded = guarded.filter(guardianships__guardian_id=viewer.person_id)
        rows += await read(guarded.order_by("-joined_at", "-id"), wanted)
    return {row["id"]: GroupRow(row, viewer) for row in rows}

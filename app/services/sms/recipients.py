"""Recipients: by which phones members, managers and people are reached (R6, R12, R31)."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple
from uuid import UUID

from app.domain.roles import Role, rights_of
from app.domain.sections import Charge, is_in_charge
from app.models.accounts import Account
from app.models.guardians import Guardianship
from app.models.members import NOWHERE, Membership
from app.models.reading import Statement

_MANAGERS: Final = (Role.CREATOR, Role.ADMIN)


async def phones_of(member_ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """Return where each member is reached: their own phone, or those of their guardians (R31).

    Nowhere, once their phone is somebody else's (R6).
    """
    members = await Membership.filter(id__in=member_ids).only("id", "phone", "enrolled_by_id")
    enrolled = [member.id for member in members if member.enrolled_by_id is not None]
    guardians: defaultdict[UUID, list[str]] = defaultdict(list)
    if enrolled:
        held = Guardianship.filter(member_id__in=enrolled).order_by("created_at", "id")
        for hold in await held:
            guardians[hold.member_id].append(hold.phone)
    reached = {member.id: guardians.get(member.id) or [member.phone] for member in members}
    return {key: [phone for phone in phones if phone != NOWHERE] for key, phones in reached.items()}


async def all_phones_of(member_ids: Collection[UUID]) -> set[str]:
    """Return the phones of members and of their guardians, an enrolled one's account too (R12)."""
    reached = await phones_of(member_ids)
    with_account = Account.filter(
        person_shown=True,
        person__memberships__id__in=member_ids,
        person__memberships__enrolled_by_id__not_isnull=True,
    )
    own = {account.phone for account in await with_account.only("id", "phone")}
    return own.union(*reached.values())


async def own_phones(person_id: UUID) -> list[str]:
    """Return the phones of the accounts that someone signs in with, the oldest first.

    An enrolled member may have some.
    """
    accounts = Account.filter(person_id=person_id, person_shown=True).order_by("created_at")
    return [account.phone for account in await accounts.only("id", "phone", "created_at")]


@dataclass(frozen=True, slots=True)
class Manager:
    """A creator or admin: where they are reached, and who is in their charge (R51).

    ``alert_minute`` of the day is when they want alerts that can wait, None at once; ``alerted``
    the version of the newest anomaly that they heard of at that time (R28).
    """

    member_id: UUID
    phones: list[str]
    charge: Charge
    alert_minute: int | None
    alerted: int | None


class _Own(NamedTuple):
    """What of a manager's membership says where they are reached, and what of."""

    id: UUID
    phone: str
    person_id: UUID
    enrolled_by_id: UUID | None
    role: Role
    bound_to: Sequence[str] | None
    alerts: bool
    alert_minute: int | None
    alerted_version: int | None


_COLUMNS: Final = {name: name for name in _Own._fields}
_MANAGING: Final = Statement(
    lambda group_id: Membership.filter(group_id=group_id, role__in=_MANAGERS)
)


async def managers_of(group_id: UUID, *, alerted: bool = False) -> list[Manager]:
    """Return the creator and the admins of a group; ``alerted``: who wants alerts of it (R28)."""
    managers = [_Own(**row) for row in await _MANAGING.read(_COLUMNS, group_id)]
    return [await manager_of(one) for one in managers if one.alerts or not alerted]


async def manager_of(own: Membership | _Own) -> Manager:
    """Return whom a manager's membership is of; an enrolled one has their own account's phone."""
    phones = await own_phones(own.person_id) if own.enrolled_by_id else []
    charge = rights_of(own.role, guards=False, bound_to=own.bound_to).charge
    return Manager(own.id, phones or [own.phone], charge, own.alert_minute, own.alerted_version)


async def manager_phones(
    group_id: UUID, section_id: UUID | None, *, but: UUID | None = None
) -> list[str]:
    """Return where those managers are reached who are in charge of a section, or of none.

    ``but`` one of the members is left out.
    """
    return [
        phone
        for manager in await managers_of(group_id)
        if manager.member_id != but and is_in_charge(manager.charge, section_id)
        for phone in manager.phones
    ]

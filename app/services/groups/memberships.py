"""Memberships to be written, with the consents that they stand on and the work they ask for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.limits import FIRST_FETCH_GRACE
from app.domain.roles import Role
from app.domain.terms import CURRENT
from app.models.consents import Consent
from app.models.due import WorkKind
from app.models.inserting import NewRows
from app.models.members import Membership
from app.ports.bus import person_channel
from app.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class NewMember:
    """A membership to be written, with the consent that it stands on (R11)."""

    person_id: UUID
    phone: str
    role: Role = Role.MEMBER
    remark: str = ""
    student: bool = False
    guardian_id: UUID | None = None
    reminded_at: datetime | None = None
    section_id: UUID | None = None


def new_members(
    unit: Unit, group_id: UUID, new: Sequence[NewMember]
) -> tuple[dict[UUID, UUID], Sequence[NewRows]]:
    """Return the ids of memberships by their persons, and their rows with the consents (R11).

    The caller writes them. Each person's data is fetched at once, and the group judged when that
    is due at last (R14).
    """
    awaited_until = unit.now + FIRST_FETCH_GRACE
    ids = {one.person_id: unit.new_id() for one in new}
    shared = {"group_id": group_id, "joined_at": unit.now, "awaited_until": awaited_until}
    rows = [shared | _columns(one) | {"id": ids[one.person_id]} for one in new]
    guardians = {one.person_id: one.guardian_id for one in new}
    unit.changes(group_id)
    for one in new:
        unit.announce(person_channel(one.person_id))
        expect_data(unit, group_id, one.person_id, awaited_until)
    return ids, [
        NewRows(Membership, rows),
        NewRows(Consent, consents_of(unit, group_id, guardians)),
    ]


def _columns(one: NewMember) -> dict[str, object]:
    return {
        "person_id": one.person_id,
        "role": one.role,
        "remark": one.remark,
        "phone": one.phone,
        "student": one.student,
        "enrolled_by_id": one.guardian_id,
        "alerts": True,
        "reminded_at": one.reminded_at,
        "section_id": one.section_id,
    }


def expect_data(unit: Unit, group_id: UUID, person_id: UUID, awaited_until: datetime) -> None:
    """Have someone's data fetched, and the group judged without if it doesn't come (R14)."""
    unit.gather(WorkKind.FETCH_PERSON, person_id)
    unit.schedule(WorkKind.JUDGE_GROUP, group_id, at=awaited_until)


def consents_of(
    unit: Unit, group_id: UUID, guardians: Mapping[UUID, UUID | None]
) -> list[dict[str, object]]:
    """Return the rows that say that these people consent, each by their guardian or themselves."""
    return [
        {
            "id": unit.new_id(),
            "person_id": person_id,
            "group_id": group_id,
            "given_by_id": guardian_id or person_id,
            "terms_version": CURRENT.version,
            "given_at": unit.now,
        }
        for person_id, guardian_id in guardians.items()
    ]

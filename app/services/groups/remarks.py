"""Editing the remarks of many members at once (R16)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.bulk import RowResult, check_rows
from app.domain.events import Event, EventType
from app.domain.limits import REMARK_LENGTH
from app.domain.roles import Right
from app.domain.sections import is_in_charge
from app.models.members import Membership
from app.models.updating import update_column
from app.services.groups.rosters import expect_matching
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import text_or_none
from app.services.kernel.rights import require_charge
from app.services.kernel.unit import unit_of_work


@dataclass(frozen=True, slots=True)
class NewRemark:
    """A member, and what their remark is to be."""

    member_id: UUID
    remark: str


async def update_remarks(
    env: Env, viewer: Viewer, group_id: UUID, rows: Sequence[NewRemark]
) -> list[RowResult]:
    """Edit the remarks of up to 500 members, as a manager; return a result for each row (R16).

    A row that can't be taken leaves the others be. Refused: no row, or too many.
    """
    check_rows(len(rows))
    async with unit_of_work(env, group_id) as unit:
        group, rights = await require_charge(viewer, group_id, Right.MANAGE_CHARGE)
        named = Membership.filter(group_id=group_id, id__in=[row.member_id for row in rows])
        remarks = {
            member_id: remark
            for member_id, remark, section_id in await named.values_list(
                "id", "remark", "section_id"
            )
            if is_in_charge(rights.charge, section_id)
        }
        results, changed = _judge(rows, remarks)
        if changed:
            await update_column(Membership, "remark", changed)
            await unit.log(group_id, *_events(viewer, changed))
            expect_matching(unit, group)
        return unit.returns(results)


def _judge(
    rows: Iterable[NewRemark], remarks: Mapping[UUID, str]
) -> tuple[list[RowResult], dict[UUID, str]]:
    """Return what becomes of each row, and the remarks that change."""
    seen: set[UUID] = set()
    results: list[RowResult] = []
    changed: dict[UUID, str] = {}
    for row in rows:
        remark = text_or_none(row.remark, REMARK_LENGTH, required=False)
        if row.member_id in seen:
            results.append(RowResult.REPEATED)
        elif row.member_id not in remarks:
            results.append(RowResult.NOT_A_MEMBER)
        elif remark is None:
            results.append(RowResult.REMARK_INVALID)
        elif remark == remarks[row.member_id]:
            results.append(RowResult.UNCHANGED)
        else:
            changed[row.member_id] = remark
            results.append(RowResult.UPDATED)
        seen.add(row.member_id)
    return results, changed


def _events(viewer: Viewer, members: Iterable[UUID]) -> Iterable[Event]:
    for member_id in members:
        yield Event(EventType.REMARK_CHANGED, actor_id=viewer.person_id, subject_id=member_id)

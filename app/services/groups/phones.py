"""The phone by which a member is reached, changed by who answers for them (R41)."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from app.domain.codes import CodePurpose
from app.domain.events import Event, EventType
from app.domain.refusals import NotFound, Refusal, RefusalCode
from app.models.groups import lock_group
from app.models.guardians import Guardianship
from app.models.members import Membership
from app.services.accounts.codes import EnteredPhone, consume_code, prove_phone
from app.services.kernel.env import Env, Viewer
from app.services.kernel.members import find_member, group_of_member
from app.services.kernel.rights import denial
from app.services.kernel.unit import Unit, unit_of_work


@dataclass(frozen=True, slots=True)
class _Reach:
    """How the viewer has a member reached: as the member themself, or by a hold on them."""

    member: Membership
    hold: Guardianship | None

    @property
    def phone(self) -> str:
        return self.hold.phone if self.hold else self.member.phone


async def update_member_phone(
    env: Env, viewer: Viewer, member_id: UUID, entered: EnteredPhone
) -> None:
    """Change the phone by which a member is reached, for oneself or an enrolled relative (R41).

    Refused: a phone that isn't proved; an enrolled member, for whom their guardians answer.
    """
    group_id = await group_of_member(member_id)
    await _reach(viewer, member_id)
    phone = await prove_phone(env, viewer, entered, CodePurpose.CHANGE_PHONE)
    async with unit_of_work(env, group_id) as unit:
        if await lock_group(group_id) is None:
            raise NotFound
        reach = await _reach(viewer, member_id)
        await consume_code(unit, phone)
        await _move(unit, viewer, reach, phone.number)


async def reached_at(viewer: Viewer, member_ids: Collection[UUID], phone: str) -> bool:
    """Return whether all whom the viewer answers for among members are reached at a phone."""
    return all(reach.phone == phone for reach in await _reaches(viewer, member_ids))


async def move_all(unit: Unit, viewer: Viewer, member_ids: Collection[UUID], phone: str) -> None:
    """Have those whom the viewer answers for among members reached at a phone, proved (R41).

    The caller holds the group's row.
    """
    for reach in await _reaches(viewer, member_ids):
        await _move(unit, viewer, reach, phone)


async def _reaches(viewer: Viewer, member_ids: Collection[UUID]) -> list[_Reach]:
    found = [await _find(viewer, await find_member(member_id)) for member_id in member_ids]
    return [reach for reach in found if reach is not None]


async def _reach(viewer: Viewer, member_id: UUID) -> _Reach:
    member = await find_member(member_id)
    reach = await _find(viewer, member)
    if reach is not None:
        return reach
    if member.person_id == viewer.person_id:
        raise Refusal(RefusalCode.MEMBER_HAS_GUARDIAN, "memberId")
    raise await denial(viewer, member.group_id)


async def _find(viewer: Viewer, member: Membership) -> _Reach | None:
    if member.person_id == viewer.person_id and member.enrolled_by_id is None:
        return _Reach(member, None)
    hold = await Guardianship.get_or_none(member_id=member.id, guardian_id=viewer.person_id)
    return _Reach(member, hold) if hold else None


async def _move(unit: Unit, viewer: Viewer, reach: _Reach, phone: str) -> None:
    """Move a member, or a guardian's hold and with the first one's the member, to a phone."""
    if reach.phone == phone:
        return
    member, changes = reach.member, {"phone": phone, "phone_changed_at": unit.now}
    if reach.hold is not None:
        await Guardianship.filter(id=reach.hold.id).update(**changes)
    if reach.hold is None or member.enrolled_by_id == viewer.person_id:
        await Membership.filter(id=member.id).update(**changes)
    event = Event(EventType.PHONE_CHANGED, actor_id=viewer.person_id, subject_id=member.id)
    await unit.log(member.group_id, event)

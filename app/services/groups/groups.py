"""Groups: creating one, editing it, and what it requires of whom (R1, R5-R7, R9, R19)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from app.domain.codes import CodePurpose
from app.domain.events import Event, EventType
from app.domain.groups import GroupType, NatValidity, chosen_codes
from app.domain.health import HealthCode
from app.domain.limits import ADDRESS_LENGTH, NAME_LENGTH, REMARK_LENGTH
from app.domain.refusals import Refusal, RefusalCode
from app.domain.roles import Right, Role
from app.models.due import WorkKind
from app.models.groups import Group, reserve_ownership
from app.models.members import Membership
from app.services.accounts.codes import EnteredPhone, consume_code, prove_phone
from app.services.groups.departures import withdraw_invitations_of
from app.services.groups.memberships import NewMember, new_members
from app.services.health.judging import judge_in
from app.services.health.schedules import schedule_of
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_text
from app.services.kernel.rights import require
from app.services.kernel.unit import Unit, unit_of_work


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What someone enters to create a group (R6)."""

    name: str
    type: GroupType
    address: str
    consent: bool
    phone: EnteredPhone
    nat_validity: NatValidity = NatValidity.NONE


async def create_group(env: Env, viewer: Viewer, new: NewGroup) -> UUID:
    """Create a group whose creator is one of its people (R6), and return its id.

    Refused: no consent, nobody real-named, a sixth group (R1), a bad name or address.
    """
    name = read_text(new.name, RefusalCode.NAME_INVALID, NAME_LENGTH, "name")
    address = read_text(new.address, RefusalCode.ADDRESS_INVALID, ADDRESS_LENGTH, "address")
    if not new.consent:
        raise Refusal(RefusalCode.CONSENT_REQUIRED, "consent")
    if viewer.person_id is None:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED)
    phone = await prove_phone(env, viewer, new.phone, CodePurpose.CREATE_GROUP)
    async with unit_of_work(env) as unit:
        await consume_code(unit, phone)
        if not await reserve_ownership(viewer.person_id):
            raise Refusal(RefusalCode.GROUP_LIMIT_REACHED)
        group = Group(
            id=unit.new_id(),
            creator_id=viewer.person_id,
            name=name,
            type=new.type,
            address=address,
            nat_validity=new.nat_validity,
            created_at=unit.now,
            visited_on=unit.today,
        )
        await _open_group(env, unit, group, phone.number)
        return unit.returns(group.id)


async def _open_group(env: Env, unit: Unit, group: Group, phone: str) -> None:
    """Write a group with its creator as its first member, and ask for its first refresh."""
    await group.save(force_create=True)
    first = schedule_of(env, group).next_time(unit.now)
    unit.schedule(WorkKind.START_REFRESH, group.id, at=first)
    creator = NewMember(group.creator_id, phone, role=Role.CREATOR)
    _, rows = new_members(unit, group.id, [creator])
    created = Event(EventType.GROUP_CREATED, actor_id=group.creator_id)
    await unit.log_with(group.id, [created], {}, rows)


async def set_requirement(
    env: Env,
    viewer: Viewer,
    group_id: UUID,
    nat_validity: NatValidity,
    anomalous_codes: Iterable[HealthCode] | None,
) -> None:
    """Set what the group asks of its members, and judge it in the same transaction (R19).

    ``anomalous_codes`` left out stays as it is. A changed requirement alerts nobody (R28).
    """
    codes = None if anomalous_codes is None else chosen_codes(anomalous_codes)
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.EDIT_GROUP)
        changes: dict[str, object] = {"nat_validity": nat_validity}
        if codes is not None:
            changes["lists_yellow"] = HealthCode.YELLOW in codes
            changes["lists_unknown"] = HealthCode.UNKNOWN in codes
        await Group.filter(id=group_id).update(**changes)
        details = {"natValidity": nat_validity.value}
        event = Event(EventType.REQUIREMENT_SET, actor_id=viewer.person_id, details=details)
        await judge_in(unit, group_id, event, former_requirement=group.requirement)


@dataclass(frozen=True, slots=True)
class GroupChanges:
    """What of a group's page is to be edited; None leaves it as it is."""

    name: str | None = None
    type: GroupType | None = None
    address: str | None = None


async def update_group(env: Env, viewer: Viewer, group_id: UUID, new: GroupChanges) -> None:
    """Edit name, type or address, as the creator (R7). Refused: none of them, a bad one."""
    changes: dict[str, object] = {}
    if new.name is not None:
        changes["name"] = read_text(new.name, RefusalCode.NAME_INVALID, NAME_LENGTH, "name")
    if new.type is not None:
        changes["type"] = new.type
    if new.address is not None:
        changes["address"] = read_text(
            new.address, RefusalCode.ADDRESS_INVALID, ADDRESS_LENGTH, "address"
        )
    async with unit_of_work(env, group_id) as unit:
        await _edit(unit, viewer, group_id, EventType.GROUP_UPDATED, changes)


@dataclass(frozen=True, slots=True)
class PolicyChanges:
    """What of the invitation policy is to be set; None leaves it as it is (R9)."""

    admins_may_invite: bool | None = None
    open: bool | None = None
    remark_prompt: str | None = None
    remark_required: bool | None = None
    offers_sections: bool | None = None


async def set_invitation_policy(
    env: Env, viewer: Viewer, group_id: UUID, new: PolicyChanges
) -> list[UUID]:
    """Say who may invite and how people join, as the creator (R9).

    Once admins may not invite any more, the invitations they made stop, which are returned.
    """
    prompt = new.remark_prompt
    if prompt is not None:
        prompt = read_text(
            prompt, RefusalCode.PROMPT_INVALID, REMARK_LENGTH, "remarkPrompt", required=False
        )
    chosen = {
        "admins_may_invite": new.admins_may_invite,
        "joining_open": new.open,
        "remark_prompt": prompt,
        "remark_required": new.remark_required,
        "offers_sections": new.offers_sections,
    }
    changes: dict[str, object] = {key: value for key, value in chosen.items() if value is not None}
    async with unit_of_work(env, group_id) as unit:
        await _edit(unit, viewer, group_id, EventType.INVITATION_POLICY_SET, changes)
        stopped: list[UUID] = []
        if new.admins_may_invite is False:
            rows = Membership.filter(group_id=group_id, role=Role.ADMIN)
            admins = [person_id for (person_id,) in await rows.values_list("person_id")]
            stopped = await withdraw_invitations_of(unit, group_id, *admins)
        return unit.returns(stopped)


async def _edit(
    unit: Unit, viewer: Viewer, group_id: UUID, edit: EventType, changes: dict[str, object]
) -> None:
    await require(viewer, group_id, Right.EDIT_GROUP)
    if not changes:
        raise Refusal(RefusalCode.NOTHING_TO_CHANGE)
    details = {"changed": ",".join(sorted(changes))}
    event = Event(edit, actor_id=viewer.person_id, details=details)
    await unit.log(group_id, event, **changes)

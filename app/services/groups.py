"""Groups: creating one and setting what it requires (R1, R5-R7, R19)."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from app.domain.events import EventType, Fact
from app.domain.groups import CHOOSABLE_CODES, GroupType, NatValidity
from app.domain.health import HealthCode
from app.domain.identity import CodePurpose
from app.domain.limits import ADDRESS_LENGTH, NAME_LENGTH, OWNED_GROUPS
from app.domain.refusals import NotFound, Refusal, RefusalCode
from app.domain.roles import Role
from app.models.groups import Group, lock_group, take_ownership
from app.services.codes import consume_code, prove_phone
from app.services.env import Env, Viewer
from app.services.inputs import read_text
from app.services.judging import judge_in
from app.services.members import add_member
from app.services.unit import unit_of_work


@dataclass(frozen=True, slots=True)
class NewGroup:
    """What someone enters to create a group (R6)."""

    name: str
    type: GroupType
    address: str
    consent: bool
    nat_validity: NatValidity = NatValidity.NONE
    phone: str | None = None
    code: str | None = None


async def create_group(env: Env, viewer: Viewer, new: NewGroup) -> UUID:
    """Create a group whose creator is one of its people (R6); answers its id.

    Refused: no consent, nobody real-named, a sixth group (R1), a bad name or address.
    """
    name = read_text(new.name, RefusalCode.NAME_INVALID, NAME_LENGTH, "name")
    address = read_text(new.address, RefusalCode.ADDRESS_INVALID, ADDRESS_LENGTH, "address")
    if not new.consent:
        raise Refusal(RefusalCode.CONSENT_REQUIRED, "consent")
    if viewer.person_id is None:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED)
    phone = await prove_phone(env, viewer, new.phone, new.code, CodePurpose.CREATE_GROUP)
    group_id = uuid4()
    async with unit_of_work(env) as unit:
        await consume_code(unit, phone)
        if not await take_ownership(viewer.person_id):
            raise Refusal(RefusalCode.GROUP_LIMIT_REACHED, params={"limit": OWNED_GROUPS})
        await Group.create(
            id=group_id,
            creator_id=viewer.person_id,
            name=name,
            type=new.type,
            address=address,
            nat_validity=new.nat_validity,
            created_at=unit.now,
        )
        await unit.record(group_id, Fact(EventType.GROUP_CREATED, actor_id=viewer.person_id))
        await add_member(unit, group_id, viewer.person_id, Role.CREATOR, phone=phone.number)
    return group_id


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
    codes = None if anomalous_codes is None else frozenset(anomalous_codes) - {HealthCode.RED}
    if codes is not None and not codes <= CHOOSABLE_CODES:
        raise Refusal(RefusalCode.HEALTH_CODE_NOT_CHOOSABLE, "anomalousCodes")
    async with unit_of_work(env, group_id) as unit:
        group = await lock_group(group_id, "creator_id")
        if group is None or group["creator_id"] != viewer.person_id:
            raise NotFound
        changes: dict[str, object] = {"nat_validity": nat_validity}
        if codes is not None:
            changes["lists_yellow"] = HealthCode.YELLOW in codes
            changes["lists_unknown"] = HealthCode.UNKNOWN in codes
        await Group.filter(id=group_id).update(**changes)
        details = {"natValidity": nat_validity.value}
        fact = Fact(EventType.REQUIREMENT_SET, actor_id=viewer.person_id, details=details)
        await judge_in(unit, group_id, fact)

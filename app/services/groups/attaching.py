"""Attaching groups and organisations by an organisation's code, and detaching them (R45)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.limits import LIVE_ORGANISATION_CODES, ORGANISATION_CODE_LIFE
from app.domain.organisations import OrganisationRight, TreeSize, why_not_attached
from app.domain.refusals import Forbidden, NotFound, Refusal, RefusalCode
from app.domain.roles import Right
from app.domain.sms import SmsTemplate
from app.domain.text import typed
from app.models.due import Claim, WorkKind, finish
from app.models.groups import Group, lock_group
from app.models.members import Membership
from app.models.organisations import Organisation, OrganisationCode, roots_of
from app.models.trees import attach_below, groups_below, level_of, size_below, stand_alone
from app.ports.cipher import digest
from app.ports.tokens import random_token
from app.services.health.judging import judge_in
from app.services.kernel.above import changed_in_tree, in_tree, in_trees, require_oversight
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.notices import Notice, organisation_as_fits, tell_members

_EDIT = OrganisationRight.EDIT_ORGANISATION
_A_GROUP = TreeSize(levels=0, organisations=0, groups=1)


@dataclass(frozen=True, slots=True)
class NewCode:
    """A code just made; its token is the secret that attaches."""

    token: str
    expires_at: datetime


async def create_organisation_code(env: Env, viewer: Viewer, organisation_id: UUID) -> NewCode:
    """Make a code that attaches for 24 hours, as the owner. Refused: more than may live at once."""
    token = random_token()

    async def make(unit: Unit) -> NewCode:
        await require_oversight(viewer, organisation_id, _EDIT)
        live = OrganisationCode.filter(organisation_id=organisation_id, expires_at__gt=unit.now)
        if await live.count() >= LIVE_ORGANISATION_CODES:
            raise Refusal(RefusalCode.TOO_MANY_CODES)
        made = await OrganisationCode.create(
            id=unit.new_id(),
            organisation_id=organisation_id,
            created_by_id=viewer.person_id,
            token_hash=_hash(token),
            created_at=unit.now,
            expires_at=unit.now + ORGANISATION_CODE_LIFE,
        )
        return unit.returns(NewCode(token, made.expires_at))

    return await in_tree(env, organisation_id, make)


def _hash(token: str) -> str:
    return digest("organisation code", typed(token))


async def organisation_of_code(env: Env, token: str) -> Organisation:
    """Return to which organisation a code attaches. Refused: none, one that expired."""
    found = await OrganisationCode.filter(token_hash=_hash(token)).select_related("organisation")
    if not found:
        raise Refusal(RefusalCode.ORGANISATION_CODE_NOT_FOUND, "token")
    if env.clock.now() >= found[0].expires_at:
        raise Refusal(RefusalCode.ORGANISATION_CODE_EXPIRED, "token")
    return found[0].organisation


async def attach_group(env: Env, viewer: Viewer, group_id: UUID, token: str) -> None:
    """Attach a group to an organisation by its code, as the group's creator (R45).

    Whoever is in the group is told. Harmless when it is attached there. Refused: a code that
    doesn't work, a group that is attached elsewhere, a tree that is full.
    """
    upper = await organisation_of_code(env, token)

    async def find() -> Collection[UUID]:
        return [upper.id]

    async def attach(unit: Unit) -> None:
        group = await require(viewer, group_id, Right.EDIT_GROUP)
        if group.organisation_id == upper.id:
            return
        if group.organisation_id is not None:
            raise Refusal(RefusalCode.GROUP_ATTACHED_ELSEWHERE, "groupId")
        await _refuse_too_large(upper.id, _A_GROUP)
        event = Event(EventType.GROUP_ATTACHED, actor_id=viewer.person_id)
        attached = {"organisation_id": upper.id, "attached_at": unit.now}
        await Group.filter(id=group_id).update(**attached)
        await judge_in(unit, group_id, event)  # its numbers are kept from now on
        await changed_in_tree(unit, upper.id)
        await _tell(env, unit, group_id, upper.name, viewer.person_id)

    await in_trees(env, find, attach, group_id)


async def _refuse_too_large(upper_id: UUID, added: TreeSize) -> None:
    """Refuse what has no room below an organisation, whose root the caller holds (R44)."""
    roots = await roots_of([upper_id])
    if not roots:  # dissolved since the code was found
        raise Refusal(RefusalCode.ORGANISATION_CODE_NOT_FOUND, "token")
    tree = await size_below(roots[upper_id])
    refusal = why_not_attached(await level_of(upper_id), tree, added)
    if refusal is not None:
        raise refusal


async def _tell(env: Env, unit: Unit, group_id: UUID, name: str, by: UUID | None) -> None:
    """Tell everyone in a group that an organisation sees its numbers from now on (R45)."""
    params = {"organisation": organisation_as_fits(name)}
    notice = Notice(group_id, SmsTemplate.GROUP_OVERSEEN, by, params)
    members = await Membership.filter(group_id=group_id).only("id")
    await tell_members(env, unit, notice, [member.id for member in members])


async def tell_overseen(env: Env, claim: Claim) -> None:
    """Tell everyone in a group that what it is attached to was attached itself (R45)."""
    async with unit_of_work(env, claim.subject_id) as unit:
        group = await lock_group(claim.subject_id)
        if group is not None and group.organisation_id is not None:
            roots = await roots_of([group.organisation_id])
            root = await Organisation.get(id=roots[group.organisation_id])
            await _tell(env, unit, group.id, root.name, None)
        await finish(claim)


async def detach_group(env: Env, viewer: Viewer, group_id: UUID, *, from_above: bool) -> None:
    """Detach a group: as its creator, or ``from_above`` as the organisation's owner (R45).

    Harmless for its creator when it is attached to nothing.
    """

    async def find() -> Collection[UUID]:
        group = await Group.get_or_none(id=group_id).only("organisation_id")
        return [group.organisation_id] if group and group.organisation_id else []

    async def detach(unit: Unit) -> None:
        group = await _group_to_detach(viewer, group_id, from_above=from_above)
        if group.organisation_id is None:
            return
        await changed_in_tree(unit, group.organisation_id)
        event = Event(EventType.GROUP_DETACHED, actor_id=viewer.person_id)
        await unit.log(group_id, event, organisation_id=None, attached_at=None)

    await in_trees(env, find, detach, group_id)


async def _group_to_detach(viewer: Viewer, group_id: UUID, *, from_above: bool) -> Group:
    if not from_above:
        return await require(viewer, group_id, Right.EDIT_GROUP)
    group = await lock_group(group_id)
    if group is None or group.organisation_id is None:
        raise NotFound
    await require_oversight(viewer, group.organisation_id, _EDIT)
    return group


async def attach_organisation(env: Env, viewer: Viewer, organisation_id: UUID, token: str) -> None:
    """Attach an organisation to another by that one's code, as its owner (R45).

    Whoever is in a group below is told soon. Harmless when it is attached there. Refused: a code
    that doesn't work, one that is attached elsewhere, itself or one below it, a tree that is full
    or too deep.
    """
    upper = await organisation_of_code(env, token)

    async def find() -> Collection[UUID]:
        return [organisation_id, upper.id]

    async def attach(unit: Unit) -> None:
        lower = await require_oversight(viewer, organisation_id, _EDIT)
        if lower.parent_id == upper.id:
            return
        if (await roots_of([upper.id])).get(upper.id) == organisation_id:
            raise Refusal(RefusalCode.ORGANISATION_IN_ITSELF, "token")
        if lower.parent_id is not None:
            raise Refusal(RefusalCode.ORGANISATION_ATTACHED_ELSEWHERE, "organisationId")
        await _refuse_too_large(upper.id, await size_below(organisation_id))
        await attach_below(organisation_id, upper.id, unit.now, unit.new_id)
        await changed_in_tree(unit, organisation_id)
        unit.schedule(WorkKind.TELL_OVERSEEN, *await groups_below(organisation_id))

    await in_trees(env, find, attach)


async def detach_organisation(env: Env, viewer: Viewer, organisation_id: UUID) -> None:
    """Detach an organisation from the one above it, as the owner of either (R45).

    Harmless when it stands alone.
    """

    async def detach(unit: Unit) -> None:
        found = await require_oversight(viewer, organisation_id, OrganisationRight.VIEW_NUMBERS)
        upper_id = found.parent_id
        if viewer.person_id != found.owner_id:
            owned = Organisation.filter(id=upper_id, owner_id=viewer.person_id)
            if upper_id is None or not await owned.exists():
                raise Forbidden
        if upper_id is not None:
            await changed_in_tree(unit, organisation_id)
            await stand_alone(organisation_id)

    await in_tree(env, organisation_id, detach)

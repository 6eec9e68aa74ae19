"""Joining a group, freely and with consent, for oneself and relatives (R2, R4, R11-R14)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from app.domain.codes import CodePurpose
from app.domain.invitations import InvitationState
from app.domain.limits import RELATIVES, REMARK_LENGTH
from app.domain.refusals import Refusal, RefusalCode
from app.domain.verifications import VerificationPurpose
from app.models.accounts import Account
from app.models.groups import lock_group
from app.models.members import Membership
from app.models.relatives import Relative
from app.services.accounts.codes import consume_code, prove_phone
from app.services.accounts.families import lock_family
from app.services.accounts.verifications import (
    bind_person,
    consume_verification,
    own_verification,
    see_person,
)
from app.services.groups.enrolling import Entrant, enter, place_path, refuse_removed
from app.services.groups.invitations import find_invitation, invitation_state
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_text
from app.services.kernel.unit import Unit, unit_of_work

_REFUSED_BY: Final = {
    InvitationState.EXPIRED: RefusalCode.INVITATION_EXPIRED,
    InvitationState.WITHDRAWN: RefusalCode.INVITATION_WITHDRAWN,
    InvitationState.PAUSED: RefusalCode.INVITATION_PAUSED,
}


@dataclass(frozen=True, slots=True)
class PersonJoining:
    """One who joins: a relative, or without one the viewer, with a check of their face."""

    remark: str
    relative_id: UUID | None = None
    verification_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Joining:
    """What someone enters to join by an invitation (R11, R12)."""

    token: str
    consent: bool
    people: Sequence[PersonJoining]
    phone: str | None = None
    code: str | None = None


async def join_group(env: Env, viewer: Viewer, joining: Joining) -> list[UUID]:
    """Join by an invitation; answers the memberships that stand, in order (R12, R13).

    All or nothing: the code, the verification, the places in the group and the consents are
    used in one transaction. Everyone's data is fetched at once after it (R14).
    """
    invitation = await find_invitation(env, joining.token)
    if invitation is None:
        raise Refusal(RefusalCode.INVITATION_NOT_FOUND, "token")
    chosen = [person.relative_id for person in joining.people]
    if not chosen or len(set(chosen)) < len(chosen) or len(chosen) > 1 + RELATIVES:
        raise Refusal(RefusalCode.PEOPLE_INVALID, "people")
    group_id: UUID = invitation["group_id"]
    standing = await _all_standing(viewer.person_id, group_id, chosen)
    if standing is not None:
        return standing
    try:
        return await _join(env, viewer, joining, invitation)
    except Refusal:
        # The same request, sent twice at once, finds used what the other one used (R13).
        account = await Account.get(id=viewer.account_id).only("person_id", "person_shown")
        person_id = account.person_id if account.person_shown else None
        standing = await _all_standing(person_id, group_id, chosen)
        if standing is not None:
            return standing
        raise


async def _all_standing(
    person_id: UUID | None, group_id: UUID, chosen: Sequence[UUID | None]
) -> list[UUID] | None:
    """The memberships of all who were chosen; None while one of them is missing."""
    if person_id is None:
        return None
    members: list[Any] = []
    for relative_id in chosen:
        if relative_id is None:
            found = Membership.filter(group_id=group_id, person_id=person_id)
        else:
            hashes = await Relative.filter(id=relative_id, guardian_id=person_id).values_list(
                "identity_hash", flat=True
            )
            found = Membership.filter(
                group_id=group_id,
                person__identity_hash__in=hashes,
                guardianships__guardian_id=person_id,
            )
        members += await found.values_list("id", flat=True)
    return members if len(members) == len(chosen) else None


async def _join(
    env: Env, viewer: Viewer, joining: Joining, invitation: dict[str, Any]
) -> list[UUID]:
    group_id: UUID = invitation["group_id"]
    _refuse_closed(env, invitation)
    remarks = _read_joining(joining, invitation)
    own = next((at for at, who in enumerate(joining.people) if who.relative_id is None), None)
    check = None
    if own is not None:
        given = joining.people[own].verification_id
        check = await own_verification(
            env, viewer, given, VerificationPurpose.JOIN, *place_path(own, "verificationId")
        )
    phone = await prove_phone(env, viewer, joining.phone, joining.code, CodePurpose.JOIN)
    async with unit_of_work(env, group_id) as unit:
        await lock_group(group_id)
        _refuse_closed(env, await find_invitation(env, joining.token))
        await consume_code(unit, phone)
        if check is not None and own is not None:
            await consume_verification(unit, check, *place_path(own, "verificationId"))
            viewer = await bind_person(unit, viewer, check)
        entrants = await _entrants(unit, viewer, joining.people, remarks)
        await refuse_removed(group_id, entrants, invitation["created_at"])
        return await enter(unit, group_id, entrants, phone.number)


def _refuse_closed(env: Env, invitation: dict[str, Any] | None) -> None:
    if invitation is None:
        raise Refusal(RefusalCode.INVITATION_NOT_FOUND, "token")
    refused = _REFUSED_BY.get(invitation_state(invitation, env.clock.now()))
    if refused is not None:
        raise Refusal(refused, "token")


def _read_joining(joining: Joining, invitation: dict[str, Any]) -> list[str]:
    if not joining.consent:
        raise Refusal(RefusalCode.CONSENT_REQUIRED, "consent")
    remarks = []
    for place, person in enumerate(joining.people):
        path = place_path(place, "remark")
        remark = read_text(
            person.remark, RefusalCode.REMARK_INVALID, REMARK_LENGTH, *path, required=False
        )
        if not remark and invitation["group__remark_required"]:
            raise Refusal(RefusalCode.REMARK_REQUIRED, *path)
        remarks.append(remark)
    return remarks


async def _entrants(
    unit: Unit, viewer: Viewer, people: Sequence[PersonJoining], remarks: Sequence[str]
) -> list[Entrant]:
    """Find who joins: the viewer and their verified relatives (R12)."""
    relatives: dict[UUID, Relative] = {}
    if viewer.person_id is not None:
        await lock_family(viewer.person_id)
        chosen = [person.relative_id for person in people if person.relative_id]
        listed = await Relative.filter(id__in=chosen, guardian_id=viewer.person_id)
        relatives = {relative.id: relative for relative in listed}
    for place, person in enumerate(people):
        if person.relative_id is not None:
            _refuse_unverified(relatives.get(person.relative_id), place)
    # In one order everywhere: who enrol the same people at once don't wait for each other.
    persons: dict[UUID | None, UUID | None] = {None: viewer.person_id}
    for relative in sorted(relatives.values(), key=lambda one: one.identity_hash):
        persons[relative.id] = await see_person(unit, relative)
    entrants = []
    for place, (person, remark) in enumerate(zip(people, remarks, strict=True)):
        person_id = persons[person.relative_id]
        assert person_id is not None, "who joins themselves passed a check"
        entrant = Entrant(person_id, remark, place)
        if person.relative_id is not None:
            student = relatives[person.relative_id].student
            entrant = replace(entrant, student=student, guardian_id=viewer.person_id)
        entrants.append(entrant)
    return entrants


def _refuse_unverified(relative: Relative | None, place: int) -> None:
    if relative is None:
        raise Refusal(RefusalCode.RELATIVE_NOT_FOUND, *place_path(place, "relativeId"))
    if relative.verified_at is None:
        raise Refusal(RefusalCode.RELATIVE_NOT_VERIFIED, *place_path(place, "relativeId"))

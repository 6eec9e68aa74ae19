"""Joining a group, freely and with consent (R2, R4, R11, R13, R14)."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID, uuid4

from app.domain.events import EventType, Fact
from app.domain.groups import InvitationState
from app.domain.identity import CodePurpose, VerificationPurpose
from app.domain.limits import FIRST_FETCH_GRACE, GROUP_PEOPLE, REMARK_LENGTH
from app.domain.refusals import Refusal, RefusalCode
from app.domain.roles import Role
from app.models.accounts import Account
from app.models.consents import Consent
from app.models.due import WorkKind
from app.models.groups import lock_group, take_place
from app.models.members import Membership
from app.models.people import Person
from app.models.verifications import Verification
from app.services.codes import consume_code, prove_phone
from app.services.env import Env, Viewer
from app.services.inputs import read_text
from app.services.invitations import find_invitation, invitation_state
from app.services.unit import Unit, unit_of_work
from app.services.verifications import (
    bind_person,
    consume_verification,
    passed_verification,
)

# The terms that people agree to; a new text gets a new version, old consents keep theirs.
TERMS_VERSION: Final = "2026-11-01"

_REFUSED_BY: Final = {
    InvitationState.EXPIRED: RefusalCode.INVITATION_EXPIRED,
    InvitationState.WITHDRAWN: RefusalCode.INVITATION_WITHDRAWN,
    InvitationState.PAUSED: RefusalCode.INVITATION_PAUSED,
}


_VERIFICATION_PATH: Final = ("people", 0, "verificationId")
_REMARK_PATH: Final = ("people", 0, "remark")


@dataclass(frozen=True, slots=True)
class Joining:
    """What someone enters to join by an invitation (R11)."""

    token: str
    consent: bool
    remark: str
    verification_id: UUID | None
    phone: str | None = None
    code: str | None = None


async def join_group(env: Env, viewer: Viewer, joining: Joining) -> UUID:
    """Join for oneself by an invitation; answers the membership that stands (R13).

    All or nothing: the code, the verification, the place in the group and the consent are
    used in one transaction. The person's data is fetched at once after it (R14).
    """
    invitation = await find_invitation(env, joining.token)
    if invitation is None:
        raise Refusal(RefusalCode.INVITATION_NOT_FOUND, "token")
    group_id: UUID = invitation["group_id"]
    standing = await _membership_of(group_id, viewer.person_id)
    if standing is not None:
        return standing
    try:
        return await _join(env, viewer, joining, invitation)
    except Refusal:
        # The same request, sent twice at once, finds used what the other one used (R13).
        standing = await _standing_for(viewer, group_id)
        if standing is not None:
            return standing
        raise


async def _join(env: Env, viewer: Viewer, joining: Joining, invitation: dict[str, Any]) -> UUID:
    group_id: UUID = invitation["group_id"]
    _refuse_closed(env, invitation)
    remark = _read_joining(joining, invitation)
    verification = await passed_verification(
        env, viewer, joining.verification_id, VerificationPurpose.JOIN, *_VERIFICATION_PATH
    )
    await _refuse_another_person(viewer, verification)
    phone = await prove_phone(env, viewer, joining.phone, joining.code, CodePurpose.JOIN)
    async with unit_of_work(env, group_id) as unit:
        await lock_group(group_id)
        _refuse_closed(env, await find_invitation(env, joining.token))
        await consume_code(unit, phone)
        await consume_verification(unit, verification, *_VERIFICATION_PATH)
        viewer = await bind_person(unit, viewer, verification)
        return await _enter(unit, viewer, group_id, remark, phone.number)


async def _standing_for(viewer: Viewer, group_id: UUID) -> UUID | None:
    """The membership of whoever the viewer's account shows by now."""
    account = await Account.get(id=viewer.account_id).only("person_id", "person_shown")
    return await _membership_of(group_id, account.person_id if account.person_shown else None)


async def _membership_of(group_id: UUID, person_id: UUID | None) -> UUID | None:
    if person_id is None:
        return None
    found = await Membership.filter(group_id=group_id, person_id=person_id).values_list("id")
    return found[0][0] if found else None


def _refuse_closed(env: Env, invitation: dict[str, Any] | None) -> None:
    if invitation is None:
        raise Refusal(RefusalCode.INVITATION_NOT_FOUND, "token")
    refused = _REFUSED_BY.get(invitation_state(invitation, env.clock.now()))
    if refused is not None:
        raise Refusal(refused, "token")


def _read_joining(joining: Joining, invitation: dict[str, Any]) -> str:
    if not joining.consent:
        raise Refusal(RefusalCode.CONSENT_REQUIRED, "consent")
    remark = read_text(
        joining.remark, RefusalCode.REMARK_INVALID, REMARK_LENGTH, *_REMARK_PATH, required=False
    )
    if not remark and invitation["group__remark_required"]:
        raise Refusal(RefusalCode.REMARK_REQUIRED, *_REMARK_PATH)
    return remark


async def _refuse_another_person(viewer: Viewer, verification: Verification) -> None:
    """Whoever is real-named joins as themselves only (R11)."""
    if viewer.person_id is None:
        return
    own = await Person.get(id=viewer.person_id).only("identity_hash")
    if own.identity_hash != verification.identity_hash:
        raise Refusal(RefusalCode.VERIFICATION_MISMATCH, *_VERIFICATION_PATH)


async def _enter(unit: Unit, viewer: Viewer, group_id: UUID, remark: str, phone: str) -> UUID:
    """Take a place under the group's row, which the caller holds."""
    if viewer.person_id is None:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED, *_VERIFICATION_PATH)
    standing = await _membership_of(group_id, viewer.person_id)
    if standing is not None:
        return standing
    if not await take_place(group_id):
        raise Refusal(RefusalCode.GROUP_FULL, "token", params={"limit": GROUP_PEOPLE})
    member_id = await add_member(
        unit, group_id, viewer.person_id, Role.MEMBER, phone=phone, remark=remark
    )
    await unit.record(
        group_id, Fact(EventType.MEMBER_JOINED, actor_id=viewer.person_id, subject_id=member_id)
    )
    return member_id


async def add_member(
    unit: Unit, group_id: UUID, person_id: UUID, role: Role, *, phone: str, remark: str = ""
) -> UUID:
    """Write a membership with its consent (R11); have the person's data fetched (R14)."""
    awaited_until = unit.now + FIRST_FETCH_GRACE
    member = await Membership.create(
        id=uuid4(),
        group_id=group_id,
        person_id=person_id,
        role=role,
        remark=remark,
        phone=phone,
        joined_at=unit.now,
        awaited_until=awaited_until,
    )
    await Consent.create(
        id=uuid4(),
        person_id=person_id,
        group_id=group_id,
        given_by_id=person_id,
        terms_version=TERMS_VERSION,
        given_at=unit.now,
    )
    await unit.schedule(WorkKind.FETCH_PERSON, person_id)
    await unit.schedule(WorkKind.JUDGE_GROUP, group_id, awaited_until)
    return member.id

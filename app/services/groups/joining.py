"""Joining a group, freely and with consent, for oneself and relatives (R2, R4, R11-R14)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.codes import CodePurpose
from app.domain.invitations import why_not_joinable
from app.domain.joining import people_path, why_not_chosen
from app.domain.limits import REMARK_LENGTH
from app.domain.refusals import Refusal, RefusalCode
from app.domain.verifications import VerificationPurpose
from app.models.accounts import Account
from app.models.groups import Group, lock_group
from app.models.joiners import JoinerOnRecord, read_joiners
from app.models.members import Membership
from app.models.relatives import Relative
from app.models.verifications import Verification
from app.services.accounts.binding import bind_person
from app.services.accounts.codes import EnteredPhone, consume_code, prove_phone
from app.services.accounts.people import document_of, identity_hashes
from app.services.accounts.verifications import own_verification
from app.services.groups.enrolling import JoinedMember, admit
from app.services.groups.first_joins import has_room, join_first
from app.services.groups.invitations import FoundInvitation, find_invitation
from app.services.groups.joiners import Joiner, Proved, admitted_joiners
from app.services.groups.offering import sections_joined
from app.services.groups.phones import move_all, reached_at
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_phone, read_text
from app.services.kernel.unit import Unit, unit_of_work


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """What someone enters to join by an invitation (R11, R12)."""

    token: str
    consent: bool
    joiners: Sequence[Joiner]
    phone: EnteredPhone


async def join_group(env: Env, viewer: Viewer, request: JoinRequest) -> list[JoinedMember]:
    """Join by an invitation, and return the memberships, in the order of the joiners (R12).

    All or nothing: the code, the verification, the room in the group and the consents are
    used in one transaction. Everyone's data is fetched at once after it (R14). Whoever is in
    already keeps the membership they have (R13), and is reached at another phone if they prove
    one (R41).
    """
    invitation = await find_invitation(request.token)
    if invitation is None:
        raise Refusal(RefusalCode.INVITATION_NOT_FOUND, "token")
    chosen = [joiner.relative_id for joiner in request.joiners]
    refusal = why_not_chosen(chosen)
    if refusal is not None:
        raise Refusal(refusal, "people")
    group_id = invitation.group_id
    existing = await _all_existing(env, viewer.person_id, group_id, chosen)
    if existing is not None:
        await _reach_again(env, viewer, group_id, existing, request.phone)
        return _already(existing)
    try:
        return await _join(env, viewer, request, invitation)
    except Refusal:
        # The same request, sent twice at once, finds used what the other one used (R13).
        account = await Account.get(id=viewer.account_id).only("person_id", "person_shown")
        person_id = account.person_id if account.person_shown else None
        existing = await _all_existing(env, person_id, group_id, chosen)
        if existing is not None:
            return _already(existing)
        raise


def _already(members: Sequence[UUID]) -> list[JoinedMember]:
    return [JoinedMember(member_id, already=True) for member_id in members]


async def _reach_again(
    env: Env, viewer: Viewer, group_id: UUID, members: Sequence[UUID], entered: EnteredPhone
) -> None:
    """Have who joins again reached at the phone that they entered, if it is another (R41)."""
    if entered.phone is None:
        return
    number = read_phone(entered.phone, "phone")
    if await reached_at(viewer, members, number):
        return
    try:
        phone = await prove_phone(env, viewer, entered, CodePurpose.JOIN)
        async with unit_of_work(env, group_id) as unit:
            await lock_group(group_id)
            await consume_code(unit, phone)
            await move_all(unit, viewer, members, number)
            unit.returns(_already(members))
    except Refusal:
        # The same request, sent twice at once, finds used what the other one used (R13).
        if not await reached_at(viewer, members, number):
            raise


async def _all_existing(
    env: Env, person_id: UUID | None, group_id: UUID, chosen: Sequence[UUID | None]
) -> list[UUID] | None:
    """Return the memberships of all who were chosen; None while one of them has none.

    One for which consent was withdrawn is none: joining again is a new consent (R42).
    """
    if person_id is None:
        return None
    members: list[UUID] = []
    for relative_id in chosen:
        if relative_id is None:
            found = Membership.filter(group_id=group_id, person_id=person_id, withheld_at=None)
        else:
            relatives = await Relative.filter(id=relative_id, guardian_id=person_id)
            found = Membership.filter(
                group_id=group_id,
                withheld_at=None,
                person__identity_hash__in=[
                    found
                    for relative in relatives
                    for found in identity_hashes(env, document_of(relative))
                ],
                guardianships__guardian_id=person_id,
            )
        members += [member.id for member in await found.only("id")]
    return members if len(members) == len(chosen) else None


async def _join(
    env: Env, viewer: Viewer, request: JoinRequest, invitation: FoundInvitation
) -> list[JoinedMember]:
    _refuse_closed(env, invitation)
    remarks = _read_remarks(request, invitation)
    own = next((at for at, one in enumerate(request.joiners) if one.relative_id is None), None)
    verification = await _own_verification(env, viewer, request, own)
    number = None if verification is None else verification.account.phone
    phone = await prove_phone(env, viewer, request.phone, CodePurpose.JOIN, number)
    proved = Proved(invitation, remarks, own, verification, phone)
    async with unit_of_work(env, invitation.group_id) as unit:
        group = await lock_group(invitation.group_id)
        if group is None:
            raise Refusal(RefusalCode.INVITATION_NOT_FOUND, "token")
        _refuse_closed(env, replace(invitation, joining_open=group.joining_open))
        await consume_code(unit, phone)
        return unit.returns(await _enter(unit, viewer, request, proved, group))


async def _enter(
    unit: Unit, viewer: Viewer, request: JoinRequest, proved: Proved, group: Group
) -> list[JoinedMember]:
    """Let the joiners in, under the group's row."""
    invitation, own, number = proved.invitation, proved.own, proved.phone.number
    chosen = [one.section_id for one in request.joiners]
    sections = await sections_joined(invitation, group, chosen)
    used = False
    if len(chosen) == 1 and request.phone.phone is None and has_room(group):
        used, member = await join_first(unit, viewer, proved, group, sections[0])
        if member is not None:
            return [member]
    if proved.verification is not None and own is not None:
        path = people_path(own, "verificationId")
        viewer = await bind_person(unit, viewer, proved.verification, *path, used=used)
    joiners = await admitted_joiners(unit, viewer, request.joiners, proved.remarks)
    joiners = [replace(one, section_id=sections[one.index]) for one in joiners]
    people = [joiner.person_id for joiner in joiners]
    known = await read_joiners(group.id, invitation.id, invitation.created_at, people)
    _refuse_meanwhile(known.values())
    members = await admit(unit, viewer, group, joiners, known, number)
    if request.phone.phone is not None:
        await move_all(unit, viewer, [member.id for member in members], number)
    return members


async def _own_verification(
    env: Env, viewer: Viewer, request: JoinRequest, own: int | None
) -> Verification | None:
    """Find the verification of the viewer's own face; None when they don't join themselves."""
    if own is None:
        return None
    path = people_path(own, "verificationId")
    verification_id = request.joiners[own].verification_id
    return await own_verification(env, viewer, verification_id, VerificationPurpose.JOIN, *path)


def _refuse_meanwhile(known: Iterable[JoinerOnRecord]) -> None:
    """Refuse by what is known under the group's row: an invitation withdrawn meanwhile (R10).

    Who was removed since they were invited needs one anew (R16).
    """
    for joiner in known:
        if joiner.removed or joiner.withdrawn_at is not None:
            raise Refusal(RefusalCode.INVITATION_WITHDRAWN, "token")


def _refuse_closed(env: Env, invitation: FoundInvitation) -> None:
    refusal = why_not_joinable(invitation.state(env.clock.now()))
    if refusal is not None:
        raise Refusal(refusal, "token")


def _read_remarks(request: JoinRequest, invitation: FoundInvitation) -> list[str]:
    if not request.consent:
        raise Refusal(RefusalCode.CONSENT_REQUIRED, "consent")
    remarks = []
    for index, joiner in enumerate(request.joiners):
        path = people_path(index, "remark")
        remark = read_text(
            joiner.remark, RefusalCode.REMARK_INVALID, REMARK_LENGTH, *path, required=False
        )
        if not remark and invitation.remark_required:
            raise Refusal(RefusalCode.REMARK_REQUIRED, *path)
        remarks.append(remark)
    return remarks

"""Closing an account: at once by its owner, or after three years in which nobody used it (R34)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from tortoise.expressions import Q, Subquery

from app.domain.codes import CodePurpose
from app.domain.consents import Kept, kept_longest
from app.domain.events import Event, EventType
from app.domain.refusals import Refusal, RefusalCode, Unauthenticated
from app.domain.verifications import VerificationPurpose
from app.models.accounts import Account, erase_unused_accounts
from app.models.groups import Group, lock_group
from app.models.guardians import Guardianship
from app.models.health import erase_unneeded_records
from app.models.members import Membership
from app.models.organisations import Organisation, lock_roots, roots_of
from app.models.people import erase_unneeded_people
from app.models.relatives import Relative
from app.models.verifications import Verification
from app.services.accounts.codes import EnteredCode, ProvedPhone, check_code, consume_code
from app.services.accounts.verifications import consume_verification, own_verification
from app.services.groups.consents import withdraw_in
from app.services.groups.oversight import leave_all_oversights, overseen_by
from app.services.kernel.env import Env, Viewer
from app.services.kernel.unit import Unit, unit_of_work


@dataclass(frozen=True, slots=True)
class ClosingProof:
    """What proves that it is the account's owner who closes it: a code to its phone, or a face."""

    code: EnteredCode | None = None
    verification_id: UUID | None = None


_Checked = ProvedPhone | Verification


async def close_account(env: Env, viewer: Viewer, proof: ClosingProof) -> list[Kept]:
    """Erase the viewer's account at once, and return what stays kept of their health (R34, R42).

    Consents for themselves, and for wards who have no other guardian, are withdrawn by it, unless
    another account is theirs, too. Refused: the creator of a group or owner of an organisation, who
    offers or dissolves it first (R16, R44), and who proves nothing.
    """
    checked = await _check(env, viewer, proof)
    # No step of a request with a key: with the account goes its session, and what was done by it.
    async with unit_of_work(env, on_the_way=True) as unit:
        person_id = await _whose(viewer)
        kept = await _leave_all(env, unit, viewer, person_id) if person_id else []
        await _use_up(unit, checked)
        if not await Account.filter(id=viewer.account_id).delete():
            raise Unauthenticated
        if person_id:
            await _forget_person(person_id)
        return kept


async def _check(env: Env, viewer: Viewer, proof: ClosingProof) -> _Checked:
    """Check what was given as a proof; it is used up by the transaction that closes."""
    if proof.verification_id is not None:
        purpose = VerificationPurpose.CLOSE_ACCOUNT
        return await own_verification(env, viewer, proof.verification_id, purpose, "verificationId")
    if proof.code is None:
        raise Refusal(RefusalCode.CODE_REQUIRED, "code")
    account = await Account.get(id=viewer.account_id).only("phone")
    code_id = await check_code(env, account.phone, CodePurpose.CLOSE_ACCOUNT, proof.code)
    return ProvedPhone(account.phone, code_id)


async def _use_up(unit: Unit, checked: _Checked) -> None:
    if isinstance(checked, ProvedPhone):
        await consume_code(unit, checked)
    else:
        await consume_verification(unit, checked, "verificationId")


async def _whose(viewer: Viewer) -> UUID | None:
    """Return the person who has no account any more once this one is closed."""
    if viewer.person_id is None:
        return None
    others = Account.filter(person_id=viewer.person_id, person_shown=True)
    return None if await others.exclude(id=viewer.account_id).exists() else viewer.person_id


async def _leave_all(env: Env, unit: Unit, viewer: Viewer, person_id: UUID) -> list[Kept]:
    """Withdraw the consents of a person and of wards who have nobody else, in all groups at once.

    Other wards go on with their other guardians.
    """
    await lock_roots({*(await roots_of(await overseen_by(person_id))).values()})
    if await Organisation.filter(owner_id=person_id).exists():
        raise Refusal(RefusalCode.OWNER_CANNOT_LEAVE)
    await leave_all_oversights(unit, person_id)
    for group_id in await _groups_of(person_id):  # in the order of their keys, ahead of all else
        await lock_group(group_id)
    if await Group.filter(creator_id=person_id, dissolved_at=None).exists():
        raise Refusal(RefusalCode.CREATOR_CANNOT_LEAVE)
    for hold in await _holds_of(person_id):
        await _hand_on(unit, hold)
    kept: list[Kept] = []
    for member in await Membership.filter(_answers_for(person_id), group__dissolved_at=None):
        kept += await withdraw_in(env, unit, viewer, member.id, member.group_id)
    return kept_longest(kept)


def _answers_for(person_id: UUID) -> Q:
    """Return the members that a person is, or is a guardian of."""
    wards = Guardianship.filter(guardian_id=person_id).values_list("member_id", flat=True)
    return Q(person_id=person_id) | Q(id__in=Subquery(wards))


async def _groups_of(person_id: UUID) -> list[UUID]:
    members = Membership.filter(_answers_for(person_id), group__dissolved_at=None)
    owned = Group.filter(creator_id=person_id, dissolved_at=None)
    return sorted({one.group_id for one in await members} | {one.id for one in await owned})


async def _holds_of(person_id: UUID) -> list[Guardianship]:
    return await Guardianship.filter(guardian_id=person_id).select_related("member")


async def _hand_on(unit: Unit, hold: Guardianship) -> None:
    """Leave a ward to another guardian, if there is one: that one is told from now on (R12)."""
    others = Guardianship.filter(member_id=hold.member_id).exclude(id=hold.id)
    other = await others.order_by("created_at").first()
    if other is None:
        return
    await hold.delete()
    enrolled = Membership.filter(id=hold.member_id, enrolled_by_id=hold.guardian_id)
    await enrolled.update(enrolled_by_id=other.guardian_id, phone=other.phone)
    await unit.log(hold.member.group_id, Event(EventType.MEMBERS_UPDATED))


async def _forget_person(person_id: UUID) -> None:
    """Forget what only the account needed; the person too, unless a group still knows them."""
    await Relative.filter(guardian_id=person_id).delete()
    await erase_unneeded_records([person_id])
    await erase_unneeded_people([person_id])


async def close_unused(env: Env, before: datetime) -> bool:
    """Erase a batch of accounts that nobody used since ``before`` and whose people are in no group.

    Return whether there was any (R34).
    """
    async with unit_of_work(env):
        people = await erase_unused_accounts(before)
        known = sorted(one for one in people if one is not None)
        await erase_unneeded_records(known)
        await erase_unneeded_people(known)
    return bool(people)

"""Binding an account to the person who passed a face check, whoever it showed before (R6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from app.domain.refusals import Refusal, RefusalCode
from app.domain.verifications import VerificationPurpose
from app.models.accounts import Account, Session
from app.models.binding import use_and_bind
from app.models.due import WorkKind
from app.models.guardians import move_phone
from app.models.members import NOWHERE
from app.models.people import erase_unneeded_people
from app.models.statements import dialect
from app.models.verifications import Verification
from app.ports.bus import account_channel
from app.services.accounts.devices import forget_devices
from app.services.accounts.people import (
    find_or_make,
    identity_hashes,
    new_person,
    verified_name_of,
)
from app.services.accounts.verifications import consume_verification, passed_verification
from app.services.kernel.env import Env, Viewer
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.recipients import own_phones


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be made, unless they are there already, and the id they would have."""

    id: UUID
    row: Mapping[str, object]


async def confirm_identity(env: Env, viewer: Viewer, verification_id: UUID) -> None:
    """Make the viewer real-named by a passed verification (R6).

    Another person than the phone's takes the phone over, and its other sessions end.
    """
    verification = await passed_verification(
        env, viewer, verification_id, VerificationPurpose.IDENTIFY, "verificationId"
    )
    async with unit_of_work(env) as unit:
        await bind_person(unit, viewer, verification, "verificationId")


async def bind_person(
    unit: Unit, viewer: Viewer, verification: Verification, *path: str | int, used: bool = False
) -> Viewer:
    """Use a verification up as ``consume_verification`` does, and bind the account to the person.

    It is bound to who passed, whoever it showed before (R6). The relatives of someone whom it
    didn't show come by themselves (R12). ``used``: it was used up, and nobody bound.
    """
    person_id = None if used else await _bind_new(unit, viewer, verification, *path)
    if person_id is None:
        person_id = await _bind_known(unit, viewer, verification)
    unit.announce(account_channel(viewer.account_id))
    return Viewer(viewer.account_id, viewer.session_id, person_id)


def who_is_new(unit: Unit, viewer: Viewer, verification: Verification) -> NewPerson | None:
    """Return the person whom a verification is about as a row, to be tried by one statement.

    None where the account shows somebody, or while keys are changed: they may be known under
    several hashes.
    """
    verified = verified_name_of(verification)
    hashes = identity_hashes(unit, verified.document)
    if viewer.person_id is not None or len(hashes) > 1 or dialect() == "sqlite":
        return None
    person_id = unit.new_id()
    return NewPerson(person_id, new_person(unit, person_id, hashes[0], verified))


async def _bind_new(
    unit: Unit, viewer: Viewer, verification: Verification, *path: str | int
) -> UUID | None:
    """Use the verification up; return whom the account is bound to, where nobody was known yet.

    Somebody new to an account that had nobody: one statement.
    """
    new = who_is_new(unit, viewer, verification)
    if new is None:
        await consume_verification(unit, verification, *path)
        return None
    found = await use_and_bind(verification.id, viewer.account_id, new.row, unit.now)
    if not found.used:
        raise Refusal(RefusalCode.VERIFICATION_USED, *path)
    if not found.bound:
        return None
    unit.gather(WorkKind.FETCH_FAMILY, new.id)
    return new.id


async def _bind_known(unit: Unit, viewer: Viewer, verification: Verification) -> UUID:
    """Bind an account that may have shown somebody, to a person who may be known; return them."""
    person_id, is_new = await find_or_make(unit, verification)
    account = await Account.select_for_update().get(id=viewer.account_id)
    if account.person_id not in (None, person_id):
        others = Session.filter(account_id=account.id, ended_at=None).exclude(id=viewer.session_id)
        await others.update(ended_at=unit.now)
        await forget_devices(account.id, but=viewer.session_id)
    if account.person_id != person_id or not account.person_shown:
        unit.gather(WorkKind.FETCH_FAMILY, person_id)
    before = account.person_id
    if before is not None:
        account.taken_over_at = None if before == person_id else unit.now
    account.person_id = person_id
    account.person_shown = True
    await account.save(update_fields=["person_id", "person_shown", "taken_over_at"])
    if before not in (None, person_id):
        await _detach_phone(unit, before, account.phone)
    if not is_new:
        await _move_phone(unit, person_id, NOWHERE, account.phone)
    return person_id


async def _detach_phone(unit: Unit, person_id: UUID, phone: str) -> None:
    """Have nothing about a person reach a phone that is somebody else's now (R6).

    Who has no other is reached nowhere until they come back, and is an admin no longer (R7);
    whom nothing else needs goes (R34).
    """
    others = await own_phones(person_id)
    if not others:
        unit.schedule(WorkKind.END_ROLES, person_id)
    await _move_phone(unit, person_id, phone, others[0] if others else NOWHERE)
    await erase_unneeded_people([person_id])


async def _move_phone(unit: Unit, person_id: UUID, old: str, new: str) -> None:
    """Have a person reached at another phone, which is news in the groups that show it (R6)."""
    group_ids = await move_phone(person_id, old, new)
    unit.changes(*group_ids)
    unit.schedule(WorkKind.JUDGE_GROUP, *group_ids)

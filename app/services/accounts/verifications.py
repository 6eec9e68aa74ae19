"""Verifications: a face check is opened at the provider, passes, and is used once (R6, R11)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.domain.identity import IdType
from app.domain.refusals import Refusal, RefusalCode
from app.domain.verifications import (
    VerificationPurpose,
    VerificationStatus,
    believed_pass,
    is_about,
    why_not_usable,
)
from app.models.accounts import Account, Session
from app.models.binding import keep_pass, use_and_bind
from app.models.due import WorkKind
from app.models.guardians import move_phone
from app.models.members import NOWHERE
from app.models.people import Person, erase_unneeded_people
from app.models.statements import dialect
from app.models.verifications import Verification
from app.ports.bus import account_channel
from app.ports.http import GatewayError
from app.services.accounts.devices import forget_devices
from app.services.accounts.names import note_verified_name
from app.services.accounts.people import (
    document_of,
    find_or_make,
    identity_hashes,
    new_person,
    verified_name_of,
)
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_document, read_person_name
from app.services.kernel.unavailable import unavailable
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.recipients import own_phones


@dataclass(frozen=True, slots=True)
class OpenedVerification:
    """A verification that was opened, and where the person takes it, which is told once."""

    id: UUID
    url: str
    status: VerificationStatus
    expires_at: datetime


async def start_verification(
    env: Env, viewer: Viewer, purpose: VerificationPurpose, name: str, id_type: IdType, number: str
) -> OpenedVerification:
    """Open a verification at the provider.

    Refused: an illegible name or number, a provider that doesn't answer.
    """
    name = read_person_name(name, "name")
    document = read_document(id_type, number, env.today(), "idNumber")
    try:
        started = await env.identity.start(document, name, purpose)
    except GatewayError as error:
        raise unavailable(RefusalCode.IDENTITY_SERVICE_UNAVAILABLE, error) from None
    async with unit_of_work(env) as unit:
        verification = await Verification.create(
            id=unit.new_id(),
            account_id=viewer.account_id,
            provider_id=started.id,
            purpose=purpose,
            identity_hash=identity_hashes(env, document)[0],
            id_type=id_type,
            id_number=document.id_number,
            name=name,
            status=VerificationStatus.PENDING,
            created_at=unit.now,
            expires_at=started.expires_at,
        )
        return unit.returns(
            OpenedVerification(
                verification.id, started.url, verification.status, verification.expires_at
            )
        )


async def passed_verification(
    env: Env,
    viewer: Viewer,
    verification_id: UUID | None,
    purpose: VerificationPurpose,
    *path: str | int,
) -> Verification:
    """Find the viewer's own passed verification for a purpose, asking the provider if needed.

    Its account is read with it. Call it outside any transaction; ``consume_verification`` uses it
    up in one. Refused: none or another account's, pending, failed, for another purpose, used, or
    too old.
    """
    own = Verification.get_or_none(id=verification_id, account_id=viewer.account_id)
    found = await own.select_related("account")
    if found is None:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED, *path)
    if found.purpose is not purpose:
        raise Refusal(RefusalCode.VERIFICATION_MISMATCH, *path)
    if found.status is VerificationStatus.PENDING:
        await ask_provider(env, found)
    now = env.clock.now()
    refusal = why_not_usable(found.status, found.passed_at, found.used_at, now)
    if refusal is not None:
        raise Refusal(refusal, *path)
    return found


async def own_verification(
    env: Env,
    viewer: Viewer,
    verification_id: UUID | None,
    purpose: VerificationPurpose,
    *path: str | int,
) -> Verification:
    """Find a verification as ``passed_verification`` does, of the viewer's own face.

    Someone who isn't real-named yet becomes so by it (``bind_person``).
    """
    found = await passed_verification(env, viewer, verification_id, purpose, *path)
    if viewer.person_id is not None:
        own = await Person.get(id=viewer.person_id).only("id_type", "id_number")
        if document_of(own) != document_of(found):
            raise Refusal(RefusalCode.VERIFICATION_MISMATCH, *path)
    return found


async def ask_provider(env: Env, verification: Verification) -> None:
    """Ask what became of a pending verification, and keep it. Refused without an answer."""
    try:
        outcome = await env.identity.outcome(verification.provider_id)
    except GatewayError as error:
        raise unavailable(RefusalCode.IDENTITY_SERVICE_UNAVAILABLE, error) from None
    verification.status = outcome.status
    if outcome.status is VerificationStatus.PASSED:
        document = document_of(verification)
        if not is_about(outcome, document, verification.name, verification.purpose):
            verification.status = VerificationStatus.FAILED
        verification.passed_at = believed_pass(
            outcome.passed_at, verification.created_at, env.clock.now()
        )
    async with unit_of_work(env, on_the_way=True) as unit:
        if verification.status is not VerificationStatus.PASSED:
            await verification.save(update_fields=["status", "passed_at"])
        elif await _keep_pass(unit, verification):
            await note_verified_name(unit, verified_name_of(verification))


async def _keep_pass(unit: Unit, verification: Verification) -> bool:
    """Keep that a verification passed; False where nobody is known under its document."""
    if dialect() == "postgres":
        return await keep_pass(verification, identity_hashes(unit, document_of(verification)))
    await verification.save(update_fields=["status", "passed_at"])
    return True


async def consume_verification(unit: Unit, verification: Verification, *path: str | int) -> None:
    """Use up a passed verification in the transaction of what it was for.

    Refused when another one used it meanwhile: the update is the decision.
    """
    used = await Verification.filter(id=verification.id, used_at=None).update(used_at=unit.now)
    if not used:
        raise Refusal(RefusalCode.VERIFICATION_USED, *path)


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
    unit: Unit, viewer: Viewer, verification: Verification, *path: str | int
) -> Viewer:
    """Use a verification up as ``consume_verification`` does, and bind the account to the person.

    It is bound to who passed, whoever it showed before (R6). The relatives of someone whom it
    didn't show come by themselves (R12).
    """
    person_id = await _bind_new(unit, viewer, verification, *path)
    if person_id is None:
        person_id = await _bind_known(unit, viewer, verification)
    unit.announce(account_channel(viewer.account_id))
    return Viewer(viewer.account_id, viewer.session_id, person_id)


async def _bind_new(
    unit: Unit, viewer: Viewer, verification: Verification, *path: str | int
) -> UUID | None:
    """Use the verification up; return whom the account is bound to, where nobody was known yet.

    Somebody new to an account that had nobody: one statement.
    """
    verified = verified_name_of(verification)
    hashes = identity_hashes(unit, verified.document)
    if viewer.person_id is not None or len(hashes) > 1 or dialect() == "sqlite":
        await consume_verification(unit, verification, *path)
        return None
    person_id = unit.new_id()
    person = new_person(unit, person_id, hashes[0], verified)
    found = await use_and_bind(verification.id, viewer.account_id, person, unit.now)
    if not found.used:
        raise Refusal(RefusalCode.VERIFICATION_USED, *path)
    if not found.bound:
        return None
    unit.schedule(WorkKind.FETCH_FAMILY, person_id)
    return person_id


async def _bind_known(unit: Unit, viewer: Viewer, verification: Verification) -> UUID:
    """Bind an account that may have shown somebody, to a person who may be known; return them."""
    person_id, is_new = await find_or_make(unit, verification)
    account = await Account.select_for_update().get(id=viewer.account_id)
    if account.person_id not in (None, person_id):
        others = Session.filter(account_id=account.id, ended_at=None).exclude(id=viewer.session_id)
        await others.update(ended_at=unit.now)
        await forget_devices(account.id, but=viewer.session_id)
    if account.person_id != person_id or not account.person_shown:
        unit.schedule(WorkKind.FETCH_FAMILY, person_id)
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

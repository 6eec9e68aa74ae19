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
from app.models.binding import keep_pass_of_nobody
from app.models.people import Person
from app.models.statements import dialect
from app.models.verifications import Verification, find_own
from app.ports.http import GatewayError
from app.services.accounts.names import note_verified_name
from app.services.accounts.people import (
    document_of,
    identity_hashes,
    verified_name_of,
)
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_document, read_person_name
from app.services.kernel.unavailable import unavailable
from app.services.kernel.unit import Unit, unit_of_work


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
    found = await find_own(verification_id, viewer.account_id) if verification_id else None
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
    passed = verification.status is VerificationStatus.PASSED
    if passed and await _keep_pass_of_nobody(env, verification):
        return
    async with unit_of_work(env, on_the_way=True) as unit:
        await verification.save(update_fields=["status", "passed_at"])
        if passed:
            await note_verified_name(unit, verified_name_of(verification))


async def _keep_pass_of_nobody(env: Env, verification: Verification) -> bool:
    """Keep that a verification passed, if nobody is known under its document: one statement.

    False where somebody is, and nothing is kept.
    """
    if dialect() == "sqlite":
        return False
    hashes = identity_hashes(env, document_of(verification))
    return await keep_pass_of_nobody(verification, hashes)


async def consume_verification(unit: Unit, verification: Verification, *path: str | int) -> None:
    """Use up a passed verification in the transaction of what it was for.

    Refused when another one used it meanwhile: the update is the decision.
    """
    used = await Verification.filter(id=verification.id, used_at=None).update(used_at=unit.now)
    if not used:
        raise Refusal(RefusalCode.VERIFICATION_USED, *path)

"""Families: the relatives whom someone may enrol (R12)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

import structlog

from app.domain.family import RegisteredRelative, Relation, is_full, may_change
from app.domain.identity import Document, IdType
from app.domain.refusals import Refusal, RefusalCode
from app.domain.text import folded
from app.domain.verifications import VerificationPurpose
from app.models.guardians import Guardianship
from app.models.hashes import bring_up_to_date
from app.models.people import Person
from app.models.relatives import Relative
from app.models.verifications import Verification
from app.ports.http import GatewayError
from app.services.accounts.names import VerifiedName, note_verified_name, verified_names
from app.services.accounts.people import document_of, identity_hashes
from app.services.accounts.verifications import consume_verification, passed_verification
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_document, read_person_name
from app.services.kernel.unavailable import unavailable
from app.services.kernel.unit import Unit, unit_of_work

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NewRelative:
    """What someone enters to add a relative by hand."""

    name: str
    id_type: IdType
    id_number: str
    relation: Relation
    student: bool
    verification_id: UUID | None


async def add_relative(env: Env, viewer: Viewer, new: NewRelative) -> UUID:
    """Add a relative by a verification of their face (R12), and return the relative's id.

    One who is on the list already is verified by it. Refused: nobody real-named, oneself,
    a verification of somebody else's face, a list that is full.
    """
    guardian_id = _real_named(viewer)
    name = read_person_name(new.name, "name")
    document = read_document(new.id_type, new.id_number, env.today(), "idNumber")
    own = await Person.get(id=guardian_id).only("id_type", "id_number")
    if document_of(own) == document:
        raise Refusal(RefusalCode.RELATIVE_IS_SELF, "idNumber")
    verification = await passed_verification(
        env, viewer, new.verification_id, VerificationPurpose.ADD_RELATIVE, "verificationId"
    )
    _refuse_other_face(verification, document, name)
    async with unit_of_work(env) as unit:
        await lock_family(guardian_id)
        await consume_verification(unit, verification, "verificationId")
        entry = RegisteredRelative(name, document, new.relation, True, new.student)
        verified_name = (await verified_names(unit, [document])).get(document)
        relative_id = await _put(unit, guardian_id, entry, verified_name, by_registry=False)
        if relative_id is None:
            raise Refusal(RefusalCode.FAMILY_TOO_LARGE)
        return unit.returns(relative_id)


async def verify_relative(
    env: Env, viewer: Viewer, relative_id: UUID, verification_id: UUID | None
) -> None:
    """Verify a relative whom the registry lists unverified, by their face (R12)."""
    relative = await _own_relative(viewer, relative_id)
    verification = await passed_verification(
        env, viewer, verification_id, VerificationPurpose.ADD_RELATIVE, "verificationId"
    )
    document = document_of(relative)
    _refuse_other_face(verification, document, relative.name)
    async with unit_of_work(env) as unit:
        await lock_family(_real_named(viewer))
        await _own_relative(viewer, relative_id)
        await consume_verification(unit, verification, "verificationId")
        name = (await verified_names(unit, [document])).get(document)
        await Relative.filter(id=relative_id, verified_at=None).update(
            verified_at=unit.now, name=name or verification.name
        )


async def remove_relative(env: Env, viewer: Viewer, relative_id: UUID) -> None:
    """Take a relative off the list; refused while they are enrolled by the viewer (R12)."""
    relative = await _own_relative(viewer, relative_id)
    async with unit_of_work(env):
        await lock_family(_real_named(viewer))
        if await Guardianship.filter(
            guardian_id=viewer.person_id,
            member__person__identity_hash__in=identity_hashes(env, document_of(relative)),
            member__group__dissolved_at=None,
        ).exists():
            raise Refusal(RefusalCode.RELATIVE_ENROLLED, "relativeId")
        await Relative.filter(id=relative_id).delete()


async def sync_relatives(env: Env, viewer: Viewer) -> list[UUID]:
    """Bring the viewer's list in line with the outside registry (R12).

    Return whom it takes off the list. Refused when nobody is real-named, or the registry
    doesn't answer.
    """
    guardian_id = _real_named(viewer)
    own = document_of(await Person.get(id=guardian_id))
    try:
        listed, requested_at = await listed_by_registry(env, own)
    except GatewayError as error:
        raise unavailable(RefusalCode.FAMILY_REGISTRY_UNAVAILABLE, error) from None
    return await bring_in_line(env, guardian_id, listed, requested_at)


async def listed_by_registry(
    env: Env, own: Document
) -> tuple[dict[Document, RegisteredRelative], datetime]:
    """Return the relatives of whoever has a document, and when the registry was asked."""
    requested_at = env.clock.now()
    answered = await env.family.relatives(own)
    entries = _legible(answered, env.today())
    return {entry.document: entry for entry in entries if entry.document != own}, requested_at


async def bring_in_line(
    env: Env,
    guardian_id: UUID,
    listed: Mapping[Document, RegisteredRelative],
    requested_at: datetime,
) -> list[UUID]:
    """Bring a list in line with what the registry has; return whom that takes off it."""
    for entry in listed.values():
        if entry.verified:
            async with unit_of_work(env, on_the_way=True) as unit:
                name = VerifiedName(entry.name, entry.document, requested_at)
                await note_verified_name(unit, name)
    registered = Relative.filter(guardian_id=guardian_id, registered=True)
    async with unit_of_work(env) as unit:
        if not listed and not await registered.exists():
            return unit.returns([])
        await lock_family(guardian_id)
        enrolled = await _enrolled_by(env, guardian_id)
        staying = [found for one in listed for found in identity_hashes(env, one)]
        gone = registered.exclude(identity_hash__in=[*staying, *enrolled])
        gone_ids = [relative_id for (relative_id,) in await gone.values_list("id")]
        if gone_ids:
            await gone.delete()
        names = await verified_names(unit, listed)
        for document, entry in listed.items():
            await _put(unit, guardian_id, entry, names.get(document), by_registry=True)
        return unit.returns(gone_ids)


def _legible(entries: Iterable[RegisteredRelative], today: date) -> Iterator[RegisteredRelative]:
    """Yield the registry's entries as if a person had entered them; leave out illegible ones."""
    illegible = 0
    for entry in entries:
        try:
            name = read_person_name(entry.name)
            document = read_document(entry.document.id_type, entry.document.id_number, today)
        except Refusal:
            illegible += 1
        else:
            yield replace(entry, name=name, document=document)
    if illegible:
        log.warning("illegible entries of the family registry", left_out=illegible)


async def _enrolled_by(env: Env, guardian_id: UUID) -> Iterable[str]:
    """Return the hashes by which those whom someone enrolled may be on their list."""
    held = Guardianship.filter(guardian_id=guardian_id, member__group__dissolved_at=None)
    rows = await held.values_list("member__person__id_type", "member__person__id_number")
    return [found for row in rows for found in identity_hashes(env, Document(*row))]


async def _put(
    unit: Unit,
    guardian_id: UUID,
    entry: RegisteredRelative,
    verified_name: str | None,
    *,
    by_registry: bool,
) -> UUID | None:
    """Write one relative, known by their document; None when the list is full.

    Who was verified once stays so, under the ``verified_name`` of the person if they are known as
    one (R6).
    """
    relative, key = await _listed(unit, guardian_id, entry.document)
    if relative is None:
        if is_full(await Relative.filter(guardian_id=guardian_id).count()):
            return None
        relative = _new_relative(unit, guardian_id, key, entry, by_registry=by_registry)
    if may_change(of_registry=relative.registered, by_registry=by_registry):
        relative.registered = by_registry
        relative.relation, relative.student = entry.relation, entry.student
    if entry.verified or relative.verified_at is None:
        relative.name, relative.id_number = entry.name, entry.document.id_number
    if entry.verified and relative.verified_at is None:
        relative.verified_at = unit.now
    if relative.verified_at is not None:
        relative.name = verified_name or relative.name
    await relative.save()
    return relative.id


async def _listed(unit: Unit, guardian_id: UUID, document: Document) -> tuple[Relative | None, str]:
    """Return who is on a list by their document, and the hash that it is known by."""
    hashes = identity_hashes(unit, document)
    await bring_up_to_date(Relative, "identity_hash", hashes, guardian_id=guardian_id)
    found = await Relative.get_or_none(guardian_id=guardian_id, identity_hash=hashes[0])
    return found, hashes[0]


def _new_relative(
    unit: Unit, guardian_id: UUID, key: str, entry: RegisteredRelative, *, by_registry: bool
) -> Relative:
    return Relative(
        id=unit.new_id(),
        guardian_id=guardian_id,
        identity_hash=key,
        id_type=entry.document.id_type,
        id_number=entry.document.id_number,
        name=entry.name,
        relation=entry.relation,
        student=entry.student,
        registered=by_registry,
        verified_at=None,
        created_at=unit.now,
    )


def _refuse_other_face(verification: Verification, document: Document, name: str) -> None:
    """Refuse one that proves another document, or another name than the list would show."""
    if document_of(verification) != document or folded(verification.name) != folded(name):
        raise Refusal(RefusalCode.VERIFICATION_MISMATCH, "verificationId")


def _real_named(viewer: Viewer) -> UUID:
    if viewer.person_id is None:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED)
    return viewer.person_id


async def _own_relative(viewer: Viewer, relative_id: UUID) -> Relative:
    relative = await Relative.get_or_none(id=relative_id, guardian_id=_real_named(viewer))
    if relative is None:
        raise Refusal(RefusalCode.RELATIVE_NOT_FOUND, "relativeId")
    return relative


async def lock_family(guardian_id: UUID) -> None:
    """Lock the guardian's row: their list is changed, and enrolled from, by one at a time.

    It is locked after the group's row, by whoever takes both.
    """
    # Objects, not values: Tortoise drops the lock of a query for values.
    await Person.filter(id=guardian_id).select_for_update(no_key=True).only("id")

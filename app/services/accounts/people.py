"""People as verifications and families know them: by the keyed hash of their document (R6)."""

from uuid import UUID

from app.domain.identity import Document
from app.models.hashes import bring_up_to_date
from app.models.inserting import insert_rows
from app.models.people import Person
from app.models.relatives import Relative
from app.models.verifications import Verification
from app.services.accounts.names import VerifiedName
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit


def identity_hashes(known_by: Env | Unit, document: Document) -> list[str]:
    """Return the keyed hashes by which a person is known, the one to write first (R6)."""
    return known_by.lookups("identity", document.key)


async def ensure_person(unit: Unit, known: Verification | Relative) -> UUID:
    """Return the person that a verification or a relative is about, making them if new (R6).

    One row a document, whoever comes first: the insert that conflicts does nothing.
    """
    person_id, _ = await find_or_make(unit, known)
    return person_id


async def find_or_make(unit: Unit, known: Verification | Relative) -> tuple[UUID, bool]:
    """Return the person's id, and whether they are new, so that nothing can refer to them yet."""
    verified = verified_name_of(known)
    hashes = identity_hashes(unit, verified.document)
    await bring_up_to_date(Person, "identity_hash", hashes)
    person_id = unit.new_id()
    new = new_person(unit, person_id, hashes[0], verified)
    if await insert_rows(Person, [new], "ON CONFLICT (identity_hash) DO NOTHING RETURNING id"):
        return person_id, True
    person = await Person.get(identity_hash=hashes[0]).only("id")
    return person.id, False


def new_person(
    unit: Unit, person_id: UUID, identity_hash: str, verified: VerifiedName
) -> dict[str, object]:
    """Return the row of a person who is new."""
    return {
        "id": person_id,
        "identity_hash": identity_hash,
        "id_type": verified.document.id_type,
        "id_number": verified.document.id_number,
        "name": verified.name,
        "name_verified_at": verified.at,
        "owned_groups": 0,
        "created_at": unit.now,
    }


def verified_name_of(known: Verification | Relative) -> VerifiedName:
    """Return the name that a passed verification, or a verified relative, is under."""
    at = known.passed_at if isinstance(known, Verification) else known.verified_at
    assert at is not None, "it was verified"
    return VerifiedName(known.name, document_of(known), at)


def document_of(known: Person | Verification | Relative) -> Document:
    """Return the document that a row is about."""
    return Document(known.id_type, known.id_number)

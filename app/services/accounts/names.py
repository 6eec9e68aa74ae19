"""People's names: the newest one verified is theirs, everywhere at once (R6)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q

from app.domain.identity import Document
from app.models.news import schedule_judging_of_people
from app.models.people import Person
from app.models.relatives import Relative
from app.models.rosters import schedule_matching_of_person
from app.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class VerifiedName:
    """A name that a face check or the registry verified at a time, with the document it is on."""

    name: str
    document: Document
    at: datetime


async def note_verified_name(unit: Unit, verified: VerifiedName) -> None:
    """Make a verified name the person's, unless they have a newer one; none are made by it.

    The number is taken over too: a permit's tells how often it was renewed. A new one is news in
    every group of theirs. Runs in the caller's transaction, which names no second person: two that
    did could wait for each other.
    """
    newer = Q(name_verified_at=None) | Q(name_verified_at__lte=verified.at)
    hashes = unit.lookups("identity", verified.document.key)
    known = Person.filter(identity_hash__in=hashes)
    shown = {"name": verified.name, "id_number": verified.document.id_number}
    before = await known.select_for_update(no_key=True).first()
    same = before is not None and (before.name, before.id_number) == tuple(shown.values())
    changes = {"name_verified_at": verified.at} | ({} if same else shown)
    noted = before is None or await known.filter(newer).update(**changes)
    if not noted:
        return
    if before is not None and not same:
        unit.changes_name(before.id)
        await schedule_judging_of_people(unit.now, [before.id])
        await schedule_matching_of_person(unit.now, before.id)
        unit.announce_due(unit.now)
    listed = Relative.filter(identity_hash__in=hashes, verified_at__not_isnull=True)
    await listed.update(**shown)


async def verified_names(unit: Unit, documents: Collection[Document]) -> dict[Document, str]:
    """Return the names of those among these who are known as persons."""
    if not documents:
        return {}
    known = {found: one for one in documents for found in unit.lookups("identity", one.key)}
    rows = Person.filter(identity_hash__in=list(known)).values_list("identity_hash", "name")
    return {known[identity_hash]: name for identity_hash, name in await rows}

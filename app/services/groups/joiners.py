"""Who joins, as entered and as people: the viewer themselves, or their relatives (R12)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.domain.joining import people_path, why_not_enrolled
from app.domain.refusals import Refusal
from app.models.relatives import Relative
from app.models.verifications import Verification
from app.services.accounts.codes import ProvedPhone
from app.services.accounts.families import lock_family
from app.services.accounts.people import document_of, ensure_person
from app.services.groups.enrolling import AdmittedJoiner
from app.services.groups.invitations import FoundInvitation
from app.services.kernel.env import Viewer
from app.services.kernel.unit import Unit


@dataclass(frozen=True, slots=True)
class Joiner:
    """One person who joins, as entered: a relative, or without one the viewer, verified."""

    remark: str
    relative_id: UUID | None = None
    verification_id: UUID | None = None
    section_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Proved:
    """What is known of a request before the group is locked.

    ``own``: the viewer's place among the joiners, if they join themselves.
    """

    invitation: FoundInvitation
    remarks: Sequence[str]
    own: int | None
    verification: Verification | None
    phone: ProvedPhone


async def admitted_joiners(
    unit: Unit, viewer: Viewer, joiners: Sequence[Joiner], remarks: Sequence[str]
) -> list[AdmittedJoiner]:
    """Find the person of each joiner: the viewer, or a verified relative of theirs (R12)."""
    relatives = await _chosen_relatives(viewer, joiners)
    # In one order everywhere: who enrol the same people at once don't wait for each other.
    persons: dict[UUID | None, UUID | None] = {None: viewer.person_id}
    for relative in sorted(relatives.values(), key=lambda one: document_of(one).key):
        persons[relative.id] = await ensure_person(unit, relative)
    admitted = []
    for index, (joiner, remark) in enumerate(zip(joiners, remarks, strict=True)):
        person_id = persons[joiner.relative_id]
        assert person_id is not None, "who joins themselves passed a verification"
        one = AdmittedJoiner(person_id, remark, index)
        if joiner.relative_id is not None:
            student = relatives[joiner.relative_id].student
            one = replace(one, student=student, guardian_id=viewer.person_id)
        admitted.append(one)
    return admitted


async def _chosen_relatives(viewer: Viewer, joiners: Sequence[Joiner]) -> dict[UUID, Relative]:
    """Return the relatives among the joiners by their ids; their list is locked from now on."""
    relatives: dict[UUID, Relative] = {}
    chosen = [joiner.relative_id for joiner in joiners if joiner.relative_id]
    if viewer.person_id is not None and chosen:
        await lock_family(viewer.person_id)
        listed = await Relative.filter(id__in=chosen, guardian_id=viewer.person_id)
        relatives = {relative.id: relative for relative in listed}
    for index, joiner in enumerate(joiners):
        if joiner.relative_id is not None:
            relative = relatives.get(joiner.relative_id)
            verified = relative is not None and relative.verified_at is not None
            refusal = why_not_enrolled(relative is not None, verified)
            if refusal is not None:
                raise Refusal(refusal, *people_path(index, "relativeId"))
    return relatives

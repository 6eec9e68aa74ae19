"""The viewer's relatives (R12)."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from app.domain.family import Relation
from app.domain.identity import IdType, mask_id_number
from app.models.relatives import Relative
from app.resolvers.context import Info


@dataclass(frozen=True, slots=True)
class RelativeRow:
    """Someone of the viewer's family."""

    typename: ClassVar[str] = "Relative"

    id: UUID
    name: str
    id_type: IdType
    id_number_masked: str
    relation: Relation
    student: bool
    verified: bool


async def relatives(info: Info) -> list[RelativeRow]:
    """Resolve ``me.relatives``, in the order of coming onto the list."""
    viewer = await info.context.viewer()
    if viewer.person_id is None:
        return []
    own = Relative.filter(guardian_id=viewer.person_id).order_by("created_at", "id")
    return [_row(row) for row in await own]


async def load_relative(info: Info, relative_id: UUID) -> RelativeRow | None:
    """Read one of the viewer's own relatives."""
    return (await load_relatives(info, [relative_id])).get(relative_id)


async def load_relatives(info: Info, relative_ids: Sequence[UUID]) -> dict[UUID, RelativeRow]:
    """Read those of some relatives that are the viewer's own."""
    viewer = await info.context.viewer()
    if viewer.person_id is None:
        return {}
    own = Relative.filter(id__in=list(relative_ids), guardian_id=viewer.person_id)
    return {relative.id: _row(relative) for relative in await own}


def _row(relative: Relative) -> RelativeRow:
    return RelativeRow(
        id=relative.id,
        name=relative.name,
        id_type=relative.id_type,
        id_number_masked=mask_id_number(relative.id_number),
        relation=relative.relation,
        student=relative.student,
        verified=relative.verified_at is not None,
    )

"""Who would turn anomalous under another requirement, before it is set (R19)."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.groups import NatValidity
from app.domain.health import HealthCode
from app.models.members import Membership
from app.models.reading import read
from app.resolvers.accesses import note
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.member_row import MemberRow
from app.resolvers.member_selection import member_columns
from app.services.health.previews import preview_requirement


@dataclass(frozen=True, slots=True)
class RequirementPreviewRow:
    """Who would turn anomalous in a group, and how many would be in all."""

    group_id: UUID
    group_version: int
    member_ids: list[UUID]
    anomalous_after: int

    @property
    def count(self) -> int:
        """How many would turn anomalous who aren't now."""
        return len(self.member_ids)


async def requirement_preview(
    root: GroupRow,
    info: Info,
    nat_validity: NatValidity,
    anomalous_codes: Sequence[HealthCode] | None,
) -> RequirementPreviewRow:
    """Resolve ``requirementPreview``: who would turn anomalous, before it is set (R19)."""
    preview = await preview_requirement(info.context.env, root.id, nat_validity, anomalous_codes)
    return RequirementPreviewRow(root.id, root.version, preview.turning, preview.anomalous_after)


async def preview_members(root: RequirementPreviewRow, info: Info) -> list[MemberRow]:
    """Resolve ``requirementPreview.members``."""
    await note(info, root.group_id, root.group_version)
    columns = member_columns(info)
    turning = Membership.filter(id__in=root.member_ids).order_by("joined_at", "id")
    return [MemberRow(row) for row in await read(turning, columns)]

"""Sections: the classes or departments of a group (R50)."""

from uuid import UUID

from tortoise import Model, fields

from app.models.groups import Group


class Section(Model):
    """A part of a group that some of its members are in; ``folded`` is what names compare by."""

    id = fields.UUIDField(primary_key=True)
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="sections"
    )
    name = fields.CharField(30)
    folded = fields.CharField(600)  # one character may fold to eighteen
    created_at = fields.DatetimeField()

    class Meta:
        table = "section"
        unique_together = (("group", "folded"),)


async def sections_by_name(group_id: UUID) -> dict[str, UUID]:
    """Return the sections of a group by their folded names, as ``folded_section`` folds them."""
    rows = await Section.filter(group_id=group_id).order_by("created_at", "id")
    return {section.folded: section.id for section in rows}

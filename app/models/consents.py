"""Consents: which terms, when, for whom, given by whom (R11)."""

from uuid import UUID

from tortoise import Model, fields

from app.models.groups import Group
from app.models.people import Person


class Consent(Model):
    """One person's consent to share their health data with one group."""

    id = fields.UUIDField(primary_key=True)
    person_id: UUID
    person: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="consents"
    )
    group_id: UUID
    group: fields.ForeignKeyRelation[Group] = fields.ForeignKeyField(
        "app.Group", related_name="consents"
    )
    given_by_id: UUID
    given_by: fields.ForeignKeyRelation[Person] = fields.ForeignKeyField(
        "app.Person", related_name="consents_given"
    )
    terms_version = fields.CharField(16)
    given_at = fields.DatetimeField()
    withdrawn_at = fields.DatetimeField(null=True)  # R42

    class Meta:
        table = "consent"
        indexes = (("person_id",), ("group_id",), ("given_by_id",))

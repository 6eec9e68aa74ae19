"""Consents: which terms, when, for whom, given by whom (R11)."""

from typing import Any

from tortoise import Model, fields


class Consent(Model):
    """One person's consent to share their health data with one group."""

    id = fields.UUIDField(primary_key=True)
    person: Any = fields.ForeignKeyField("app.Person", related_name="consents")
    group: Any = fields.ForeignKeyField("app.Group", related_name="consents")
    given_by: Any = fields.ForeignKeyField("app.Person", related_name="consents_given")
    terms_version = fields.CharField(16)
    given_at = fields.DatetimeField()

    class Meta:
        table = "consent"

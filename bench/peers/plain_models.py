"""The unencrypted copies, as models of the ORM."""

from tortoise import Model, fields


class PersonModel(Model):
    """A person."""

    id = fields.UUIDField(primary_key=True)
    name = fields.TextField()
    id_number = fields.TextField()
    record: fields.BackwardOneToOneRelation["RecordModel"]
    tests: fields.ReverseRelation["TestModel"]

    class Meta:
        table, schema = "person", "plain"


class GroupModel(Model):
    """A group."""

    id = fields.UUIDField(primary_key=True)
    name = fields.TextField()
    colour = fields.TextField()
    member_count = fields.IntField()

    class Meta:
        table, schema = "groups", "plain"


class MembershipModel(Model):
    """A person in a group."""

    id = fields.UUIDField(primary_key=True)
    group: fields.ForeignKeyRelation[GroupModel] = fields.ForeignKeyField(
        "plain.GroupModel", related_name="memberships"
    )
    person: fields.ForeignKeyRelation[PersonModel] = fields.ForeignKeyField(
        "plain.PersonModel", related_name="memberships"
    )
    role = fields.TextField()
    remark = fields.TextField()
    phone = fields.TextField()
    joined_at = fields.DatetimeField()

    class Meta:
        table, schema = "membership", "plain"


class RecordModel(Model):
    """A health record."""

    person: fields.OneToOneRelation[PersonModel] = fields.OneToOneField(
        "plain.PersonModel", related_name="record", primary_key=True
    )
    health_code = fields.TextField()
    health_code_at = fields.DatetimeField(null=True)
    doses = fields.IntField()
    as_of = fields.DatetimeField()

    class Meta:
        table, schema = "health_record", "plain"


class TestModel(Model):
    """A test."""

    id = fields.UUIDField(primary_key=True)
    person: fields.ForeignKeyRelation[PersonModel] = fields.ForeignKeyField(
        "plain.PersonModel", related_name="tests"
    )
    result = fields.TextField()
    sampled_at = fields.DatetimeField()
    tested_at = fields.DatetimeField(null=True)

    class Meta:
        table, schema = "test", "plain"


class TextArray(fields.Field[list[str]]):
    """An array of texts."""

    SQL_TYPE = "text[]"
    field_type = list


class AnomalyModel(Model):
    """An anomaly."""

    member: fields.OneToOneRelation[MembershipModel] = fields.OneToOneField(
        "plain.MembershipModel", related_name="anomaly", primary_key=True
    )
    reasons = TextArray()

    class Meta:
        table, schema = "anomaly", "plain"

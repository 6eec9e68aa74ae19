from tortoise import migrations
from tortoise.migrations import operations as ops
from app.domain.accesses import AccessedPeople
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('app', '0007_partly_read')]

    initial = False

    operations = [
        ops.CreateModel(
            name='AccessSpell',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('access', fields.ForeignKeyField('app.AccessDay', source_field='access_id', db_constraint=True, to_field='id', related_name='spells', on_delete=OnDelete.CASCADE)),
                ('people', fields.CharEnumField(description='', enum_type=AccessedPeople, max_length=8)),
                ('people_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('joined_by', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('first_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('last_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'access_spell', 'app': 'app', 'unique_together': (('access', 'people', 'people_at', 'joined_by'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        # What was noted before is about who was in the group between the first time and the last.
        ops.RunSQL(
            """
            INSERT INTO access_spell
                (id, access_id, people, people_at, joined_by, first_at, last_at)
            SELECT id, id, 'MEMBERS', first_at, last_at, first_at, last_at FROM access_day
            """,
            "DELETE FROM access_spell",
        ),
        ops.AddField(
            model_name='FormerMember',
            name='guardian_ids',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from app.domain.groups import NatValidity
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('app', '0031_sections')]

    initial = False

    operations = [
        ops.CreateModel(
            name='ReminderSchedule',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.OneToOneField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='reminder_schedule', on_delete=OnDelete.CASCADE)),
                ('minute', fields.IntField()),
                ('weekdays', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('anomalous', fields.BooleanField()),
                ('no_negative_within', fields.CharEnumField(description='', enum_type=NatValidity, max_length=8)),
                ('health_codes', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
                ('ran_on', fields.DateField(null=True)),
            ],
            options={'table': 'reminder_schedule', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Membership',
            name='digest_minute',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Membership',
            name='digest_on',
            field=fields.DateField(null=True),
        ),
    ]

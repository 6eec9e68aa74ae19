from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise.fields.base import OnDelete
from tortoise.fields.data import JSON_DUMPS
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('app', '0023_traces')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DayCount',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='day_counts', on_delete=OnDelete.CASCADE)),
                ('day', fields.DateField(db_index=True)),
                ('refreshed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('statistics', fields.JSONField(encoder=JSON_DUMPS, decoder=loads)),
            ],
            options={'table': 'day_count', 'app': 'app', 'unique_together': (('group', 'day'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ShownCount',
            fields=[
                ('code_green', fields.SmallIntField(null=True)),
                ('code_yellow', fields.SmallIntField(null=True)),
                ('code_red', fields.SmallIntField(null=True)),
                ('code_unknown', fields.SmallIntField(null=True)),
                ('test_h24_negative', fields.SmallIntField(null=True)),
                ('test_h24_positive', fields.SmallIntField(null=True)),
                ('test_h48_negative', fields.SmallIntField(null=True)),
                ('test_h48_positive', fields.SmallIntField(null=True)),
                ('test_h72_negative', fields.SmallIntField(null=True)),
                ('test_h72_positive', fields.SmallIntField(null=True)),
                ('test_d7_negative', fields.SmallIntField(null=True)),
                ('test_d7_positive', fields.SmallIntField(null=True)),
                ('test_older_negative', fields.SmallIntField(null=True)),
                ('test_older_positive', fields.SmallIntField(null=True)),
                ('test_none', fields.SmallIntField(null=True)),
                ('doses_0', fields.SmallIntField(null=True)),
                ('doses_1', fields.SmallIntField(null=True)),
                ('doses_2', fields.SmallIntField(null=True)),
                ('doses_3', fields.SmallIntField(null=True)),
                ('doses_4', fields.SmallIntField(null=True)),
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.OneToOneField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='shown_count', on_delete=OnDelete.CASCADE)),
            ],
            options={'table': 'shown_count', 'app': 'app', 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.CreateModel(
            name='ShownDay',
            fields=[
                ('code_green', fields.SmallIntField(null=True)),
                ('code_yellow', fields.SmallIntField(null=True)),
                ('code_red', fields.SmallIntField(null=True)),
                ('code_unknown', fields.SmallIntField(null=True)),
                ('test_h24_negative', fields.SmallIntField(null=True)),
                ('test_h24_positive', fields.SmallIntField(null=True)),
                ('test_h48_negative', fields.SmallIntField(null=True)),
                ('test_h48_positive', fields.SmallIntField(null=True)),
                ('test_h72_negative', fields.SmallIntField(null=True)),
                ('test_h72_positive', fields.SmallIntField(null=True)),
                ('test_d7_negative', fields.SmallIntField(null=True)),
                ('test_d7_positive', fields.SmallIntField(null=True)),
                ('test_older_negative', fields.SmallIntField(null=True)),
                ('test_older_positive', fields.SmallIntField(null=True)),
                ('test_none', fields.SmallIntField(null=True)),
                ('doses_0', fields.SmallIntField(null=True)),
                ('doses_1', fields.SmallIntField(null=True)),
                ('doses_2', fields.SmallIntField(null=True)),
                ('doses_3', fields.SmallIntField(null=True)),
                ('doses_4', fields.SmallIntField(null=True)),
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='shown_days', on_delete=OnDelete.CASCADE)),
                ('day', fields.DateField(db_index=True)),
            ],
            options={'table': 'shown_day', 'app': 'app', 'unique_together': (('group', 'day'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Group',
            name='count_seed',
            field=fields.UUIDField(null=True),
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from app.models.fields import EncryptedJson
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('app', '0002_membership')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DayReport',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='reports', on_delete=OnDelete.CASCADE)),
                ('day', fields.DateField(db_index=True)),
                ('refreshed_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ('statistics', EncryptedJson()),
                ('members', EncryptedJson()),
            ],
            options={'table': 'day_report', 'app': 'app', 'unique_together': (('group', 'day'),), 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Anomaly',
            name='alert_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Anomaly',
            name='reason_mask',
            field=fields.IntField(default=0),
        ),
        ops.AddField(
            model_name='FormerMember',
            name='as_of',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Group',
            name='alerted_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Group',
            name='visited_on',
            field=fields.DateField(null=True),
        ),
        ops.AddField(
            model_name='Membership',
            name='alerts',
            field=fields.BooleanField(default=True),
        ),
        ops.AddField(
            model_name='Membership',
            name='reminded_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        # Groups that stand already are refreshed by themselves from now on.
        ops.RunSQL(
            """
            INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
            SELECT 'START_REFRESH:' || CAST(id AS TEXT), 'START_REFRESH', id, created_at, 0, id
            FROM groups WHERE dissolved_at IS NULL
            """
        ),
    ]

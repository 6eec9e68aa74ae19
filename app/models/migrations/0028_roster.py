from tortoise import migrations
from tortoise.migrations import operations as ops
from app.models.fields import EncryptedText
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('app', '0026_counts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='RosterEntry',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('group', fields.ForeignKeyField('app.Group', source_field='group_id', db_constraint=True, to_field='id', related_name='roster', on_delete=OnDelete.CASCADE)),
                ('member', fields.ForeignKeyField('app.Membership', source_field='member_id', null=True, db_constraint=True, to_field='id', related_name='listed_as', on_delete=OnDelete.SET_NULL)),
                ('name_hash', fields.CharField(max_length=64)),
                ('name', EncryptedText()),
                ('remark', EncryptedText()),
                ('section', EncryptedText()),
                ('imported_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'roster_entry', 'app': 'app', 'indexes': [Index(fields=['group_id', 'imported_at', 'id']), Index(fields=['member_id'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
        ops.AddField(
            model_name='Group',
            name='not_joined_count',
            field=fields.IntField(default=0, db_default=0),
        ),
        ops.AddField(
            model_name='Group',
            name='roster_count',
            field=fields.IntField(default=0, db_default=0),
        ),
    ]

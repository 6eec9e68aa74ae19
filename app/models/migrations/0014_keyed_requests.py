from tortoise import migrations
from tortoise.migrations import operations as ops
from app.models.fields import EncryptedJson
from tortoise.fields.base import OnDelete
from uuid import uuid4
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('app', '0013_former_names')]

    initial = False

    operations = [
        ops.CreateModel(
            name='KeyedRequest',
            fields=[
                ('id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('session', fields.ForeignKeyField('app.Session', source_field='session_id', db_index=True, db_constraint=True, to_field='id', related_name='keyed_requests', on_delete=OnDelete.CASCADE)),
                ('fingerprint', fields.CharField(max_length=64)),
                ('steps', EncryptedJson()),
                ('answer', EncryptedJson(null=True)),
                ('created_at', fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={'table': 'keyed_request', 'app': 'app', 'indexes': [Index(fields=['created_at'])], 'pk_attr': 'id'},
            bases=['Model'],
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from uuid import uuid4
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('app', '0017_unused_accounts')]

    initial = False

    operations = [
        ops.CreateModel(
            name='DataVersion',
            fields=[
                ('group_id', fields.UUIDField(primary_key=True, default=uuid4, unique=True, db_index=True)),
                ('version', fields.UUIDField()),
            ],
            options={'table': 'data_version', 'app': 'app', 'pk_attr': 'group_id'},
            bases=['Model'],
        ),
    ]

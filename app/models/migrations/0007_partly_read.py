from tortoise import migrations
from tortoise.migrations import operations as ops
from orjson import loads
from tortoise import fields
from tortoise.fields.data import JSON_DUMPS

class Migration(migrations.Migration):
    dependencies = [('app', '0006_verified_names')]

    initial = False

    operations = [
        ops.AddField(
            model_name='RefreshRun',
            name='partly_read',
            field=fields.JSONField(null=True, encoder=JSON_DUMPS, decoder=loads),
        ),
    ]

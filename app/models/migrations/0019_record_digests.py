from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('app', '0018_data_versions')]

    initial = False

    operations = [
        ops.AddField(
            model_name='HealthRecord',
            name='digest',
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddField(
            model_name='HealthRecord',
            name='changed_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]

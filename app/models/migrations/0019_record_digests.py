from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('app', '0016_due_by_kind')]

    initial = False

    operations = [
        ops.AddField(
            model_name='HealthRecord',
            name='digest',
            field=fields.CharField(null=True, max_length=64),
        ),
    ]

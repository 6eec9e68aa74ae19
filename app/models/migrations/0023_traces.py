from tortoise import fields, migrations
from tortoise.migrations import operations as ops


class Migration(migrations.Migration):
    dependencies = [("app", "0022_processes")]

    initial = False

    operations = [
        ops.AddField(
            model_name="DueWork",
            name="trace",
            field=fields.CharField(null=True, max_length=55),
        ),
    ]

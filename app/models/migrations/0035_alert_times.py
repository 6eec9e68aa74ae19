from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('app', '0034_schedules')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Anomaly',
            name='alert_version',
            field=fields.BigIntField(null=True),
        ),
        ops.AddField(
            model_name='Membership',
            name='alert_minute',
            field=fields.IntField(null=True),
        ),
        ops.AddField(
            model_name='Membership',
            name='alerted_version',
            field=fields.BigIntField(null=True),
        ),
    ]

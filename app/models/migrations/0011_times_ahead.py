from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from app.models.fields import EncryptedJson

class Migration(migrations.Migration):
    dependencies = [('app', '0010_devices')]

    initial = False

    operations = [
        ops.AddField(
            model_name='HealthRecord',
            name='ahead',
            field=EncryptedJson(null=True),
        ),
        ops.AddField(
            model_name='HealthRecord',
            name='next_negative_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]

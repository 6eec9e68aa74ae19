from tortoise import migrations
from tortoise.migrations import operations as ops
from app.models.fields import EncryptedText
from tortoise import fields

class Migration(migrations.Migration):
    dependencies = [('app', '0028_roster')]

    initial = False

    operations = [
        ops.AddField(
            model_name='Membership',
            name='excuse_reason',
            field=EncryptedText(null=True),
        ),
        ops.AddField(
            model_name='Membership',
            name='excused_from',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='Membership',
            name='excused_until',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.fields.base import OnDelete
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('app', '0035_alert_times')]

    initial = False

    operations = [
        ops.AddField(
            model_name='RosterEntry',
            name='of_section',
            field=fields.ForeignKeyField('app.Section', source_field='of_section_id', null=True, db_constraint=True, to_field='id', related_name='expects', on_delete=OnDelete.SET_NULL),
        ),
        ops.AddIndex(
            model_name='RosterEntry',
            index=Index(fields=['of_section_id']),
        ),
    ]

from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields
from tortoise.indexes import Index

class Migration(migrations.Migration):
    dependencies = [('app', '0004_former_reminders')]

    initial = False

    operations = [
        ops.RunSQL(
            "UPDATE due_work SET kind = 'RUN_REFRESH',"
            " key = replace(key, 'REFRESH_GROUP', 'RUN_REFRESH') WHERE kind = 'REFRESH_GROUP'",
            "UPDATE due_work SET kind = 'REFRESH_GROUP',"
            " key = replace(key, 'RUN_REFRESH', 'REFRESH_GROUP') WHERE kind = 'RUN_REFRESH'",
        ),
        ops.AddField(
            model_name='DueWork',
            name='dead_at',
            field=fields.DatetimeField(null=True, auto_now=False, auto_now_add=False),
        ),
        ops.AddField(
            model_name='DueWork',
            name='error',
            field=fields.CharField(null=True, max_length=64),
        ),
        ops.AddIndex(
            model_name='DueWork',
            index=Index(fields=['kind', 'due_at']),
        ),
    ]

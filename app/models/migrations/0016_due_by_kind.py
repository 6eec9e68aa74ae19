from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise import fields


class DropFieldIndex(ops.AlterField):
    """Remove only the index of a field.

    Tortoise would make the table anew on SQLite, which loses its other indexes.
    """

    async def database_forward(self, app_label, old_state, new_state, state_editor=None):
        if state_editor:
            model = old_state.apps.get_model(f"{app_label}.{self.model_name}")
            name = state_editor._generate_index_name("idx", model, [self.name])
            await state_editor._run_sql(state_editor._drop_index_sql(model, name))


class Migration(migrations.Migration):
    dependencies = [('app', '0015_looked_up')]

    initial = False

    operations = [
        DropFieldIndex(
            model_name='DueWork',
            name='due_at',
            field=fields.DatetimeField(auto_now=False, auto_now_add=False),
        ),
    ]

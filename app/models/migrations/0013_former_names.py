from tortoise import migrations
from tortoise.migrations import operations as ops
from tortoise.migrations.schema_editor.base import BaseSchemaEditor


class DropColumn(ops.RemoveField):
    """Remove a field by ``DROP COLUMN`` on SQLite too.

    Tortoise would make the table anew there, which loses its indexes.
    """

    async def database_forward(self, app_label, old_state, new_state, state_editor=None):
        if state_editor:
            model = old_state.apps.get_model(f"{app_label}.{self.model_name}")
            field = model._meta.fields_map[self.name]
            await BaseSchemaEditor.remove_field(state_editor, model, field)


class Migration(migrations.Migration):
    dependencies = [('app', '0012_member_phones')]

    initial = False

    operations = [
        DropColumn(model_name='FormerMember', name='name'),
    ]

from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from app.models.fields import EncryptedText


class MakeAnew(ops.AlterField):
    """Make a column anew, with the rows of its table gone: they are kept for a day at most.

    Tortoise would make the table anew on SQLite, which loses its other indexes.
    """

    async def database_forward(self, app_label, old_state, new_state, state_editor=None):
        if state_editor:
            table = old_state.apps.get_model(f"{app_label}.{self.model_name}")._meta.db_table
            dialect = state_editor.client.capabilities.dialect
            kind = self.field.get_for_dialect(dialect, "SQL_TYPE")
            await state_editor._run_sql(f"DELETE FROM {table}")
            await state_editor._run_sql(f"ALTER TABLE {table} DROP COLUMN {self.name}")
            await state_editor._run_sql(f"ALTER TABLE {table} ADD COLUMN {self.name} {kind} NOT NULL")


class Migration(migrations.Migration):
    dependencies = [('app', '0019_record_digests')]

    initial = False

    operations = [
        ops.CreateModel(
            name="KeyCheck",
            fields=[
                ("mac", fields.CharField(primary_key=True, max_length=64)),
                ("added_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
            ],
            options={"table": "key_check", "app": "app", "pk_attr": "mac"},
            bases=["Model"],
        ),
        MakeAnew(model_name="KeyedRequest", name="fingerprint", field=EncryptedText()),
    ]

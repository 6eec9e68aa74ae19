from tortoise import fields, migrations
from tortoise.migrations import operations as ops

from app.models.processes import ProcessKind


class Migration(migrations.Migration):
    dependencies = [("app", "0020_keys")]

    initial = False

    operations = [
        ops.CreateModel(
            name="Process",
            fields=[
                ("id", fields.UUIDField(primary_key=True)),
                (
                    "kind",
                    fields.CharEnumField(description="", enum_type=ProcessKind, max_length=8),
                ),
                ("host", fields.CharField(max_length=255)),
                ("pid", fields.IntField()),
                ("version", fields.CharField(max_length=40)),
                ("keys", fields.CharField(max_length=255)),
                ("started_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("beat_at", fields.DatetimeField(auto_now=False, auto_now_add=False)),
                ("ticked_at", fields.DatetimeField(null=True, auto_now=False, auto_now_add=False)),
            ],
            options={"table": "process", "app": "app", "pk_attr": "id"},
            bases=["Model"],
        ),
    ]

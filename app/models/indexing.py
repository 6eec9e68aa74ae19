"""Indexes of tables that are used: made after a migration, beside those who read and write.

PostgreSQL takes longer for that and does it outside a transaction; one that was stopped in the
middle is of no use and is made anew. So nothing is noted of it: whichever index the models have and
the database lacks is made.
"""

from collections.abc import Iterator
from typing import Final

from tortoise import Model
from tortoise.indexes import Index
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor

from app.models.postgres import connect

_INDEXES: Final = """
    SELECT indrelid::regclass::text AS "table", relname AS name, indisvalid AS valid,
           array_agg(attname::text ORDER BY place) AS columns
    FROM pg_index
    JOIN pg_class ON pg_class.oid = indexrelid
    CROSS JOIN unnest(indkey) WITH ORDINALITY AS keys(number, place)
    JOIN pg_attribute ON attrelid = indrelid AND attnum = number
    WHERE relnamespace = current_schema()::regnamespace
    GROUP BY indexrelid, indrelid, relname, indisvalid
"""


async def make_missing_indexes(
    url: str, models: list[type[Model]], editor: AsyncpgSchemaEditor
) -> list[str]:
    """Make each index that the models have and the database lacks; return their names."""
    connection = await connect(url)
    try:
        found = await connection.fetch(_INDEXES)
        there = {(row["table"].strip('"'), tuple(row["columns"])) for row in found if row["valid"]}
        broken = {row["name"] for row in found if not row["valid"]}
        made = []
        for model in models:
            for columns in _columns_of_indexes(model):
                if (model._meta.db_table, columns) in there:
                    continue
                name = editor._generate_index_name("idx", model, list(columns))
                if name in broken:
                    await connection.execute(f'DROP INDEX CONCURRENTLY "{name}"')
                written = editor._get_index_sql(model, list(columns), index_name=name)
                await connection.execute(written.replace("INDEX", "INDEX CONCURRENTLY", 1))
                made.append(name)
        return made
    finally:
        await connection.close()


def _columns_of_indexes(model: type[Model]) -> Iterator[tuple[str, ...]]:
    meta = model._meta
    single = [(name,) for name, field in meta.fields_map.items() if field.index]
    several = [tuple(one.fields) if isinstance(one, Index) else tuple(one) for one in meta.indexes]
    for names in (*single, *several):
        fields = ((name, meta.fields_map[name]) for name in names)
        yield tuple(field.source_field or name for name, field in fields)

"""Migrations that hold up nobody for long: how PostgreSQL's tables are changed while they are used.

A change of a table waits until whoever uses it has ended, and everybody who comes meanwhile waits
behind it. So a migration waits for a second only, gives way, and tries again (``migrating.py``). A
foreign key isn't looked for in rows that can't have it yet. What reads a whole table, as making an
index does, isn't done by migrations but after them, beside those who write (``indexing.py``).
"""

from collections.abc import Iterable
from typing import Final

import asyncpg
from tortoise import Model
from tortoise.backends.asyncpg.client import AsyncpgDBClient
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.fields.relational import ForeignKeyFieldInstance
from tortoise.indexes import Index
from tortoise.migrations.executor import MigrationExecutor, MigrationTarget, PlanStep
from tortoise.migrations.graph import MigrationGraph, MigrationKey
from tortoise.migrations.schema_editor import AsyncpgSchemaEditor, BaseSchemaEditor
from tortoise.migrations.schema_generator.state import ModelState, State
from tortoise.migrations.schema_generator.state_apps import StateApps

from app.models.noting import SilentRecorder, noting

_REFERENCES: Final = " REFERENCES "


async def wait_briefly(connection: asyncpg.Connection) -> None:
    """Have a connection that migrates wait for no lock for more than a second."""
    await connection.execute("SET lock_timeout = '1s'")


class GentleEditor(AsyncpgSchemaEditor):
    """What one migration does to PostgreSQL; to tables that it makes itself it does all at once."""

    def __init__(
        self, connection: AsyncpgDBClient, atomic: bool = True, collect_sql: bool = False
    ) -> None:
        super().__init__(connection, atomic, collect_sql)
        self._made: set[str] = set()

    async def create_model(self, model: type[Model]) -> None:
        """Make a table, with its indexes and foreign keys."""
        self._made.add(model._meta.db_table)
        await super().create_model(model)

    async def add_index(self, model: type[Model], index: Index) -> None:
        """Make an index, unless of a table that may be large: those are made afterwards."""
        if model._meta.db_table in self._made:
            await super().add_index(model, index)

    async def add_field(self, model: type[Model], field_name: str) -> None:
        """Add a column; what a foreign key names isn't looked for in rows that there are."""
        field = model._meta.fields_map[field_name]
        table = model._meta.db_table
        if table in self._made or not isinstance(field, ForeignKeyFieldInstance):
            await super().add_field(model, field_name)
            return
        column = field.source_field or field_name
        written = self._get_fk_field_definition(model, column)
        definition, _, target = written.partition(_REFERENCES)
        key = f'ADD FOREIGN KEY ("{column}"){_REFERENCES}{target} NOT VALID'
        await self._run_sql(f'ALTER TABLE "{table}" ADD COLUMN {definition}, {key}')


class _ColumnsOnly(StateApps):
    """Models that know their columns and relations, and nothing of what queries need of them.

    Tortoise makes that anew for all models after each operation, half of what is left.
    """

    def _build_initial_querysets(self) -> None:
        for models in self.apps.values():
            for model in models.values():
                if model._meta._inited:
                    model._meta.finalise_fields()
                    model._meta._resolve_index_expressions()


class _ModelsBefore(StateApps):
    """The models before an operation, made into classes only when one of them is asked for."""

    def __init__(self, states: dict[tuple[str, str], ModelState], since: StateApps) -> None:
        super().__init__()
        self._states, self._since = states, since
        self._made: StateApps | None = None

    def get_model(self, app_label: str, model_name: str | None = None) -> type[Model]:
        """Return a model as it was."""
        if self._made is None:
            self._made = self._since.clone(model_states=self._states)
        return self._made.get_model(app_label, model_name)


class _SparingState(State):
    """The models as they are so far.

    Tortoise makes all their classes anew before each operation, half of what a migration costs,
    though only an operation that takes something away looks at one.
    """

    def clone(self) -> State:
        """Return the models as they are, whatever becomes of them here."""
        states = {key: model.clone() for key, model in self.models.items()}
        return State(states, _ModelsBefore(states, self.apps))


class GentleExecutor(MigrationExecutor):
    """Applies migrations, each whole or not at all, on PostgreSQL gently."""

    def __init__(
        self, connection: BaseDBAsyncClient, apps_config: dict[str, dict[str, object]]
    ) -> None:
        super().__init__(connection, apps_config)
        self.recorder = SilentRecorder(connection)

    def _migration_plan(
        self,
        targets: Iterable[MigrationTarget] | None,
        applied: set[MigrationKey],
        graph: MigrationGraph,
    ) -> list[PlanStep]:
        return noting(super()._migration_plan(targets, applied, graph))

    async def _project_state(
        self, applied: set[MigrationKey], *, upto: MigrationKey | None = None
    ) -> State:
        state = await super()._project_state(applied, upto=upto)
        apps = _ColumnsOnly(state.apps._default_connections)
        return _SparingState(state.models, apps.clone(state.models))

    def _schema_editor(self, atomic: bool = True, collect_sql: bool = False) -> BaseSchemaEditor:
        if isinstance(self.connection, AsyncpgDBClient):
            return GentleEditor(self.connection, atomic, collect_sql)
        return super()._schema_editor(atomic, collect_sql)

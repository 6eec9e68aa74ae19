"""Migrations that note themselves: whoever is killed amid one leaves all of it, or nothing.

Tortoise notes a migration after its transaction. Killed between, it would be applied a second time,
fail at the first table that is there, and fail so for ever.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from typing import Final

from tortoise.migrations.executor import PlanStep
from tortoise.migrations.migration import Migration
from tortoise.migrations.operations import RunSQL
from tortoise.migrations.recorder import MigrationRecorder

NOTES: Final = "tortoise_migrations"  # the table of what was applied


class SilentRecorder(MigrationRecorder):
    """Reads what was applied; what is applied notes itself."""

    async def record_applied(self, app: str, name: str) -> None:
        """Do nothing: it was noted as the last of its operations."""


def noting(plan: Sequence[PlanStep]) -> list[PlanStep]:
    """Return the steps that apply migrations, each of which ends by noting itself."""
    return [replace(step, migration=_with_note(step)) for step in plan]


def _with_note(step: PlanStep) -> Migration:
    migration = copy(step.migration)
    note = RunSQL(
        f"INSERT INTO {NOTES} (app, name, applied_at)"
        f" VALUES ('{migration.app_label}', '{migration.name}', CURRENT_TIMESTAMP)"
    )
    migration.operations = [*migration.operations, note]
    return migration

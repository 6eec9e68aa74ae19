"""The commands of whoever runs the server; `groupcode` lists them with the others."""

import asyncio
import sys

import click

from app.config import Settings
from app.refusing import demand_ready_database, with_settings


@click.command()
@click.option("--retry", metavar="KEY", help="Have this dead piece of work done again.")
@click.option("--retry-all", is_flag=True, help="Have all dead work done again.")
@with_settings
def work(settings: Settings, retry: str | None, retry_all: bool) -> None:
    """Show due and dead work, or try dead work again.

    Work that failed too often is dead. A dead SMS has FAILED, and is sent if it is tried again;
    a refresh that failed stays so: refresh the group again.
    """
    demand_ready_database(settings)
    from app.workers import command

    output = asyncio.run(
        command.work(
            settings.database_url,
            retry,
            retry_all=retry_all,
            clock_moves=settings.sandbox_in_process,
        )
    )
    click.echo("\n".join(output.lines), err=not output.ok)
    sys.exit(not output.ok)


@click.command()
@with_settings
def rekey(settings: Settings) -> None:
    """Bring all data under the newest of GROUPCODE_SECRET_KEYS, while servers run.

    Killed, it goes on where it was when it is run again. docs/operations.md says how to change
    the key.
    """
    from app.starting import rekey as bring_under_newest

    lines, complete = asyncio.run(bring_under_newest(settings))
    click.echo("\n".join(lines), err=not complete)
    sys.exit(not complete)


@click.command()
@with_settings
def migrate(settings: Settings) -> None:
    """Bring the database to the newest shape."""
    from app import starting

    applied = asyncio.run(starting.migrate(settings))
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("the database is up to date")

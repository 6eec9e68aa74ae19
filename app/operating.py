"""The commands of whoever runs the server; `groupcode` lists them with the others."""

import asyncio
import sys
from pathlib import Path

import click

from app.config import Settings
from app.refusing import demand_ready_database, refuse, with_settings


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


@click.command()
@with_settings
def doctor(settings: Settings) -> None:
    """Look at settings, database, clock, Redis and outside systems, and say what is wrong.

    Nothing comes of it: the outside systems are asked about nobody. Ends with 1 if something is
    wrong.
    """
    from app.doctor import examine

    async def look() -> bool:
        wrong = False
        async for finding in examine(settings):
            click.echo(str(finding))
            wrong |= finding.wrong
        return wrong

    sys.exit(asyncio.run(look()))


@click.command()
@with_settings
def health(settings: Settings) -> None:
    """Say whether the server and the worker of this machine or container are alive and well.

    Ends with 1 if not: for the health checks of containers.
    """
    from app.doctor import ill
    from app.starting import demand_reachable

    async def look() -> list[str]:
        await demand_reachable(settings)
        return await ill(settings)

    problems = asyncio.run(look())
    click.echo("\n".join(problems) or "well", err=bool(problems))
    sys.exit(bool(problems))


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@with_settings
def backup(settings: Settings, file: Path) -> None:
    """Copy the embedded database to FILE, while a server uses it.

    The key isn't in it: keep that elsewhere. Of PostgreSQL take copies by `pg_dump`.
    """
    from app.models.backing_up import NotBackedUp, back_up
    from app.models.opening import sqlite_file

    source = sqlite_file(settings.database_url)
    if source is None:
        refuse(
            "backup: this copies a file of SQLite. Of PostgreSQL take copies by `pg_dump"
            " --format=custom`.",
            readable=True,
        )
    with click.progressbar(length=1, label="Copying") as bar:

        def show(done: int, pages: int) -> None:
            bar.length = pages
            bar.update(done - bar.pos)

        try:
            back_up(source, file, show)
        except NotBackedUp as reason:
            refuse(f"backup: {reason}", readable=True)
    click.echo(f"{file} holds the database as it is now. Keep the key elsewhere.")

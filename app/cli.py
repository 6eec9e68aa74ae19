"""The groupcode command."""

import asyncio
import sys
from collections.abc import Callable
from functools import wraps
from io import TextIOWrapper
from pathlib import Path
from typing import Concatenate, NoReturn, ParamSpec

import click
import structlog

from app.config import Settings, SettingsError, is_production, load_settings, warnings
from app.logs import configure_logs, log_what_python_prints

log = structlog.get_logger(__name__)

_Options = ParamSpec("_Options")


def _with_settings(
    command: Callable[Concatenate[Settings, _Options], None],
) -> Callable[_Options, None]:
    """Read the settings first; a wrong one is a sentence and exit code 2, not a traceback."""

    @wraps(command)
    def run(*args: _Options.args, **options: _Options.kwargs) -> None:
        try:
            settings = load_settings()
        except SettingsError as error:
            _refuse(str(error), readable=not is_production())
        _configure_logs(readable=not settings.production)
        for warning in warnings():
            click.echo(warning, err=True)
        try:
            command(settings, *args, **options)
        except SettingsError as error:  # what only the wiring finds out
            _refuse(str(error), readable=not settings.production)

    return run


def _configure_logs(*, readable: bool) -> None:
    configure_logs(readable=readable)
    if not readable:
        log_what_python_prints()


def _refuse(reasons: str, *, readable: bool) -> NoReturn:
    """End with code 2, saying why: a sentence a line, in production a line of the log each."""
    if readable:
        click.echo(f"groupcode can't start:\n{reasons}", err=True)
    else:
        _configure_logs(readable=False)
        for reason in reasons.splitlines():
            log.critical("groupcode can't start", reason=reason)
    sys.exit(2)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="groupcode", message="groupcode %(version)s")
def main() -> None:
    """Group Code: the health of a group of people, by GraphQL.

    Settings are GROUPCODE_* variables; README.md lists them.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that knows no Chinese shows escapes
            stream.reconfigure(errors="backslashreplace")


@main.command()
@click.option("--host", help="Address to listen on, in the place of GROUPCODE_HOST.")
@click.option("--port", type=click.IntRange(0, 65535), help="Port, in the place of GROUPCODE_PORT.")
@_with_settings
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve the API; embedded, do the background work too."""
    given = {"host": host, "port": port}
    settings = settings.model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    _demand_ready(settings)
    from app import serving

    try:
        started = serving.serve(settings)
    except serving.PortTaken as error:
        _refuse(str(error), readable=not settings.production)
    sys.exit(not started)


def _demand_ready(settings: Settings) -> None:
    from app.starting import demand_ready

    asyncio.run(demand_ready(settings))


@main.command()
@_with_settings
def worker(settings: Settings) -> None:
    """Do the background work, over PostgreSQL and Redis."""
    if settings.embedded:
        _refuse(
            "GROUPCODE_REDIS_URL: is empty, so the server does the work itself.",
            readable=not settings.production,
        )
    _demand_ready(settings)
    from uvicorn.loops.auto import auto_loop_factory

    from app.main import run_worker

    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # the loop of the server
        runner.run(run_worker(settings))


@main.command()
@click.option("--retry", metavar="KEY", help="Have this dead piece of work done again.")
@click.option("--retry-all", is_flag=True, help="Have all dead work done again.")
@_with_settings
def work(settings: Settings, retry: str | None, retry_all: bool) -> None:
    """Show due and dead work, or try dead work again.

    Work that failed too often is dead. A dead SMS has FAILED, and is sent if it is tried again;
    a refresh that failed stays so: refresh the group again.
    """
    _demand_ready(settings)
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


@main.command()
@_with_settings
def rekey(settings: Settings) -> None:
    """Bring all data under the newest of GROUPCODE_SECRET_KEYS, while servers run.

    Killed, it goes on where it was when it is run again. docs/operations.md says how to change
    the key.
    """
    from app.starting import rekey as bring_under_newest

    lines, complete = asyncio.run(bring_under_newest(settings))
    click.echo("\n".join(lines), err=not complete)
    sys.exit(not complete)


@main.command()
@_with_settings
def migrate(settings: Settings) -> None:
    """Bring the database to the newest shape."""
    from app.models import migrating
    from app.starting import demand_reachable

    asyncio.run(demand_reachable(settings))
    applied = asyncio.run(migrating.migrate(settings.database_url))
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("the database is up to date")


@main.command()
@click.option("--fresh", is_flag=True, help="First throw the development database away.")
@_with_settings
def demo(settings: Settings, fresh: bool) -> None:
    """Create the demo group on an empty database; with --fresh, begin anew.

    The sandbox's clock goes forward only, and what was written stays where it was moved to:
    --fresh is the way back. Stop the server first.
    """
    from app import serving
    from app.models import fresh as databases
    from app.models import migrating
    from app.starting import demand_reachable, demand_ready

    if settings.production or not (settings.embedded and settings.sandbox_in_process):
        _refuse("demo: is for development, with the sandbox in process.", readable=True)
    if fresh:
        try:
            databases.throw_away(settings.database_url)
        except databases.NotThrownAway as reason:
            _refuse(f"demo: {reason}", readable=True)
    asyncio.run(demand_reachable(settings))
    asyncio.run(migrating.migrate(settings.database_url))
    asyncio.run(demand_ready(settings))
    phone = asyncio.run(serving.create_demo(settings))
    if phone is None:
        _refuse("demo: the database holds other groups: --fresh throws it away.", readable=True)
    click.echo(f"{phone} is the creator of the demo group; `groupcode serve` serves it.")


@main.command("make-migration")
def make_migration() -> None:
    """Write the migration that the models' changes need."""
    from app.models import migrating

    for path in asyncio.run(migrating.write_migrations()):
        click.echo(f"wrote {path}")


@main.command("check-migrations")
def check_migrations() -> None:
    """Fail when the models changed without a migration."""
    from app.models import migrating

    missing = asyncio.run(migrating.missing_migrations())
    for operation in missing:
        click.echo(f"no migration for: {operation}", err=True)
    sys.exit(1 if missing else 0)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8100, show_default=True, help="Port to listen on.")
@click.option(
    "--public-url",
    envvar="GROUPCODE_SANDBOX_URL",
    help="Where people reach it, if not at host and port; face checks' urls begin with it.",
)
def sandbox(host: str, port: int, public_url: str | None) -> None:
    """Run the sandbox alone, shared by several processes.

    They find it by GROUPCODE_SANDBOX_URL.
    """
    import uvicorn

    from app.main import build_sandbox

    configure_logs(readable=True)
    click.echo(f"Sandbox on http://{host}:{port}/sandbox; stop with Ctrl+C.")
    uvicorn.run(
        build_sandbox(public_url or f"http://{host}:{port}"),
        host=host,
        port=port,
        log_config=None,
        access_log=False,
    )


@main.command()
@click.option("--check", type=click.Path(exists=True, path_type=Path), help="Compare with a file.")
def schema(check: Path | None) -> None:
    """Print the GraphQL schema, or compare it with a file."""
    from app.schema import build_schema

    printed = build_schema().as_str() + "\n"
    if check is None:
        click.echo(printed, nl=False)
    elif check.read_text() != printed:
        click.echo(f"{check} is not the schema: run `make schema`.", err=True)
        sys.exit(1)

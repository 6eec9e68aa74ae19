"""The groupcode command."""

import asyncio
import sys
from contextlib import suppress
from io import TextIOWrapper
from pathlib import Path
from typing import Final

import click
import structlog

from app import operating
from app.collecting import collect_seldom
from app.config import Settings
from app.config.addresses import check_listening
from app.logs import configure_logs
from app.refusing import demand_ready_database, demand_usable_redis, refuse, with_settings

log = structlog.get_logger(__name__)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="groupcode", message="groupcode %(version)s")
def main() -> None:
    """Group Code: the health of a group of people, by GraphQL.

    Settings are GROUPCODE_* variables; README.md lists them.
    """
    collect_seldom()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # a terminal that knows no Chinese shows escapes
            stream.reconfigure(errors="backslashreplace")


def _listening(context: click.Context, parameter: click.Parameter, host: str | None) -> str | None:
    """Return an address to listen on; one that is none is a usage error."""
    try:
        return None if host is None else check_listening(host)
    except ValueError as error:
        raise click.BadParameter(str(error), context, parameter) from None


_PORTS: Final = click.IntRange(0, 65535)


@main.command()
@click.option(
    "--host", callback=_listening, help="Address to listen on, in the place of GROUPCODE_HOST."
)
@click.option("--port", type=_PORTS, help="Port, in the place of GROUPCODE_PORT.")
@with_settings
def serve(settings: Settings, host: str | None, port: int | None) -> None:
    """Serve the API; embedded, do the background work too."""
    given = {"host": host, "port": port}
    settings = settings.model_copy(
        update={name: value for name, value in given.items() if value is not None}
    )
    demand_ready_database(settings)
    demand_usable_redis(settings)
    from app import serving

    try:
        started = serving.serve(settings)
    except serving.PortTaken as error:
        refuse(str(error), readable=not settings.production)
    sys.exit(not started)


@main.command()
@with_settings
def worker(settings: Settings) -> None:
    """Do the background work, over PostgreSQL and Redis."""
    if settings.embedded:
        refuse(
            "GROUPCODE_REDIS_URL: is empty, so the server does the work itself.",
            readable=not settings.production,
        )
    demand_ready_database(settings)
    demand_usable_redis(settings)
    from uvicorn.loops.auto import auto_loop_factory

    from app.starting import about
    from app.working import run_worker

    log.info("working", **about(settings))
    with asyncio.Runner(loop_factory=auto_loop_factory()) as runner:  # the loop of the server
        runner.run(run_worker(settings))


@main.command()
@click.option("--fresh", is_flag=True, help="First throw the development database away.")
@click.option("--large", is_flag=True, help="Organisations above 200 groups of 20,000 people.")
@with_settings
def demo(settings: Settings, fresh: bool, large: bool) -> None:
    """Create the demo group on an empty database; with --fresh, begin anew.

    With --large it is a tree of organisations, which takes a minute or two. The sandbox's clock
    goes forward only, and what was written stays where it was moved to: --fresh is the way back.
    Stop the server first.
    """
    from app import newcomers
    from app.models import fresh as databases
    from app.starting import alone, demand_ready
    from app.starting import migrate as bring_to_this_shape

    if settings.production or not (settings.embedded and settings.sandbox_in_process):
        refuse("demo: is for development, with the sandbox in process.", readable=True)
    if fresh:
        try:
            databases.throw_away(settings.database_url)
        except databases.NotThrownAway as reason:
            refuse(f"demo: {reason}", readable=True)
    asyncio.run(bring_to_this_shape(settings))
    asyncio.run(demand_ready(settings))
    with alone(settings, "groupcode demo"):
        create = newcomers.create_large_demo if large else newcomers.create_demo
        lines = asyncio.run(create(settings))
    if not lines:
        refuse("demo: the database holds other groups: --fresh throws it away.", readable=True)
    for line in lines:
        click.echo(line)


for command in (
    operating.migrate,
    operating.work,
    operating.rekey,
    operating.backup,
    operating.doctor,
    operating.health,
):
    main.add_command(command)


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
@click.option(
    "--host",
    callback=_listening,
    default="127.0.0.1",
    show_default=True,
    help="Address to listen on.",
)
@click.option("--port", type=_PORTS, default=8100, show_default=True, help="Port to listen on.")
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
    from app.serving import PortTaken, listen

    configure_logs(readable=True)
    try:
        listening = listen(host, port)
    except PortTaken as error:
        refuse(f"sandbox: {error}", readable=True)
    name = f"[{host}]" if ":" in host else host
    here = f"http://{name}:{listening.getsockname()[1]}"
    click.echo(f"Sandbox on {here}/sandbox; stop with Ctrl+C.")
    app = build_sandbox(public_url or here)
    with suppress(KeyboardInterrupt):
        uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False)).run([listening])


@main.command()
@click.option(
    "--check",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Compare with a file.",
)
def schema(check: Path | None) -> None:
    """Print the GraphQL schema, or compare it with a file."""
    from app.schema import build_schema

    printed = build_schema().as_str() + "\n"
    if check is None:
        click.echo(printed, nl=False)
    elif check.read_bytes() != printed.encode():
        click.echo(f"{check} is not the schema: run `make schema`.", err=True)
        sys.exit(1)

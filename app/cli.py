"""The groupcode command."""

import asyncio
import signal
import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any

import click
import uvicorn
from starlette.applications import Starlette

from app.config import Settings, SettingsError, load_settings
from app.logs import configure_logs


def _with_settings(command: Callable[[Settings], None]) -> Callable[[], None]:
    """Read the settings first; a wrong one is a sentence and exit code 2, not a traceback."""

    @wraps(command)
    def run(**options: Any) -> None:
        try:
            settings = load_settings()
        except SettingsError as error:
            click.echo(f"groupcode can't start:\n{error}", err=True)
            sys.exit(2)
        configure_logs(readable=settings.environment == "development")
        command(settings, **options)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Group Code: the health of a group of people, by GraphQL.

    Settings are GROUPCODE_* variables; README.md lists them.
    """


@main.command()
@_with_settings
def serve(settings: Settings) -> None:
    """Serve the API; embedded, do the background work too."""
    from app.main import build_app
    from app.web.view import LARGEST_BODY

    _demand_migrated(settings)
    app = build_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,
        access_log=False,  # paths of the sandbox hold ID numbers
        ws="websockets-sansio",
        ws_max_size=LARGEST_BODY,
        timeout_graceful_shutdown=10,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        # uvicorn raises what it caught once more when all is closed: that is a good end.
        signal.signal(number, lambda *_: sys.exit(0))
    server = _AnnouncingServer(config, settings, app)
    server.run()
    if not server.started:
        sys.exit(1)


def _demand_migrated(settings: Settings) -> None:
    from app.models import database

    if asyncio.run(database.pending_migrations(settings.database_url)):
        click.echo(
            "groupcode can't start:\nthe database isn't of this shape: run `groupcode migrate`.",
            err=True,
        )
        sys.exit(2)


class _AnnouncingServer(uvicorn.Server):
    """Says where everything is once it listens."""

    def __init__(self, config: uvicorn.Config, settings: Settings, app: Starlette) -> None:
        super().__init__(config)
        self._app = app
        self._settings = settings

    async def startup(self, sockets: Any = None) -> None:
        """Start, then say so."""
        await super().startup(sockets)
        if self.started:
            demo_phone = await self._lay_down_demo()
            click.echo(welcome(self._settings, demo_phone))

    async def _lay_down_demo(self) -> str | None:
        """On an empty development database, a group to look at; answers its creator's phone."""
        from app import demo

        if not self._settings.demo_on:
            return None
        if await demo.is_empty():
            with click.progressbar(length=demo.PEOPLE, label="  Laying down the demo group") as bar:
                await demo.lay_down(self._app, self._settings.url, bar.update)
        elif await demo.is_laid_down():
            await demo.put_records(self._app, self._settings.url)
        else:
            return None
        return demo.CREATOR_PHONE

    async def shutdown(self, sockets: Any = None) -> None:
        """End the streams, which would never end by themselves; then everything else."""
        self._app.state.close_streams()
        await super().shutdown(sockets)


def welcome(settings: Settings, demo_phone: str | None = None) -> str:
    """What a newcomer needs to know in the first five minutes."""
    lines = [
        "",
        f"  Group Code serves {settings.url}/graphql (POST, graphql-transport-ws)",
        f"  GraphiQL          {settings.url}/graphql in a browser",
    ]
    if settings.sandbox_on:
        sandbox = f"{settings.sandbox_url or settings.url}/sandbox"
        lines += [
            f"  Sandbox           {sandbox} answers for the outside systems",
            "",
            "  To sign in: requestVerificationCode for any mainland number, say +8613900000001,",
            f"  read the code at {sandbox}/messages?phone=%2B8613900000001 and signIn with it.",
        ]
    if demo_phone:
        lines += [
            f"  {demo_phone} is the creator of the demo group, which `me {{ groups }}` finds;",
            "  GROUPCODE_DEMO=0 leaves it out of an empty database.",
        ]
    return "\n".join([*lines, "", "  Stop with Ctrl+C.", ""])


@main.command()
@_with_settings
def worker(settings: Settings) -> None:
    """Do the background work of a deployment over PostgreSQL and Redis."""
    if settings.embedded:
        click.echo("GROUPCODE_REDIS_URL is empty: the server does the work itself.", err=True)
        sys.exit(2)
    from app.main import run_worker

    _demand_migrated(settings)

    asyncio.run(run_worker(settings))


@main.command()
@_with_settings
def migrate(settings: Settings) -> None:
    """Bring the database to the newest shape."""
    from app.models import database

    applied = asyncio.run(database.migrate(settings.database_url))
    for name in applied:
        click.echo(f"applied {name}")
    if not applied:
        click.echo("the database is up to date")


@main.command("make-migration")
def make_migration() -> None:
    """Write the migration that the models' changes need."""
    from app.models import database

    for path in asyncio.run(database.write_migrations()):
        click.echo(f"wrote {path}")


@main.command("check-migrations")
def check_migrations() -> None:
    """Fail when the models changed without a migration."""
    from app.models import database

    missing = asyncio.run(database.missing_migrations())
    for operation in missing:
        click.echo(f"no migration for: {operation}", err=True)
    sys.exit(1 if missing else 0)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8001, show_default=True, help="Port to listen on.")
@click.option(
    "--public-url",
    envvar="GROUPCODE_SANDBOX_URL",
    help="Where people reach it, if not at host and port; face checks' urls begin with it.",
)
def sandbox(host: str, port: int, public_url: str | None) -> None:
    """Run the sandbox alone, for several processes to share by GROUPCODE_SANDBOX_URL."""
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
    """Print the GraphQL schema, or fail when it differs from a file."""
    from app.schema import build_schema

    printed = build_schema().as_str() + "\n"
    if check is None:
        click.echo(printed, nl=False)
    elif check.read_text() != printed:
        click.echo(f"{check} is not the schema: run `make schema`.", err=True)
        sys.exit(1)

"""How every command begins: with the settings, and with a sentence where it can't begin."""

import asyncio
import sys
from collections.abc import Callable
from functools import wraps
from typing import Concatenate, NoReturn, ParamSpec

import click
import structlog

from app.config import Settings, SettingsError, is_production, load_settings, warnings
from app.logs import configure_logs, log_what_python_prints

log = structlog.get_logger(__name__)

_Options = ParamSpec("_Options")


def with_settings(
    command: Callable[Concatenate[Settings, _Options], None],
) -> Callable[_Options, None]:
    """Read the settings first; a wrong one is a sentence and exit code 2, not a traceback."""

    @wraps(command)
    def run(*args: _Options.args, **options: _Options.kwargs) -> None:
        try:
            settings = load_settings()
        except SettingsError as error:
            refuse(str(error), readable=not is_production())
        _configure_logs(readable=not settings.production)
        for warning in warnings():
            click.echo(warning, err=True)
        try:
            command(settings, *args, **options)
        except SettingsError as error:  # what only the wiring finds out
            refuse(str(error), readable=not settings.production)
        except Exception as error:
            from app.models.complaints import complaint

            reason = complaint(error)
            if reason is None:
                raise
            refuse(reason, readable=not settings.production)

    return run


def _configure_logs(*, readable: bool) -> None:
    configure_logs(readable=readable)
    if not readable:
        log_what_python_prints()


def demand_ready_database(settings: Settings) -> None:
    """End with a sentence where the database can't be used as it is."""
    from app.starting import demand_ready

    asyncio.run(demand_ready(settings))


def demand_usable_redis(settings: Settings) -> None:
    """End with a sentence where what answers for Redis is none that we can use."""
    from app.starting import demand_usable_redis

    asyncio.run(demand_usable_redis(settings))


def refuse(reasons: str, *, readable: bool) -> NoReturn:
    """End with code 2, saying why: a sentence a line, in production a line of the log each."""
    if readable:
        click.echo(f"groupcode can't start:\n{reasons}", err=True)
    else:
        _configure_logs(readable=False)
        for reason in reasons.splitlines():
            log.critical("groupcode can't start", reason=reason)
    sys.exit(2)

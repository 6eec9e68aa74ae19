"""What must be right before a process starts, checked first and refused with a sentence."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.metadata import version
from typing import Final
from urllib.parse import urlsplit

import click

from app.config import Settings, SettingsError
from app.models.database import database, now, table_names
from app.models.fields import use_cipher
from app.models.fitness import demand_copy, demand_fit, demand_rights
from app.models.key_checks import KeyCheck, WrongKey, admit_keys
from app.models.migrating import TablesInUse, pending_migrations
from app.models.migrating import migrate as apply
from app.models.opening import (
    DatabaseUnusable,
    demand_database,
    described,
    sole_process,
    sqlite_file,
)
from app.models.processes import alive
from app.ports.cipher import Cipher
from app.ports.clock import SystemClock
from app.ports.redis_check import redis_fault
from app.services.kernel.rekeying import count_all
from app.services.kernel.rekeying import rekey as bring_under_newest
from app.workers.timekeeping import MOST_APART

_SHOWN: Final = 20
UNMIGRATED: Final = "the database isn't of this shape: run `groupcode migrate`."


def about(settings: Settings) -> dict[str, str]:
    """Return what a process is and what it connects to, without secrets."""
    connected = {"database": described(settings.database_url)}
    if settings.database_read_url:
        connected["replica"] = described(settings.database_read_url)
    if settings.redis_url:
        connected["redis"] = urlsplit(settings.redis_url).hostname or ""
    if not settings.sandbox_on:
        connected |= {name: one.url for name, one in settings.gateways.items()}
    return {"version": version("groupcode"), "environment": settings.environment} | connected


async def _demand_fit(settings: Settings) -> None:
    """Return when the database can be opened and is one for us. Raise ``SettingsError``."""
    await demand_reachable(settings)
    try:
        await demand_fit(settings.database_url)
        if settings.database_read_url:
            await demand_copy(settings.database_url, settings.database_read_url)
    except DatabaseUnusable as error:
        raise SettingsError(str(error)) from None


async def demand_reachable(settings: Settings) -> None:
    """Return when the database can be opened. Raise ``SettingsError``."""
    try:
        await demand_database(settings.database_url)
    except DatabaseUnusable as error:
        raise SettingsError(str(error)) from None


@contextmanager
def alone(settings: Settings, command: str) -> Iterator[None]:
    """Be the only process that serves a SQLite file. Raise ``SettingsError`` where one does."""
    try:
        with sole_process(settings.database_url, command):
            yield
    except DatabaseUnusable as error:
        raise SettingsError(str(error)) from None


async def migrate(settings: Settings) -> list[str]:
    """Bring the database to this shape; return the migrations applied. Raise ``SettingsError``."""
    await _demand_fit(settings)
    url = settings.database_url
    if sqlite_file(url) is not None and not await pending_migrations(url):
        return []
    try:
        with alone(settings, "groupcode migrate"):
            return await apply(url)
    except TablesInUse as error:
        raise SettingsError(str(error)) from None


async def demand_usable_redis(settings: Settings) -> None:
    """Return unless a Redis answers that is none for us; one that is away is done without.

    Raise ``SettingsError``.
    """
    if settings.redis_url and (fault := await redis_fault(settings.redis_url)):
        raise SettingsError(f"GROUPCODE_REDIS_URL: {fault}.")


async def demand_ready(settings: Settings) -> None:
    """Return when the database can be opened, is of this shape and under one of our keys.

    An empty one is under our newest key from now on. Raise ``SettingsError``.
    """
    await _demand_fit(settings)
    pending = await pending_migrations(settings.database_url)
    cipher = Cipher(*settings.secrets)
    use_cipher(cipher)
    async with database(settings.database_url, pool_size=1):
        await _demand_rights(settings)
        if pending:
            raise SettingsError(UNMIGRATED)
        await _demand_right_clock(settings)
        await _demand_known(cipher)
        try:
            await admit_keys([key.mac for key in cipher.keys], SystemClock().now())
        except WrongKey as error:
            raise SettingsError(str(error)) from None


async def _demand_rights(settings: Settings) -> None:
    """Raise ``SettingsError`` where there is a table that we may not read and write."""
    try:
        await demand_rights(settings.database_url, table_names())
    except DatabaseUnusable as error:
        raise SettingsError(str(error)) from None


async def _demand_right_clock(settings: Settings) -> None:
    """Raise ``SettingsError`` where our clock and PostgreSQL's are minutes apart."""
    if sqlite_file(settings.database_url) is not None:
        return
    apart = SystemClock().now() - await now()
    if abs(apart) > MOST_APART:
        ahead = "ahead of" if apart > timedelta() else "behind"
        raise SettingsError(
            f"our clock is {abs(apart).total_seconds():.0f} s {ahead} the database's: what is done"
            " by a wrong clock can't be taken back. Set both by NTP."
        )


async def _demand_known(cipher: Cipher) -> None:
    """Raise ``SettingsError`` where a process runs that couldn't read what we'd encrypt."""
    newest = cipher.keys[0]
    if await KeyCheck.filter(mac=newest.mac).exists():
        return
    for one in await alive(SystemClock().now()):
        if newest.name not in one.key_names:
            raise SettingsError(
                f"GROUPCODE_SECRET_KEYS: {one} runs without the key {newest.name}, so it couldn't"
                " read what we'd write. Set the new key last everywhere, restart every process,"
                " and only then set it first."
            )


async def rekey(settings: Settings) -> tuple[list[str], bool]:
    """Bring all data under the newest key; return what to print, and whether it is done.

    Raise ``SettingsError`` where nothing can be begun.
    """
    await demand_ready(settings)
    cipher = Cipher(*settings.secrets)
    use_cipher(cipher)
    name = cipher.keys[0].name
    async with database(settings.database_url, pool_size=2):
        rows = await count_all(cipher)
        with click.progressbar(length=rows, label=f"  Moving to the key {name}") as bar:
            done = await bring_under_newest(cipher, SystemClock(), bar.update)
    if done.complete:
        return [f"Everything is under the key {name}: the others can be dropped."], True
    lines = [f"can't be read under any key: {row}" for row in done.unreadable[:_SHOWN]]
    if done.left > len(done.unreadable):
        lines.append(
            f"{done.left} rows are still under another key: does a server run that doesn't have"
            f" {name} as its first key? Restart it, then run `groupcode rekey` again."
        )
    return lines, False

"""What must be right before a process starts, checked first and refused with a sentence."""

from app.config import Settings, SettingsError
from app.models.database import database
from app.models.fields import use_cipher
from app.models.key_checks import WrongKey, admit_keys
from app.models.migrating import pending_migrations
from app.models.opening import DatabaseUnusable, demand_database
from app.ports.cipher import Cipher
from app.ports.clock import SystemClock

UNMIGRATED = "the database isn't of this shape: run `groupcode migrate`."


async def demand_reachable(settings: Settings) -> None:
    """Return when the database can be opened. Raise ``SettingsError``."""
    try:
        await demand_database(settings.database_url)
    except DatabaseUnusable as error:
        raise SettingsError(str(error)) from None


async def demand_ready(settings: Settings) -> None:
    """Return when the database can be opened, is of this shape and under one of our keys.

    An empty one is under our newest key from now on. Raise ``SettingsError``.
    """
    await demand_reachable(settings)
    if await pending_migrations(settings.database_url):
        raise SettingsError(UNMIGRATED)
    cipher = Cipher(*settings.secrets)
    use_cipher(cipher)
    async with database(settings.database_url, pool_size=1):
        try:
            await admit_keys([key.mac for key in cipher.keys], SystemClock().now())
        except WrongKey as error:
            raise SettingsError(str(error)) from None

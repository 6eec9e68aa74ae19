"""Which keys the database is under, so that a wrong one is noticed before anything is written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from tortoise import Model, fields

from app.models.fields import current_cipher
from app.models.statements import fetch_value

_NAME_LENGTH: Final = 6


class KeyCheck(Model):
    """A key that something in the database may be under, known by a code that only it makes.

    The code doesn't tell the key.
    """

    mac = fields.CharField(64, primary_key=True)
    added_at = fields.DatetimeField()

    class Meta:
        table = "key_check"


class WrongKey(Exception):
    """The database is under a key that isn't known here; the message is a sentence."""


async def admit_keys(macs: Sequence[str], now: datetime) -> None:
    """Check that each key of the database is one of these; note the first, which encrypts.

    An empty database takes the first key that comes. Raise ``WrongKey``, and change nothing.
    """
    problem = await key_problem(macs)
    if problem is not None:
        raise WrongKey(problem)
    await KeyCheck.bulk_create([KeyCheck(mac=macs[0], added_at=now)], ignore_conflicts=True)


async def key_problem(macs: Sequence[str]) -> str | None:
    """Return the sentence that says why these keys don't open the database; None when they do."""
    known = {row.mac for row in await KeyCheck.all()}
    missing = sorted(known - set(macs))
    if not missing:
        return None if known or await _opens() else _UNKNOWN.format(given=macs[0][:_NAME_LENGTH])
    names = " and ".join(mac[:_NAME_LENGTH] for mac in missing)
    if not known & set(macs):
        return _OTHER.format(names=names, given=macs[0][:_NAME_LENGTH])
    return _UNFINISHED.format(names=names)


async def _opens() -> bool:
    """Whether something that was written before keys were noted can be read with these."""
    phone = await fetch_value(bytes, "SELECT phone FROM account LIMIT 1")
    try:
        return phone is None or bool(current_cipher().decrypt(phone, b"account.phone"))
    except ValueError:
        return False


_OTHER: Final = (
    "GROUPCODE_SECRET_KEY: isn't the key that the database was written with ({names}): this one is"
    " {given}. Set the former one; who signs in with another would become somebody else."
)
_UNKNOWN: Final = (
    "GROUPCODE_SECRET_KEY: what is in the database can't be read with this key ({given}). Set the"
    " one that it was written with."
)
_UNFINISHED: Final = (
    "GROUPCODE_SECRET_KEYS: lacks the key {names}, which something in the database is still under."
    " Set it behind the new one, and drop it when `groupcode rekey` has ended."
)

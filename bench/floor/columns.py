"""Columns on their way out: decrypted, and times as JSON has them."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

import orjson
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from app.ports.cipher import derive_key
from bench.people import SECRET

_AEAD: Final = AESGCM(derive_key(SECRET, "encryption"))


def opened(place: str) -> Callable[[bytes], str]:
    """Return what decrypts a column, named as ``table.column``."""
    decrypt, bound_to = _AEAD.decrypt, place.encode()
    # Ahead of the nonce stands which key it is under.
    return lambda stored: decrypt(stored[4:16], stored[16:], bound_to).decode()


NAME: Final = opened("person.name")
NUMBER: Final = opened("person.id_number")
REMARK: Final = opened("membership.remark")
PHONE: Final = opened("membership.phone")
TESTS: Final = opened("health_record.tests")


def moment(value: datetime | str | None) -> str | None:
    """Return a time as the API has it: in UTC, with milliseconds; SQLite's are text already."""
    if value is None:
        return None
    if isinstance(value, str):
        return f"{value[:10]}T{value[11:23]}Z"
    # Cut off, since to ask for milliseconds takes twice as long.
    text = value.isoformat()
    return text[:23] + "Z" if value.microsecond else text[:19] + ".000Z"


def latest_test(stored: bytes | None) -> dict[str, Any] | None:
    """Return the newest test with a result; a pending one only if there is no other."""
    if stored is None:
        return None
    best: dict[str, Any] | None = None
    best_rank = (False, "", False)
    for test in orjson.loads(TESTS(stored)):
        done = test["result"] != "PENDING"
        rank = (done, test["tested_at"] or test["sampled_at"], test["result"] == "POSITIVE")
        if rank > best_rank:
            best, best_rank = test, rank
    return best and {"result": best["result"], "testedAt": moment(best["tested_at"])}

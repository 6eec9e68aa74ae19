"""Times by RFC 3339, as they are read; and as we write them: UTC, milliseconds, ``Z``."""

import re
from datetime import UTC, datetime, timedelta
from typing import Final

_RFC_3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d):(\d\d)(?:[.,](\d+))?(?:[Zz]|([+-]\d\d:\d\d))", re.ASCII
)
_OFFSET: Final = len("+00:00")


def to_milliseconds(at: datetime) -> datetime:
    """Return a time without what it has beyond its milliseconds; never later than ``at``."""
    return at.replace(microsecond=at.microsecond // 1000 * 1000)


def write_time(at: datetime) -> str:
    """Return a time as the API writes it, such as ``2022-09-01T08:00:00.000Z``.

    What it has beyond milliseconds is cut off, so that times stay in their order. Raise
    ``ValueError`` for a time without a zone: nobody knows when that is.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone")
    return at.astimezone(UTC).isoformat(timespec="milliseconds")[:-_OFFSET] + "Z"


def read_time(value: object) -> datetime:
    """Return a time of RFC 3339 as UTC; raise ``ValueError`` for anything else.

    The whole of RFC 3339: ``T`` and ``Z`` in either case or a space, fractions of any length, a
    second of 60, which is the first of the next minute. A time without a zone is none.
    """
    if not isinstance(value, str):
        raise ValueError("not a text")
    found = _RFC_3339.fullmatch(value.strip())
    if found is None:
        raise ValueError("not a time with its zone")
    day, minute, second, fraction, offset = found.groups()
    is_leap = second == "60"
    written = f"{day}T{minute}:{'59' if is_leap else second}.{(fraction or '0')[:6]:0<6}"
    try:
        at = datetime.fromisoformat(f"{written}{offset or '+00:00'}").astimezone(UTC)
        return at + timedelta(seconds=1) if is_leap else at
    except OverflowError:
        raise ValueError("out of range") from None

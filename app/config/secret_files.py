"""Secrets that are files: GROUPCODE_SECRET_KEY_FILE=/run/secrets/key in the place of the key."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

PREFIX: Final = "GROUPCODE_"
SYSTEMS: Final = ("health", "identity", "family", "sms")
SECRETS: Final = (
    "database_url",
    "database_read_url",
    "redis_url",
    "secret_key",
    "secret_keys",
    *(f"{system}_token" for system in SYSTEMS),
)
_LONGEST: Final = 64 << 10  # bytes


class UnreadableSecret(Exception):
    """A file that should hold a secret; the message is a sentence."""


def read_secret_files(environ: Mapping[str, str]) -> dict[str, object]:
    """Return the settings that are files' contents, as ``Settings`` takes them.

    Raise ``UnreadableSecret``.
    """
    found: dict[str, object] = {}
    for setting in SECRETS:
        name = f"{PREFIX}{setting.upper()}"
        file = environ.get(f"{name}_FILE")
        if not file:
            continue
        if environ.get(name):
            raise UnreadableSecret(f"{name}_FILE: {name} is set too; unset one of them.")
        content = _read(f"{name}_FILE", Path(file))
        system, _, part = setting.partition("_")
        found[system if part == "token" else setting] = (
            {"token": content} if part == "token" else content
        )
    return found


def _read(name: str, file: Path) -> str:
    shown = str(file) if file.is_absolute() else "what it names"  # it may be the secret itself
    try:
        with file.open("rb") as opened:
            content = opened.read(_LONGEST + 1).decode().strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no text"
        raise UnreadableSecret(f"{name}: {shown} can't be read: {reason.lower()}.") from None
    if not content or len(content) > _LONGEST:
        fault = "holds more than any secret" if content else "is empty"
        raise UnreadableSecret(f"{name}: {shown} {fault}.")
    return content

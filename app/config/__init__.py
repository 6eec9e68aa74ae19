"""Settings, read once from GROUPCODE_* variables and refused with a clear sentence."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from app.config.checks import SHORTEST_SECRET, contradictions, unfit_for_production
from app.config.environment import unreadable_variables
from app.config.secret_files import UnreadableSecret
from app.config.settings import Settings
from app.config.variables import unknown_variables

__all__ = ["Settings", "SettingsError", "is_production", "load_settings", "warnings"]

_SECRET_FILE: Final = Path(".groupcode-secret")


class SettingsError(Exception):
    """A setting is wrong or missing; the message is a sentence for whoever runs the server."""


def is_production() -> bool:
    """Return whether the environment is set to production, even if another setting is wrong."""
    return os.environ.get("GROUPCODE_ENVIRONMENT") == "production"


def load_settings() -> Settings:
    """Return the settings. Raise ``SettingsError``, one sentence a line."""
    if problems := unreadable_variables(os.environ.items()):
        raise SettingsError("\n".join(problems))
    try:
        settings = Settings()
    except UnreadableSecret as error:
        raise SettingsError(str(error)) from None
    except FileNotFoundError:
        raise SettingsError(
            "GROUPCODE_DATABASE_URL: is not set, and the working folder, which would hold the"
            " database, isn't there any more."
        ) from None
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem) for problem in error.errors())) from None
    problems = list(contradictions(settings))
    if settings.production:
        problems += [*unfit_for_production(settings), *unknown_variables(os.environ)]
    if problems:
        raise SettingsError("\n".join(problems))
    return _with_secret(settings)


def warnings() -> list[str]:
    """Return what may be wrong with the variables: in production it is refused instead."""
    return unknown_variables(os.environ)


def _sentence(problem: ErrorDetails) -> str:
    name = "_".join(["GROUPCODE", *(str(part).upper() for part in problem["loc"])])
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {reason[0].lower()}{reason[1:]}."


def _with_secret(settings: Settings) -> Settings:
    """In development, a secret of this folder's own, made on the first run."""
    if settings.secrets:
        return settings
    try:
        secret = _secret_of_this_folder()
    except (OSError, UnicodeDecodeError) as error:
        reason = (getattr(error, "strerror", None) or "it is no text").lower()
        raise SettingsError(
            f"GROUPCODE_SECRET_KEY: is not set, and {_SECRET_FILE} can't be read or made here:"
            f" {reason}."
        ) from None
    if len(secret) < SHORTEST_SECRET:
        raise SettingsError(
            f"GROUPCODE_SECRET_KEY: {_SECRET_FILE} holds no secret of {SHORTEST_SECRET}"
            " characters; restore it, or remove it together with the database it opened."
        )
    return settings.model_copy(update={"secret_key": SecretStr(secret)})


def _secret_of_this_folder() -> str:
    if not _SECRET_FILE.exists():
        _write_secret()
    return _SECRET_FILE.read_text().strip()


def _write_secret() -> None:
    """Write a secret whole or not at all, once, though several processes start together."""
    handle, draft = tempfile.mkstemp(dir=_SECRET_FILE.parent)  # readable by its owner only
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    with suppress(FileExistsError):
        os.link(draft, _SECRET_FILE)
    os.unlink(draft)

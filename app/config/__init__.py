"""Settings, read once from GROUPCODE_* variables and refused with a clear sentence."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from pydantic import SecretStr, ValidationError
from pydantic_core import ErrorDetails

from app.config.settings import Settings

__all__ = ["Settings", "SettingsError", "is_production", "load_settings"]

_SECRET_FILE: Final = Path(".groupcode-secret")
_SHORTEST_SECRET: Final = 32


class SettingsError(Exception):
    """A setting is wrong or missing; the message is a sentence for whoever runs the server."""


def is_production() -> bool:
    """Return whether the environment is set to production, even if another setting is wrong."""
    return os.environ.get("GROUPCODE_ENVIRONMENT") == "production"


def load_settings() -> Settings:
    """Return the settings. Raise ``SettingsError``, one sentence a line."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem) for problem in error.errors())) from None
    problems = [*_contradictions(settings), *_missing_documents(settings)]
    if problems:
        raise SettingsError("\n".join(problems))
    return _with_secret(settings)


def _sentence(problem: ErrorDetails) -> str:
    name = "_".join(["GROUPCODE", *(str(part).upper() for part in problem["loc"])])
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {reason[0].lower()}{reason[1:]}."


def _contradictions(settings: Settings) -> list[str]:
    problems = []
    if settings.production:
        if settings.sandbox_on:
            problems.append("GROUPCODE_SANDBOX: the sandbox must be off (0) in production.")
        if not settings.secret_key.get_secret_value():
            problems.append("GROUPCODE_SECRET_KEY: must be set in production.")
    if not settings.sandbox_on:
        problems += [
            f"GROUPCODE_{system.upper()}_URL: must be set where the sandbox is off."
            for system, gateway in settings.gateways.items()
            if not gateway.url
        ]
    if settings.redis_url and settings.database_url.startswith("sqlite"):
        problems.append(
            "GROUPCODE_REDIS_URL: several processes need GROUPCODE_DATABASE_URL=postgres://…;"
            " SQLite serves one."
        )
    if settings.redis_url and settings.sandbox_in_process:
        problems.append(
            "GROUPCODE_SANDBOX_URL: several processes need one sandbox to share:"
            " run `groupcode sandbox` and name its address."
        )
    secret = settings.secret_key.get_secret_value()
    if secret and len(secret) < _SHORTEST_SECRET:
        problems.append(f"GROUPCODE_SECRET_KEY: must have at least {_SHORTEST_SECRET} characters.")
    return problems


def _missing_documents(settings: Settings) -> list[str]:
    if not settings.documents_only or settings.documents or settings.dashboard_on:
        return []
    return [
        "GROUPCODE_DOCUMENTS: must name the manifests of the documents that are to run, where"
        " GROUPCODE_DOCUMENTS_ONLY is on."
    ]


def _with_secret(settings: Settings) -> Settings:
    """In development, a secret of this folder's own, made on the first run."""
    if settings.secret_key.get_secret_value():
        return settings
    if not _SECRET_FILE.exists():
        _write_secret()
    secret = _SECRET_FILE.read_text().strip()
    if len(secret) < _SHORTEST_SECRET:
        raise SettingsError(
            f"GROUPCODE_SECRET_KEY: {_SECRET_FILE} holds no secret of {_SHORTEST_SECRET}"
            " characters; restore it, or remove it together with the database it opened."
        )
    return settings.model_copy(update={"secret_key": SecretStr(secret)})


def _write_secret() -> None:
    """Write a secret whole or not at all, once, though several processes start together."""
    handle, draft = tempfile.mkstemp(dir=_SECRET_FILE.parent)  # readable by its owner only
    with os.fdopen(handle, "w") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    with suppress(FileExistsError):
        os.link(draft, _SECRET_FILE)
    os.unlink(draft)

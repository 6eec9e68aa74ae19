"""Settings, read once from GROUPCODE_* variables and refused with a clear sentence."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Any, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

_SECRET_FILE: Final = Path(".groupcode-secret")
_SHORTEST_SECRET: Final = 32
GATEWAYS: Final = ("health", "identity", "family", "sms")


class SettingsError(Exception):
    """A setting is wrong or missing; the message is a sentence for whoever runs the server."""


class Settings(BaseSettings):
    """What can be set, each by the variable GROUPCODE_<NAME>."""

    model_config = SettingsConfigDict(env_prefix="GROUPCODE_", frozen=True, extra="ignore")

    database_url: str = f"sqlite://{Path('groupcode.sqlite3').absolute()}"
    database_pool_size: int = Field(default=10, ge=2, le=200)
    redis_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: str = ""
    environment: Literal["development", "production"] = "development"
    sandbox: bool | None = None
    sandbox_url: str = ""
    demo: bool = True
    rate_limits: bool = True
    secret_key: SecretStr = SecretStr("")
    health_url: str = ""
    health_token: SecretStr = SecretStr("")
    identity_url: str = ""
    identity_token: SecretStr = SecretStr("")
    family_url: str = ""
    family_token: SecretStr = SecretStr("")
    sms_url: str = ""
    sms_token: SecretStr = SecretStr("")
    timezone: ZoneInfo = ZoneInfo("Asia/Shanghai")

    @field_validator("database_url")
    @classmethod
    def _check_database(cls, url: str) -> str:
        scheme = urlsplit(url).scheme
        if scheme not in ("sqlite", "postgres", "postgresql"):
            raise ValueError("must begin with sqlite:// or postgres://")
        return url.replace("postgresql://", "postgres://", 1)

    @field_validator("redis_url")
    @classmethod
    def _check_redis(cls, url: str) -> str:
        if url and urlsplit(url).scheme not in ("redis", "rediss"):
            raise ValueError("must begin with redis:// or rediss://, or be empty")
        return url

    @field_validator(
        "sandbox_url", "public_url", "health_url", "identity_url", "family_url", "sms_url"
    )
    @classmethod
    def _check_http(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("must be an http:// or https:// address, or be empty")
        return url.rstrip("/").removesuffix("/sandbox")

    @field_validator("timezone", mode="before")
    @classmethod
    def _check_timezone(cls, name: Any) -> ZoneInfo:
        try:
            return name if isinstance(name, ZoneInfo) else ZoneInfo(str(name))
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a time zone such as Asia/Shanghai") from None

    @property
    def embedded(self) -> bool:
        """Whether jobs and events stay in this one process."""
        return not self.redis_url

    @property
    def sandbox_on(self) -> bool:
        """Whether the sandbox answers for the outside systems."""
        return self.environment == "development" if self.sandbox is None else self.sandbox

    @property
    def sandbox_in_process(self) -> bool:
        """Whether the sandbox is part of this server."""
        return self.sandbox_on and not self.sandbox_url

    @property
    def demo_on(self) -> bool:
        """Whether an empty database gets the demo group."""
        return self.demo and self.environment == "development" and self.sandbox_in_process

    @property
    def url(self) -> str:
        """Where people reach this server."""
        return self.public_url or f"http://{self.host}:{self.port}"

    def gateway(self, system: str) -> tuple[str, str]:
        """Where an outside system is, and its token."""
        if self.sandbox_on:
            return f"{self.sandbox_url or self.url}/sandbox/{system}", ""
        token: SecretStr = getattr(self, f"{system}_token")
        return getattr(self, f"{system}_url"), token.get_secret_value()


def load_settings() -> Settings:
    """Read the settings. Raises ``SettingsError``, one sentence a line."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem) for problem in error.errors())) from None
    problems = [*_contradictions(settings)]
    if problems:
        raise SettingsError("\n".join(problems))
    return _with_secret(settings)


def _sentence(problem: Any) -> str:
    name = f"GROUPCODE_{str(problem['loc'][0]).upper()}"
    reason = problem["msg"].removeprefix("Value error, ")
    return f"{name}: {reason[0].lower()}{reason[1:]}."


def _contradictions(settings: Settings) -> list[str]:
    problems = []
    if settings.environment == "production":
        if settings.sandbox_on:
            problems.append("GROUPCODE_SANDBOX: the sandbox must be off (0) in production.")
        if not settings.secret_key.get_secret_value():
            problems.append("GROUPCODE_SECRET_KEY: must be set in production.")
    if not settings.sandbox_on:
        problems += [
            f"GROUPCODE_{system.upper()}_URL: must be set where the sandbox is off."
            for system in GATEWAYS
            if not getattr(settings, f"{system}_url")
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

"""Settings, read once from GROUPCODE_* variables and refused with a clear sentence."""

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from phonenumbers import SUPPORTED_REGIONS
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.domain.limits import CODE_COUNTRIES, CODES_PER_ADDRESS

_SECRET_FILE: Final = Path(".groupcode-secret")
_SHORTEST_SECRET: Final = 32


class SettingsError(Exception):
    """A setting is wrong or missing; the message is a sentence for whoever runs the server."""


def _check_http(url: str) -> str:
    parts = urlsplit(url)
    if url and (parts.scheme not in ("http", "https") or not parts.hostname):
        raise ValueError("must be an http:// or https:// address, or be empty")
    return url.rstrip("/")


HttpAddress = Annotated[str, AfterValidator(_check_http)]


class GatewaySettings(BaseModel):
    """Where an outside system is, and the token that it wants of us."""

    model_config = ConfigDict(frozen=True)

    url: HttpAddress = ""
    token: SecretStr = SecretStr("")


class Settings(BaseSettings):
    """What can be set, each by the variable GROUPCODE_<NAME>.

    Those of an outside system by GROUPCODE_<SYSTEM>_URL and GROUPCODE_<SYSTEM>_TOKEN. Only
    fields that hold settings themselves are split at the first "_": GROUPCODE_SANDBOX_URL
    stays the field ``sandbox_url``.
    """

    model_config = SettingsConfigDict(
        env_prefix="GROUPCODE_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        enable_decoding=False,  # GROUPCODE_SMS itself is no setting: never read it as JSON
        frozen=True,
        extra="ignore",
    )

    database_url: str = f"sqlite://{Path('groupcode.sqlite3').absolute()}"
    database_pool_size: int = Field(default=10, ge=2, le=200)
    redis_url: str = ""
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: HttpAddress = ""
    environment: Literal["development", "production"] = "development"
    sandbox: bool | None = None
    sandbox_url: HttpAddress = ""
    demo: bool = True
    rate_limits: bool = True
    codes_per_address: int | None = Field(default=None, ge=1)
    sms_countries: frozenset[str] = CODE_COUNTRIES
    secret_key: SecretStr = SecretStr("")
    health: GatewaySettings = GatewaySettings()
    identity: GatewaySettings = GatewaySettings()
    family: GatewaySettings = GatewaySettings()
    sms: GatewaySettings = GatewaySettings()
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

    @field_validator("sandbox_url")
    @classmethod
    def _without_its_path(cls, url: str) -> str:
        return url.removesuffix("/sandbox")

    @field_validator("health", "identity", "family", "sms", mode="before")
    @classmethod
    def _check_gateway(cls, value: object, info: ValidationInfo) -> object:
        if isinstance(value, str):
            name = f"GROUPCODE_{str(info.field_name).upper()}"
            raise ValueError(f"is no setting; {name}_URL and {name}_TOKEN are")
        return value

    @field_validator("timezone", mode="before")
    @classmethod
    def _check_timezone(cls, name: object) -> ZoneInfo:
        try:
            return name if isinstance(name, ZoneInfo) else ZoneInfo(str(name))
        except (KeyError, ValueError, OSError):
            raise ValueError("must be a time zone such as Asia/Shanghai") from None

    @field_validator("sms_countries", mode="before")
    @classmethod
    def _check_countries(cls, value: object) -> frozenset[str]:
        if isinstance(value, frozenset):
            return value
        countries = frozenset(name.strip().upper() for name in str(value).split(","))
        if not countries <= SUPPORTED_REGIONS:
            raise ValueError("must be countries of two letters, such as CN,HK,MO,TW")
        return countries

    @property
    def production(self) -> bool:
        """Whether this is no developer's machine: logs are for machines then."""
        return self.environment == "production"

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
    def code_limit(self) -> int | None:
        """How many codes an address may request an hour; None in the sandbox, which sends none."""
        if self.codes_per_address is None and not self.sandbox_on:
            return CODES_PER_ADDRESS
        return self.codes_per_address

    @property
    def demo_on(self) -> bool:
        """Whether an empty database gets the demo group."""
        return self.demo and self.environment == "development" and self.sandbox_in_process

    @property
    def url(self) -> str:
        """Where people reach this server."""
        return self.public_url or f"http://{self.host}:{self.port}"

    @property
    def gateways(self) -> dict[str, GatewaySettings]:
        """Where each outside system is, by its name: in the sandbox while that is on."""
        if self.sandbox_on:
            sandbox = f"{self.sandbox_url or self.url}/sandbox"
            return {system: GatewaySettings(url=f"{sandbox}/{system}") for system in self._own}
        return self._own

    @property
    def _own(self) -> dict[str, GatewaySettings]:
        return {
            "health": self.health,
            "identity": self.identity,
            "family": self.family,
            "sms": self.sms,
        }


def is_production() -> bool:
    """Return whether the environment is set to production, even if another setting is wrong."""
    return os.environ.get("GROUPCODE_ENVIRONMENT") == "production"


def load_settings() -> Settings:
    """Return the settings. Raise ``SettingsError``, one sentence a line."""
    try:
        settings = Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(problem) for problem in error.errors())) from None
    problems = [*_contradictions(settings)]
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

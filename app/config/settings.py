"""What can be set, and what follows from it."""

import os
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from phonenumbers import SUPPORTED_REGIONS
from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import (
    BaseSettings,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from app.config.addresses import (
    DatabaseUrl,
    HttpAddress,
    ListenAddress,
    RedisUrl,
    ReplicaUrl,
    read_origin,
)
from app.config.environment import Variables
from app.config.secret_files import read_secret_files
from app.config.values import Count, GatewaySettings, Networks, Origins, Paths, read_secrets
from app.domain import limits
from app.domain.costs import POINTS_PER_ADDRESS, POINTS_PER_PERSON, SANDBOX_POINTS


def _database_here() -> str:
    return f"sqlite://{Path('groupcode.sqlite3').absolute()}"


class Settings(BaseSettings):
    """What can be set, each by the variable GROUPCODE_<NAME>.

    Those of an outside system by GROUPCODE_<SYSTEM>_URL and GROUPCODE_<SYSTEM>_TOKEN. Only they are
    split at the first "_": GROUPCODE_SANDBOX_URL stays the field ``sandbox_url``.
    """

    model_config = SettingsConfigDict(
        env_prefix="GROUPCODE_",
        env_nested_delimiter="_",
        env_nested_max_split=1,
        enable_decoding=False,  # GROUPCODE_SMS itself is no setting: never read it as JSON
        frozen=True,
        extra="ignore",
    )

    database_url: DatabaseUrl = Field(default_factory=_database_here)
    database_read_url: ReplicaUrl = ""
    database_pool_size: int = Field(default=10, ge=2, le=200)
    redis_url: RedisUrl = ""
    host: ListenAddress = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    drain_seconds: float | None = Field(default=None, ge=0, le=60)
    public_url: HttpAddress = ""
    allowed_origins: Origins = ()
    environment: Literal["development", "production"] = "development"
    sandbox: bool | None = None
    sandbox_url: HttpAddress = ""
    demo: bool = True
    dashboard: bool | None = None
    graphiql: bool | None = None
    introspection: bool | None = None
    suggestions: bool | None = None
    documents: Paths = ()
    documents_only: bool = False
    fast_path: bool = True
    answer_cache: int = Field(default=32, ge=0, le=65_536)
    rate_limits: bool = True
    points_per_person: Count | None = None
    points_per_address: Count | None = None
    codes_per_address: Count | None = None
    connections_per_person: Count = limits.CONNECTIONS_PER_PERSON
    connections_per_address: Count = limits.CONNECTIONS_PER_ADDRESS
    sms_countries: frozenset[str] = limits.CODE_COUNTRIES
    secret_key: SecretStr = SecretStr("")
    secret_keys: SecretStr = SecretStr("")
    trusted_proxies: Networks = ()
    plain_gateways: bool = False
    metrics_host: ListenAddress = "127.0.0.1"
    metrics_port: int | None = Field(default=None, ge=0, le=65535)
    health: GatewaySettings = GatewaySettings()
    identity: GatewaySettings = GatewaySettings()
    family: GatewaySettings = GatewaySettings()
    sms: GatewaySettings = GatewaySettings()
    timezone: ZoneInfo = ZoneInfo("Asia/Shanghai")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read variables, and the files that some name. Raise ``UnreadableSecret``."""
        files = InitSettingsSource(settings_cls, read_secret_files(os.environ))
        return init_settings, Variables(settings_cls), files

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
    def secrets(self) -> tuple[str, ...]:
        """The keys, the newest first; none where none is set."""
        return read_secrets(self.secret_keys) or (
            (self.secret_key.get_secret_value(),) if self.secret_key.get_secret_value() else ()
        )

    @property
    def secret_setting(self) -> str:
        """Which setting the keys are from."""
        return "secret_keys" if self.secret_keys.get_secret_value() else "secret_key"

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
        return self.codes_per_address or (None if self.sandbox_on else limits.CODES_PER_ADDRESS)

    @property
    def dashboard_on(self) -> bool:
        """Whether the dashboard is served: in production only where it is asked for."""
        return not self.production if self.dashboard is None else self.dashboard

    @property
    def graphiql_on(self) -> bool:
        """Whether browsers are shown GraphiQL: likewise."""
        return not self.production if self.graphiql is None else self.graphiql

    @property
    def introspection_on(self) -> bool:
        """Whether clients may ask for the schema: likewise."""
        return not self.production if self.introspection is None else self.introspection

    @property
    def suggestions_on(self) -> bool:
        """Whether errors say what may have been meant: likewise."""
        return not self.production if self.suggestions is None else self.suggestions

    @property
    def person_points(self) -> int:
        """The points that a person may spend a minute; in the sandbox, where programs act, more."""
        more = SANDBOX_POINTS if self.sandbox_on else 1
        return self.points_per_person or POINTS_PER_PERSON * more

    @property
    def address_points(self) -> int:
        """The points that an address may spend a minute: likewise."""
        more = SANDBOX_POINTS if self.sandbox_on else 1
        return self.points_per_address or POINTS_PER_ADDRESS * more

    @property
    def demo_on(self) -> bool:
        """Whether an empty database gets the demo group."""
        return self.demo and self.environment == "development" and self.sandbox_in_process

    @property
    def url(self) -> str:
        """Where people reach this server."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def origins(self) -> tuple[str, ...]:
        """Whose pages may use this server: those allowed, and always our own."""
        return (*self.allowed_origins, read_origin(self.url))

    @property
    def sandbox_page(self) -> str:
        """Where a page of this server's reaches the sandbox; empty where that is off."""
        return f"{self.sandbox_url}/sandbox" if self.sandbox_on else ""

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

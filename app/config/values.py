"""The kinds of values that settings have, each checked as it is read."""

import re
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr

from app.config.addresses import HttpAddress, read_origin

# Beside those of the web, the schemes under which apps and extensions show their pages.
_SCHEMES: Final = frozenset(
    {
        "http",
        "https",
        "capacitor",
        "chrome-extension",
        "ionic",
        "moz-extension",
        "safari-web-extension",
        "tauri",
    }
)
_WEB: Final = ("http", "https")
_MOST: Final = 1_000_000_000  # fits wherever a count is kept or told
_SENDABLE: Final = re.compile("([!-~]([ -~]*[!-~])?)?")
_LABEL: Final = r"[a-z0-9_*]([a-z0-9_*-]*[a-z0-9_*])?"
_HOST: Final = re.compile(rf"{_LABEL}(\.{_LABEL})*(:\d+)?")
_FORM: Final = "write it like https://app.example.org or https://*.example.org"


def _check_token(token: SecretStr) -> SecretStr:
    """Return a token that fits into a header; a ValueError says that it doesn't."""
    if not _SENDABLE.fullmatch(token.get_secret_value()):
        raise ValueError(
            "must be one line of letters, digits and signs of ASCII, no space around it"
        )
    return token


Token = Annotated[SecretStr, AfterValidator(_check_token)]


class GatewaySettings(BaseModel):
    """Where an outside system is, and the token that it wants of us."""

    model_config = ConfigDict(frozen=True)

    url: HttpAddress = ""
    token: Token = SecretStr("")


def _read_origins(value: object) -> tuple[str, ...]:
    """Read a list whose parts are separated by commas or spaces."""
    parts = re.split(r"[,\s]+", value) if isinstance(value, str) else map(str, _listed(value))
    return tuple(dict.fromkeys(_check_origin(part) for part in parts if part))


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _check_origin(entry: str) -> str:
    """Return an origin or pattern as it is compared; a ValueError says what is wrong with it."""
    if entry in ("*", "null"):
        raise ValueError(f"can't be {entry}, which lets in anyone's pages: {_FORM}")
    if not _is_origin(entry):
        raise ValueError(f"names {entry!r}, which is no origin: {_FORM}")
    parts = urlsplit(entry)
    if parts.path not in ("", "/") or parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError(f"names {entry!r}, but an origin ends after its host and port")
    if "*" in entry and not _is_subdomains_of_one(entry):
        raise ValueError(f"names {entry!r}, but a * is for subdomains of one domain: {_FORM}")
    return read_origin(entry)


def _is_origin(entry: str) -> bool:
    try:
        scheme, _, host = read_origin(entry).partition("://")
    except ValueError:  # a host or port that is none
        return False
    return scheme in _SCHEMES and (host.startswith("[") or bool(_HOST.fullmatch(host)))


def _is_subdomains_of_one(entry: str) -> bool:
    parts = urlsplit(entry)
    host = parts.hostname or ""
    domain = host.removeprefix("*.")
    labels = domain.split(".")
    return (
        parts.scheme in _WEB
        and host.startswith("*.")
        and "*" not in domain
        and len(labels) > 1
        and not labels[-1].isdigit()
    )


def _read_paths(value: object) -> tuple[Path, ...]:
    """Read files and folders, separated by commas; each must be there."""
    parts = value.split(",") if isinstance(value, str) else map(str, _listed(value))
    paths = tuple(Path(part.strip()) for part in parts if part.strip())
    for path in paths:
        if not _is_there(path):
            raise ValueError(f"names {str(path)!r}, where there is no file or folder")
    return paths


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a name that no file can have, or a folder that we may not look into
        return False


def read_secrets(listed: SecretStr) -> tuple[str, ...]:
    """Return the secrets of a list, which are separated by commas or lines."""
    return tuple(re.findall(r"[^,\s]+", listed.get_secret_value()))


def _read_networks(value: object) -> tuple[IPv4Network | IPv6Network, ...]:
    """Read addresses and networks, separated by commas or spaces."""
    parts = re.split(r"[,\s]+", value) if isinstance(value, str) else map(str, _listed(value))
    return tuple(_network(part) for part in parts if part)


def _network(part: str) -> IPv4Network | IPv6Network:
    try:
        network = ip_network(part)
        mapped = network.network_address.ipv4_mapped if isinstance(network, IPv6Network) else None
        # Of an address that is IPv4's within IPv6 the prefix is 96 bits longer.
        return network if mapped is None else ip_network((mapped, network.prefixlen - 96))
    except ValueError:
        raise ValueError(
            f"names {part!r}, which is no address and no network such as 10.0.0.0/8"
        ) from None


Count = Annotated[int, Field(ge=1, le=_MOST)]
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], BeforeValidator(_read_networks)]
Paths = Annotated[tuple[Path, ...], BeforeValidator(_read_paths)]
Origins = Annotated[tuple[str, ...], BeforeValidator(_read_origins)]

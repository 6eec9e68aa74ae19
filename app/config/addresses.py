"""Addresses that settings name: each is read as it will be used, and what can't be used is refused.

No sentence quotes one: a password may stand in it, also in what looks like a port, a path or a
parameter, as where it holds a sign that should have been written as %23.
"""

import re
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Final
from urllib.parse import SplitResult, parse_qs, urlsplit

from pydantic import AfterValidator

TLS_MODES: Final = ("disable", "prefer", "require", "verify-ca", "verify-full")
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}
_POSTGRES: Final = ("postgres", "postgresql")
_REDIS_TLS: Final = {
    "redis": frozenset[str](),
    "rediss": frozenset({"ssl_cert_reqs", "ssl_ca_certs", "ssl_certfile", "ssl_keyfile"}),
}
_LABEL: Final = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.IGNORECASE)
_LONGEST_HOST: Final = 253
_ESCAPED: Final = "in a password write @ as %40, : as %3A, / as %2F, ? as %3F and # as %23"


def read_origin(url: str) -> str:
    """Return the origin of an address as browsers write it: without path and default port.

    Raise ``ValueError`` when there is none.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port
    if not host:
        raise ValueError("no host")
    if ":" in host:
        host = f"[{host}]"
    elif not host.isascii():
        host = host.encode("idna").decode()
    ending = "" if port in (None, _DEFAULT_PORTS.get(parts.scheme)) else f":{port}"
    return f"{parts.scheme}://{host}{ending}"


def is_host(host: str) -> bool:
    """Return whether something is an address, or a name that can be looked up."""
    try:
        ip_address(host)
    except ValueError:
        pass
    else:
        return True
    try:
        ascii_host = host if host.isascii() else host.encode("idna").decode()
    except UnicodeError:
        return False
    labels = ascii_host.removesuffix(".").split(".")
    return len(ascii_host) <= _LONGEST_HOST and all(map(_LABEL.fullmatch, labels))


def _check_http(url: str) -> str:
    if not url:
        return url
    if not _is_http(url):
        raise ValueError("must be an http:// or https:// address, or be empty")
    parts = urlsplit(url)
    if "@" in parts.netloc:
        raise ValueError("must hold no name and no password")
    if "?" in url or "#" in url:
        raise ValueError("must end with its path: it is continued by others, without ? and #")
    return url.rstrip("/")


def _is_http(url: str) -> bool:
    try:
        origin = read_origin(url)
    except ValueError:
        return False
    plain = url.isprintable() and " " not in url
    return plain and origin.startswith(("http://", "https://")) and _has_host(url)


def _has_host(url: str) -> bool:
    return is_host(urlsplit(url).hostname or "")


def check_listening(host: str) -> str:
    """Return an address to listen on; a ValueError says what is wrong with it."""
    if not is_host(host):
        raise ValueError(
            "must be an address or a name such as 127.0.0.1, or 0.0.0.0 for all of this machine,"
            " without brackets and port"
        )
    return host


def _parts(url: str) -> SplitResult:
    """Return the parts of an address to connect to; a ValueError says what it lacks."""
    try:
        parts = urlsplit(url)
        readable = parts.port != 0
    except ValueError:  # it quotes
        readable = False
    if not readable or parts.fragment or "#" in url or not url.isprintable():
        raise ValueError(f"has no host and port that can be read: {_ESCAPED}")
    if parts.hostname and not is_host(parts.hostname):
        raise ValueError(f"names no host that can be: {_ESCAPED}")
    return parts


def check_database_url(url: str) -> str:
    """Return a database's address as it is used; a ValueError says what is wrong with it."""
    scheme = url.partition(":")[0]
    if scheme == "sqlite":
        return _check_sqlite(url)
    if scheme not in _POSTGRES:
        raise ValueError("must begin with sqlite:// or postgres://")
    parts = _parts(url)
    if not parts.path.strip("/"):
        raise ValueError("names no database: it ends like …@host:5432/groupcode")
    if "/" in parts.path[1:]:
        raise ValueError(f"must end with one name of a database: {_ESCAPED}")
    _check_tls(parts.query)
    return url.replace("postgresql://", "postgres://", 1)


def _check_sqlite(url: str) -> str:
    path = url.removeprefix("sqlite://")
    if path == url or not path or not path.isprintable() or set("?#") & set(path):
        raise ValueError("must be written sqlite:///folder/file.sqlite3, without ? and #")
    return url


def _check_tls(query: str) -> None:
    for name, values in parse_qs(query, keep_blank_values=True).items():
        value = values[0]
        if name not in ("sslmode", "sslrootcert") or len(values) > 1:
            raise ValueError(
                "may end in one ?sslmode= and one &sslrootcert=, and in nothing else; in a"
                " password write ? as %3F"
            )
        if name == "sslmode" and value not in TLS_MODES:
            raise ValueError(f"sslmode must be one of {', '.join(TLS_MODES)}")
        if name == "sslrootcert" and not Path(value).is_file():
            raise ValueError(f"sslrootcert names {value!r}, where there is no file")


def _check_replica_url(url: str) -> str:
    if url and url.partition(":")[0] not in _POSTGRES:
        raise ValueError("must begin with postgres://, or be empty")
    return check_database_url(url) if url else url


def _check_redis_url(url: str) -> str:
    if not url:
        return url
    if url.partition(":")[0] not in _REDIS_TLS:
        raise ValueError("must begin with redis:// or rediss://, or be empty")
    parts = _parts(url)
    if not parts.hostname:
        raise ValueError("names no host: it is like redis://host:6379/0")
    if not re.fullmatch(r"/?|/[0-9]{1,5}", parts.path):
        raise ValueError(f"must end with the number of a database, such as /0: {_ESCAPED}")
    if not parse_qs(parts.query, keep_blank_values=True).keys() <= _REDIS_TLS[parts.scheme]:
        raise ValueError(
            "may end in ?ssl_cert_reqs=, &ssl_ca_certs=, &ssl_certfile= and &ssl_keyfile= where it"
            " begins with rediss://, and in nothing else"
        )
    return url


HttpAddress = Annotated[str, AfterValidator(_check_http)]
ListenAddress = Annotated[str, AfterValidator(check_listening)]
DatabaseUrl = Annotated[str, AfterValidator(check_database_url)]
ReplicaUrl = Annotated[str, AfterValidator(_check_replica_url)]
RedisUrl = Annotated[str, AfterValidator(_check_redis_url)]

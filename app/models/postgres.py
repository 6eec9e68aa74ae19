"""Connecting to PostgreSQL: by the whole of its URL, TLS included, for every command alike."""

import os
import ssl
from typing import Final, cast
from urllib.parse import parse_qs, urlsplit, urlunsplit

import asyncpg
from tortoise.backends.base.config_generator import expand_db_url

# What the driver raises where a database can't be reached or goes away; the last one where its
# connection is lost at the moment of a use.
UNREACHED: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
)
_SECONDS: Final = 10.0
# Those whom somebody waits for: of processes that serve and work. Together they leave room within
# ten seconds for one statement that is lost, and one attempt to connect anew.
CONNECT_SECONDS: Final = 3.0
STATEMENT_SECONDS: Final = 5.0
# What it does by itself when it hears no more of us: else our locks would stay for hours.
_OUR_END: Final = {
    "statement_timeout": "6s",
    "idle_in_transaction_session_timeout": "10s",
    "tcp_user_timeout": "20000",  # ms; keepalives aren't sent while an answer waits to be taken
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
}


def tls_of(url: str) -> ssl.SSLContext | str | None:
    """Return what ``sslmode`` and ``sslrootcert`` ask for, as asyncpg takes it.

    A certificate is checked by ``verify-ca``, its host's name too by ``verify-full``, against the
    authorities of ``sslrootcert``, or those that the system trusts. None leaves it to the server.
    """
    asked = {name: values[-1] for name, values in parse_qs(urlsplit(url).query).items()}
    mode, authorities = asked.get("sslmode"), asked.get("sslrootcert")
    if mode == "require" and authorities is not None:
        mode = "verify-ca"  # as PostgreSQL's own programs understand it
    if mode not in ("verify-ca", "verify-full"):
        return mode
    context = ssl.create_default_context(cafile=authorities)
    context.check_hostname = mode == "verify-full"
    return context


def bare_url(url: str) -> str:
    """Return a database's URL without what it says of TLS, which asyncpg is told by itself."""
    return urlunsplit(urlsplit(url)._replace(query=""))


def credentials_of(url: str, *, hurried: bool) -> dict[str, object]:
    """Return what Tortoise connects by.

    ``hurried``: connecting and each statement has a time limit.
    """
    credentials: dict[str, object] = expand_db_url(bare_url(url))["credentials"]
    credentials |= {"ssl": tls_of(url)}
    if hurried:
        credentials |= {
            "timeout": CONNECT_SECONDS,
            "command_timeout": STATEMENT_SECONDS,
            "server_settings": _OUR_END,
        }
    return credentials


async def connect(url: str) -> "asyncpg.Connection[asyncpg.Record]":
    """Open one connection. Raise ``CannotConnect``, whose message is a sentence."""
    try:
        connection = await asyncpg.connect(bare_url(url), ssl=tls_of(url), timeout=_SECONDS)
    except UNREACHED as error:
        raise CannotConnect(_sentence(url, error)) from None
    return cast("asyncpg.Connection[asyncpg.Record]", connection)


class CannotConnect(Exception):
    """Nobody answers there, or we aren't let in; the message is a sentence."""


def where(url: str) -> str:
    """Return what a database's URL leads to, without the password."""
    parts = urlsplit(url)
    port = f":{parts.port}" if parts.port else ""
    database = parts.path.removeprefix("/")
    return f"PostgreSQL at {parts.hostname or 'this machine'}{port}, database {database}"


def _sentence(url: str, error: Exception) -> str:
    """Say why there is no connection; the password is in none of the drivers' own words."""
    if isinstance(error, ConnectionError) and "rejected SSL" in str(error):
        reason = "it has no TLS, which sslmode asks for"
    else:
        reason = next(reason for kind, reason in _REASONS if isinstance(error, kind))
    parts = urlsplit(url)
    filled = reason.format(
        said=_words_of(error),
        user=parts.username or "its user",
        database=parts.path.removeprefix("/"),
    )
    return f"{where(url)}: {filled}."


def _words_of(error: Exception) -> object:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, OSError) and error.errno and error.errno > 0:
        return os.strerror(error.errno).lower()
    return getattr(error, "strerror", None) or error


_REASONS: Final[tuple[tuple[type[BaseException], str], ...]] = (
    (
        ssl.SSLCertVerificationError,
        "its certificate isn't trusted ({said}). sslrootcert must name the file of the authority"
        " that signed it; sslmode=verify-ca leaves the host's name out",
    ),
    (ssl.SSLError, "TLS fails ({said})"),
    (asyncpg.InvalidPasswordError, "the password of {user} is wrong"),
    (asyncpg.InvalidAuthorizationSpecificationError, "{user} isn't let in: {said}"),
    (
        asyncpg.InvalidCatalogNameError,
        "there is no such database. Create it: createdb {database}",
    ),
    (
        asyncpg.TooManyConnectionsError,
        "it has no connection left. Raise its max_connections, or lower"
        " GROUPCODE_DATABASE_POOL_SIZE",
    ),
    (TimeoutError, f"nothing answers within {_SECONDS:.0f} seconds"),
    (OSError, "can't be reached ({said})"),
    (Exception, "refuses the connection ({said})"),
)

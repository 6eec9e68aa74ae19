"""Who a request comes from when proxies stand before the server.

A proxy says in X-Forwarded-For whom it serves and in X-Forwarded-Proto how they came. Anybody can
write that, so it counts only from addresses that the settings trust, and of a list only what
trusted proxies wrote: the rightmost address that isn't theirs.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final

import structlog
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

log = structlog.get_logger(__name__)

_Address = IPv4Address | IPv6Address
_HEADERS: Final = (b"x-forwarded-for", b"x-forwarded-proto")
_SECURE: Final = {"http": "https", "ws": "wss"}


class Forwarding:
    """Middleware that has ``client`` and ``scheme`` be those of whoever the proxy serves."""

    def __init__(self, app: ASGIApp, forwarders: "Forwarders") -> None:
        self._app = app
        self._forwarders = forwarders

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request or connection."""
        if scope["type"] in ("http", "websocket"):
            scope = self._forwarders.as_sent(scope)
        await self._app(scope, receive, send)


class Forwarders:
    """The proxies that are trusted to say whom they serve."""

    def __init__(self, trusted: Sequence[IPv4Network | IPv6Network]) -> None:
        self._trusted = trusted
        self._told = False

    def as_sent(self, scope: Scope) -> Scope:
        """Return a request or connection as whoever the proxy serves sent it."""
        for name, _ in scope["headers"]:
            if name in _HEADERS:
                return self._as_sent(scope)
        return scope

    def _as_sent(self, scope: Scope) -> Scope:
        headers = Headers(scope=scope)
        forwarded = [
            part.strip()
            for header in headers.getlist("x-forwarded-for")
            for part in header.split(",")
        ]
        if not forwarded and "x-forwarded-proto" not in headers:
            return scope
        peer = read_address(scope["client"][0]) if scope.get("client") else None
        if peer is None or not self._trusts(peer):
            self._tell(peer)
            return scope
        found = self._whom(peer, forwarded)
        sent = {**scope, "client": (str(found), 0)} if found != peer else {**scope}
        if _last(headers.getlist("x-forwarded-proto")) in ("https", "wss"):
            sent["scheme"] = _SECURE.get(scope["scheme"], scope["scheme"])
        return sent

    def _whom(self, peer: _Address, forwarded: Iterable[str]) -> _Address:
        """Return the rightmost address that isn't a proxy's; what is no address ends the list."""
        nearest = peer
        for part in reversed(list(forwarded)):
            address = read_address(part)
            if address is None:
                return nearest
            nearest = address
            if not self._trusts(address):
                return address
        return nearest

    def _trusts(self, address: _Address) -> bool:
        return any(address in network for network in self._trusted)

    def _tell(self, peer: _Address | None) -> None:
        """Log once that somebody forwards whom the settings don't trust."""
        if not self._told:
            self._told = True
            log.warning(
                "GROUPCODE_TRUSTED_PROXIES doesn't list who forwards: that doesn't count",
                sender=str(peer),
            )


def _last(headers: Iterable[str]) -> str:
    """Return the last value of a list, which the nearest proxy wrote."""
    values = [value.strip().lower() for header in headers for value in header.split(",")]
    return values[-1] if values else ""


def read_address(written: str) -> _Address | None:
    """Read an address with or without brackets and port; None when it is none."""
    host = written.strip()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address

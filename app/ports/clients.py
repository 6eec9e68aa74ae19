"""Clients of outside systems: over the network, straight or through a proxy, or in process."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Protocol
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from starlette.types import ASGIApp

from app.ports.bodies import ENCODINGS
from app.ports.network import NetworkClient


class Reply(Protocol):
    """An answer, whose body comes piece by piece, as it was sent."""

    @property
    def status_code(self) -> int:
        """The HTTP status."""

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers, to be asked for in lower case."""

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """Return the body's pieces."""


class Client(Protocol):
    """What asks one system."""

    def stream(
        self, method: str, url: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> AbstractAsyncContextManager[Reply]:
        """Ask, and hold the connection while the context lasts."""

    async def aclose(self) -> None:
        """Close all connections."""


def gateway_client(base_url: str, token: str = "") -> Client:
    """Make the client of one system over the network; the caller closes it.

    It sets no time limits: ``Gateway`` does.
    """
    headers = _headers(token)
    if not base_url or _is_proxied(base_url):  # one that isn't set fails when it is asked
        return _general(base_url, headers)
    return NetworkClient(base_url, headers)


def app_client(base_url: str, app: ASGIApp, token: str = "") -> httpx.AsyncClient:
    """Make the client of a system that is an ``app`` in process; the caller closes it."""
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return _general(base_url, _headers(token), transport)


def _general(
    base_url: str, headers: Mapping[str, str], transport: httpx.ASGITransport | None = None
) -> httpx.AsyncClient:
    never = httpx.Timeout(None)
    return httpx.AsyncClient(base_url=base_url, headers=headers, timeout=never, transport=transport)


def _headers(token: str) -> dict[str, str]:
    headers = {"Accept-Encoding": ENCODINGS}
    return headers | {"Authorization": f"Bearer {token}"} if token else headers


def _is_proxied(url: str) -> bool:
    """Return whether the environment has a proxy for a URL."""
    parts, proxies = urlsplit(url), getproxies()
    named = parts.scheme in proxies or "all" in proxies
    return named and not proxy_bypass(parts.hostname or "")

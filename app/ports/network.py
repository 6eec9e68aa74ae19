"""The client of one system over the network: aiohttp's, held to what gateways ask of one."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from ssl import SSLContext
from typing import Final

import httpx
from aiohttp import ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector

_MOST_CONNECTIONS: Final = 50
_IDLE_SECONDS: Final = 5.0  # many systems end a connection that idles for longer
_PIECE: Final = 64 << 10  # bytes; about twice as many wait unread at most
_NOT_SAID: Final = ("User-Agent", "Content-Type")  # unless we do


class NetworkClient:
    """A client with connections of its own, some of which it keeps for the next exchanges.

    It keeps no cookies, follows no redirects, asks the environment for nothing and unpacks nothing.
    """

    def __init__(self, base_url: str, headers: Mapping[str, str]) -> None:
        self._base = base_url.rstrip("/")
        self._headers = headers
        self._session: ClientSession | None = None

    async def aclose(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()

    @asynccontextmanager
    async def stream(
        self, method: str, url: str, *, content: bytes | None, headers: Mapping[str, str]
    ) -> AsyncIterator["_Reply"]:
        """Ask for a path below the base.

        Raise ``aiohttp.ClientError`` or ``OSError`` where no answer comes, or not the whole of it.
        """
        if self._session is None:  # it belongs to the loop that is running
            self._session = self._opened()
        asked = self._session.request(
            method, self._base + url, data=content, headers=headers, allow_redirects=False
        )
        async with asked as response:
            yield _Reply(response)

    def _opened(self) -> ClientSession:
        return ClientSession(
            connector=TCPConnector(
                limit=_MOST_CONNECTIONS,
                keepalive_timeout=_IDLE_SECONDS,
                ssl=self._authorities(),
            ),
            headers=self._headers,
            skip_auto_headers=_NOT_SAID,
            timeout=ClientTimeout(),
            cookie_jar=DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
            read_bufsize=_PIECE,
        )

    def _authorities(self) -> SSLContext | bool:
        """Return who vouches for a system: the same, whichever client asks it."""
        return httpx.create_ssl_context() if self._base.startswith("https:") else True


class _Reply:
    def __init__(self, response: ClientResponse) -> None:
        self._response = response
        self.status_code = response.status
        self.headers: Mapping[str, str] = response.headers  # of any case

    def aiter_raw(self) -> AsyncIterator[bytes]:
        """Return the body's pieces."""
        return self._response.content.iter_any()

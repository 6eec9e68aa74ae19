"""One outside system over HTTP: time limit, retries, and the one error its adapters raise.

No error and no log names a path, a body or an answer: personal data travels in them.
"""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Annotated, Final, TypeVar

import httpx
import orjson
import stamina
from pydantic import BaseModel, BeforeValidator, ValidationError
from starlette.types import ASGIApp

MAX_RETRY_AFTER: Final = 60.0  # seconds we let a system make us wait before one more try
LIMITS: Final = httpx.Limits(max_connections=50, max_keepalive_connections=10)

Answer = TypeVar("Answer", bound=BaseModel)

logger = logging.getLogger(__name__)


class GatewayError(Exception):
    """An outside system didn't do what it was asked.

    ``permanent``: trying again can't help. ``status``: the HTTP status, None without an answer.
    ``retry_after``: the seconds the system asked us to wait, as it said them.
    """

    def __init__(
        self,
        system: str,
        reason: str,
        *,
        permanent: bool = False,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(f"{system}: {reason}")
        self.system = system
        self.permanent = permanent
        self.status = status
        self.retry_after = retry_after


class Gateway:
    """One outside system, reached over HTTP.

    ``timeout``: seconds for one exchange. ``attempts``: exchanges for one request at most.
    ``patience``: seconds after which no other attempt is made; a system that asks for a longer
    wait gets none. The waits between attempts double from ``wait_initial`` to ``wait_max``
    seconds, spread at random.
    """

    def __init__(
        self,
        system: str,
        client: httpx.AsyncClient,
        timeout: float,
        attempts: int,
        *,
        patience: float = MAX_RETRY_AFTER,
        wait_initial: float = 0.2,
        wait_max: float = 5.0,
    ) -> None:
        self.system = system
        self._client = client
        self._timeout = timeout
        self._attempts = attempts
        self._patience = patience
        self._wait_initial = wait_initial
        self._wait_max = wait_max

    async def request(self, method: str, path: str, json: object = None) -> object:
        """Ask the system, again where that may help; return its JSON, None for an empty body.

        Raises ``GatewayError``: permanent for a 4xx other than 429, at once; not permanent for
        429, 5xx, silence or a body that isn't JSON, when that is how the last attempt ended.
        """
        # The context, not the decorator: what stamina logs of a retry then holds no arguments.
        async for attempt in stamina.retry_context(
            on=self._backoff,
            attempts=self._attempts,
            timeout=self._patience,
            wait_initial=self._wait_initial,
            wait_max=self._wait_max,
            wait_jitter=self._wait_initial,
        ):
            with attempt:
                return self._json(await self._exchange(method, path, json))
        raise AssertionError("unreachable")

    def parse(self, model: type[Answer], answer: object) -> Answer:
        """Read an answer as its contract has it. Raise ``GatewayError`` when it isn't like that."""
        try:
            return model.model_validate(answer)
        except ValidationError:
            # What pydantic says quotes the answer.
            raise GatewayError(self.system, "malformed answer") from None

    def _backoff(self, error: Exception) -> bool | float:
        if not isinstance(error, GatewayError) or error.permanent:
            return False
        if error.retry_after is None:
            return True
        wait = min(error.retry_after, MAX_RETRY_AFTER)
        return wait if wait <= self._patience else False

    async def _exchange(self, method: str, path: str, json: object) -> httpx.Response:
        content = None if json is None else orjson.dumps(json)
        headers = {} if json is None else {"Content-Type": "application/json"}
        try:
            # httpx keeps no time limit over an in-process app.
            async with asyncio.timeout(self._timeout):
                return await self._client.request(method, path, content=content, headers=headers)
        except TimeoutError:
            raise GatewayError(self.system, "no answer in time") from None
        except httpx.HTTPError as error:
            raise GatewayError(self.system, type(error).__name__) from None

    def _json(self, response: httpx.Response) -> object:
        status = response.status_code
        if not response.is_success:
            raise GatewayError(
                self.system,
                f"status {status}",
                permanent=status != 429 and status < 500,
                status=status,
                retry_after=_seconds(response.headers.get("Retry-After", "")),
            )
        try:
            answer: object = orjson.loads(response.content) if response.content else None
            return answer
        except orjson.JSONDecodeError:
            raise GatewayError(self.system, "the answer is not JSON", status=status) from None


def gateway_client(base_url: str, token: str = "", app: ASGIApp | None = None) -> httpx.AsyncClient:
    """Make the client of one system: over the network, or in process when it is an ``app``.

    It sets no time limits: ``Gateway`` does. The caller closes it.
    """
    transport = None
    if app is not None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx.AsyncClient(
        base_url=base_url,
        headers={"Authorization": f"Bearer {token}"} if token else {},
        timeout=None,
        limits=LIMITS,
        transport=transport,
    )


def readable(model: type[Answer], entries: Iterable[object], what: str) -> Iterator[Answer]:
    """Yield the entries of an answer that can be read; one that can't spoils none of the others.

    The log says how many can't be read, and never what they say.
    """
    malformed = 0
    for entry in entries:
        try:
            yield model.model_validate(entry)
        except ValidationError:
            malformed += 1
    if malformed:
        logger.warning("malformed %s in one answer: %d", what, malformed)


def _seconds(retry_after: str) -> float | None:
    # The header's other form, a date, would need their clock to agree with ours.
    return float(retry_after) if retry_after.isdecimal() else None


def _timestamp(value: object) -> datetime:
    if not isinstance(value, str):
        raise ValueError("not a text")
    try:
        at = datetime.fromisoformat(value)
        if at.tzinfo is None:
            raise ValueError("no zone")
        return at.astimezone(UTC)
    except OverflowError:
        raise ValueError("out of range") from None


Timestamp = Annotated[datetime, BeforeValidator(_timestamp)]
"""An RFC 3339 time with its zone, as UTC; nothing else, unlike pydantic's own reading."""

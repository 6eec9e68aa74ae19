"""One outside system over HTTP: time limit, retries, and the one error its adapters raise.

No error and no log names a path, a body or an answer: personal data travels in them.
"""

import asyncio
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from time import perf_counter
from typing import Final

import aiohttp
import httpx
import orjson
import stamina
import structlog
from pydantic import ValidationError

from app.ports.answers import Answer
from app.ports.bodies import TooLong, read_bounded, unpacked
from app.ports.clients import Client, Reply
from app.telemetry import metrics, traces
from app.telemetry.traces import Side

log = structlog.get_logger(__name__)

PATIENCE: Final = 60.0  # seconds, where a system's own patience isn't told
_LONGEST_WAIT: Final = 30 * 86_400.0  # seconds: a number beyond is no wait that anyone means
_JSON: Final = {"Content-Type": "application/json"}
# What the clients raise where no answer comes, or not the whole of it.
_BROKEN_OFF: Final = (OSError, aiohttp.ClientError, httpx.HTTPError, httpx.InvalidURL)

# Statuses that say nothing of the request's content: who we are, and how often we ask.
_NOT_OF_CONTENT: Final = (401, 403, 429)


def given_up(system: str, status: int | None, attempts: int) -> None:
    """Say that a call to an outside system is given up, which whoever runs the server must see.

    ``status``: the HTTP status of its last answer, None where none came. What is counted of such
    calls is counted here.
    """
    log.error("call given up", system=system, status=status, attempts=attempts)
    metrics.GATEWAY_FAILURES.labels(system, str(status or "NONE")).inc()


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

    @property
    def is_of_content(self) -> bool:
        """Whether the system is there, but can't manage this request, or we can't its answer.

        Another request, or a smaller one, may fare better.
        """
        status = self.status or 0
        answered = 200 <= status < 300 or 400 <= status < 500  # not by leading elsewhere
        return answered and status not in _NOT_OF_CONTENT

    @property
    def is_away(self) -> bool:
        """Whether the system may do later what it didn't now, whatever it is asked."""
        return not self.permanent and not self.is_of_content


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
        client: Client,
        timeout: float,
        attempts: int,
        *,
        patience: float = PATIENCE,
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

        Raises ``GatewayError``: permanent for a 4xx other than 429 and for a body that is out of
        bounds (``read_bounded``), at once; not permanent for 429, 5xx, silence or a body that
        can't be read, when that is how the last attempt ended.
        """
        return await self._attempt(method, path, json, reads_body=True)

    async def tell(self, method: str, path: str, json: object) -> None:
        """Ask for something of which only the status counts: no body is read.

        Raises ``GatewayError`` as ``request`` does.
        """
        await self._attempt(method, path, json, reads_body=False)

    async def _attempt(self, method: str, path: str, json: object, *, reads_body: bool) -> object:
        began = perf_counter()
        try:
            return await self._measured(method, path, json, reads_body)
        except GatewayError as error:
            # Most calls need no other attempt: only now is it made out when there are some.
            first, left = error, max(self._patience - (perf_counter() - began), 0.0)
        made = 0
        try:
            # The context, not the decorator: what stamina logs of a retry then holds no arguments.
            async for attempt in stamina.retry_context(
                on=self._backoff,
                attempts=self._attempts,
                timeout=left,
                wait_initial=self._wait_initial,
                wait_max=self._wait_max,
                wait_jitter=self._wait_initial,
            ):
                made = attempt.num
                with attempt:
                    if made == 1:
                        raise first
                    return await self._measured(method, path, json, reads_body)
        except GatewayError as error:
            given_up(self.system, error.status, made)
            raise
        raise AssertionError("unreachable")

    def parse(self, model: type[Answer], answer: object) -> Answer:
        """Read an answer as its contract has it. Raise ``GatewayError`` when it isn't like that."""
        try:
            return model.model_validate(answer)
        except ValidationError:
            # What pydantic says quotes the answer.
            raise self.malformed() from None

    def malformed(self) -> GatewayError:
        """Return the error to raise about an answer that isn't as its contract has it."""
        given_up(self.system, 200, 1)
        return GatewayError(self.system, "malformed answer", status=200)

    def _backoff(self, error: Exception) -> bool | float:
        if not isinstance(error, GatewayError) or error.permanent:
            return False
        if error.retry_after is None:
            return True
        return error.retry_after if error.retry_after <= self._patience else False

    async def _measured(self, method: str, path: str, json: object, reads_body: bool) -> object:
        """Ask once, and note how that ended and how long it took."""
        began, status = perf_counter(), "OK"
        try:
            with traces.span(f"ask {self.system}", Side.CLIENT):
                return await self._exchange(method, path, json, reads_body)
        except GatewayError as error:
            status = str(error.status or "NONE")
            raise
        finally:
            metrics.GATEWAY_CALLS.labels(self.system, status).inc()
            metrics.GATEWAY_SECONDS.labels(self.system).observe(perf_counter() - began)

    async def _exchange(self, method: str, path: str, json: object, reads_body: bool) -> object:
        content = None if json is None else orjson.dumps(json)
        headers = {} if json is None else _JSON
        try:
            async with asyncio.timeout(self._timeout):
                asked = self._client.stream(method, path, content=content, headers=headers)
                async with asked as response:
                    self._check_status(response)
                    return await self._read(response) if reads_body else None
        except TimeoutError:
            raise GatewayError(self.system, "no answer in time") from None
        except _BROKEN_OFF as error:
            raise GatewayError(self.system, type(error).__name__) from None

    async def _read(self, response: Reply) -> object:
        status = response.status_code
        encoding = response.headers.get("content-encoding", "")
        try:
            # As it came: httpx would unpack each piece as far as it goes.
            return await read_bounded(await unpacked(response.aiter_raw(), encoding))
        except TooLong:
            reason = "too long an answer"
            raise GatewayError(self.system, reason, permanent=True, status=status) from None
        except ValueError:
            raise GatewayError(self.system, "the answer is not JSON", status=status) from None

    def _check_status(self, response: Reply) -> None:
        status = response.status_code
        if not 200 <= status < 300:
            raise GatewayError(
                self.system,
                f"status {status}",
                permanent=status != 429 and status < 500,
                status=status,
                retry_after=_seconds(response.headers),
            )


def _seconds(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that ``Retry-After`` asks for, in either form; None where it has neither.

    A date is read by the system's own clock, as its answer's ``Date`` tells it.
    """
    said = headers.get("retry-after", "")
    if said.isascii() and said.isdecimal():
        return min(float(said), _LONGEST_WAIT)
    try:
        until, now = parsedate_to_datetime(said), parsedate_to_datetime(headers.get("date", ""))
        return min(max((until - now).total_seconds(), 0.0), _LONGEST_WAIT)
    except (TypeError, ValueError, OverflowError):
        return None

"""What `groupcode doctor` and `groupcode health` find: in plain words, with what to do about it."""

import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from ipaddress import IPv4Address, ip_address
from typing import Final

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from app.config import Settings, SettingsError, warnings
from app.config.values import GatewaySettings
from app.models.database import database, newest_use
from app.models.database import now as database_now
from app.models.opening import described, sqlite_file
from app.models.postgres import UNREACHED
from app.models.processes import ProcessKind, alive
from app.models.replica import Replica
from app.ports.clock import SystemClock
from app.ports.redis_check import redis_fault
from app.starting import demand_ready

_SECONDS: Final = 5.0
_MOST_APART: Final = timedelta(seconds=5)
_TICK_FOR: Final = timedelta(minutes=1)
_clock = SystemClock()
# What each system answers without anything coming of it: a question about nobody, a check that
# was never opened, bodies that lack what they need. Refused is fine; refused entry is not.
_QUESTIONS: Final[dict[str, tuple[str, str, dict[str, list[str]] | None]]] = {
    "health": ("POST", "/records:query", {"people": []}),
    "identity": ("GET", "/verifications/groupcode-doctor", None),
    "family": ("POST", "/relatives:query", {}),
    "sms": ("POST", "/messages", {}),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: what it is like, and whether it must be mended."""

    about: str
    said: str
    wrong: bool = False

    def __str__(self) -> str:
        return f"{'WRONG' if self.wrong else 'ok':<6} {self.about:<10} {self.said}"


async def examine(settings: Settings) -> AsyncIterator[Finding]:
    """Yield what is found, part by part."""
    yield Finding("settings", f"{settings.environment}, people reach it at {settings.url}")
    for sentence in warnings():
        yield Finding("settings", sentence, wrong=True)
    async for finding in _database(settings):
        yield finding
    if settings.redis_url:
        yield await _redis(settings.redis_url)
    if settings.sandbox_on:
        yield Finding("gateways", "the sandbox answers for the outside systems")
    else:
        for system, gateway in settings.gateways.items():
            yield await _gateway(system, gateway)


async def _database(settings: Settings) -> AsyncIterator[Finding]:
    try:
        await demand_ready(settings)
    except SettingsError as error:
        yield Finding("database", str(error), wrong=True)
        return
    yield Finding("database", f"{described(settings.database_url)}: of this shape, the key fits")
    file = sqlite_file(settings.database_url)
    if file is not None and file.stat().st_mode & 0o077:
        yield Finding("database", f"{file} can be read by others: chmod 600 {file}", wrong=True)
    if settings.database_read_url:
        yield await _replica(settings.database_read_url)
    async for finding in _clocks(settings):
        yield finding


async def _clocks(settings: Settings) -> AsyncIterator[Finding]:
    apart = newest = None
    async with database(settings.database_url, pool_size=1):
        if sqlite_file(settings.database_url) is None:
            apart = abs(await database_now() - _clock.now())
        if not settings.sandbox_in_process:  # whose clock may be moved
            newest = await newest_use()
    if apart is not None and apart > _MOST_APART:
        yield Finding("clock", _apart("the database's", apart), wrong=True)
    elif apart is not None:
        yield Finding("clock", "agrees with the database's")
    if newest is not None and newest - _clock.now() > _MOST_APART:
        yield Finding("clock", _dated_ahead(newest), wrong=True)


async def _replica(url: str) -> Finding:
    copy = Replica(url, pool_size=1)
    try:
        replayed = await copy.replayed()
    except UNREACHED as error:
        said = f"GROUPCODE_DATABASE_READ_URL: can't be reached ({type(error).__name__})"
        return Finding("replica", said, wrong=True)
    finally:
        copy.close()
    if replayed is None:
        said = "GROUPCODE_DATABASE_READ_URL: is no replica, or was promoted"
        return Finding("replica", said, wrong=True)
    return Finding("replica", f"{described(url)}: follows")


async def _redis(url: str) -> Finding:
    if fault := await redis_fault(url):
        return Finding("redis", f"GROUPCODE_REDIS_URL: {fault}", wrong=True)
    client = Redis.from_url(url, socket_connect_timeout=_SECONDS, socket_timeout=_SECONDS)
    try:
        await client.ping()
    except (RedisError, OSError) as error:
        said = f"GROUPCODE_REDIS_URL: doesn't answer ({type(error).__name__}). Is it running?"
        return Finding("redis", said, wrong=True)
    finally:
        await client.aclose()
    return Finding("redis", "answers")


async def _gateway(system: str, gateway: GatewaySettings) -> Finding:
    method, path, body = _QUESTIONS[system]
    token = gateway.token.get_secret_value()
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            answer = await client.request(method, gateway.url + path, json=body, headers=headers)
    except httpx.HTTPError as error:
        said = f"GROUPCODE_{system.upper()}_URL: can't be reached ({type(error).__name__})"
        return Finding(system, said, wrong=True)
    problem = _problem(system, answer)
    return Finding(system, problem or f"answers ({answer.status_code})", wrong=bool(problem))


def _problem(system: str, answer: httpx.Response) -> str | None:
    name = f"GROUPCODE_{system.upper()}"
    status = answer.status_code
    if status in (401, 403):
        return f"{name}_TOKEN: it answers {status}: the token is wrong, or has ended"
    if status >= 500 or status == 429:
        return f"{name}_URL: it answers {status}: ask whoever runs it"
    if 300 <= status < 400 or (status == 404 and system != "identity"):
        return f"{name}_URL: it answers {status}: is the path right?"
    return _wrong_clock(answer.headers.get("date"))


def _wrong_clock(written: str | None) -> str | None:
    try:
        apart = abs(parsedate_to_datetime(written or "") - _clock.now())
    except (ValueError, TypeError):
        return None
    return _apart("its", apart) if apart > _MOST_APART else None


def _dated_ahead(newest: datetime) -> str:
    return (
        f"the newest entry is of {newest:%Y-%m-%d %H:%M} UTC, which is to come: set our clock"
        " right; if it is, one was ahead: docs/operations.md says under Clocks what that leaves"
    )


def _apart(whose: str, apart: timedelta) -> str:
    return f"our clock and {whose} are {apart.total_seconds():.0f} s apart: set both by NTP"


async def ill(settings: Settings) -> list[str]:
    """Return why the processes of this machine, or container, aren't well; nothing if they are."""
    async with database(settings.database_url, pool_size=1):
        here = [one for one in await alive(_clock.now()) if one.host == socket.gethostname()]
    if not here:
        return ["no server or worker of this machine is alive"]
    problems = []
    working = [one for one in here if one.ticked_at is not None]
    if working and all(one.tick_age > _TICK_FOR for one in working):
        problems.append("the worker is alive, but has not looked for work for a minute")
    if any(one.kind is ProcessKind.SERVER for one in here):
        problems += await _unready(settings)
    return problems


async def _unready(settings: Settings) -> list[str]:
    host = "127.0.0.1" if _is_everywhere(settings.host) else settings.host
    local = settings.model_copy(update={"public_url": "", "host": host})
    try:
        async with httpx.AsyncClient(timeout=_SECONDS, trust_env=False) as client:
            answer = await client.get(f"{local.url}/readyz")
    except httpx.HTTPError as error:
        return [f"the server doesn't answer at {local.url} ({type(error).__name__})"]
    return [] if answer.status_code == 200 else [f"the server isn't ready: {answer.text}"]


def _is_everywhere(host: str) -> bool:
    try:
        return ip_address(host) == IPv4Address(0)
    except ValueError:  # a name
        return False

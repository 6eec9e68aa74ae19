"""The wiring of a process: settings to ports, and what is opened and closed with it."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version

from starlette.applications import Starlette

from app.config import Settings, SettingsError
from app.config.values import GatewaySettings
from app.models.database import database, newest_moment, pool_use
from app.models.fields import use_cipher
from app.models.opening import sqlite_file
from app.models.processes import ProcessKind
from app.models.replica_lag import following
from app.ports.budgets import LocalBudgets
from app.ports.bus import DUE, Bus, LocalBus
from app.ports.cipher import Cipher
from app.ports.clients import Client, app_client, gateway_client
from app.ports.clock import Clock, MovableClock, SystemClock
from app.ports.family import HttpFamilyRegistry
from app.ports.health import HttpHealthRecords
from app.ports.http import Gateway
from app.ports.identity import HttpIdentityVerification
from app.ports.ids import Ids, RandomIds
from app.ports.redis import RedisBus
from app.ports.shared_budgets import SharedBudgets
from app.ports.sms import HttpSmsGateway
from app.ports.tokens import Tokens
from app.sandbox.app import create_sandbox
from app.services.kernel.env import Env
from app.telemetry import metrics, request_log
from app.telemetry.exposing import (
    MetricsAddressTaken,
    TracesUnavailable,
    expose_metrics,
    measure_loop,
    send_traces,
    wants_traces,
)
from app.workers.beating import beating
from app.workers.measuring import measure_work
from app.workers.runtime import background_work
from app.workers.tick import Pulse
from app.workers.timekeeping import Timekeeper

_TIMEOUT_SECONDS = 10.0
_ATTEMPTS = 4
# Seconds after which no other attempt is made: short where a person waits for the answer,
# or where the row of due work tries again by itself.
_PATIENCE = {"health": 15.0, "identity": 5.0, "family": 5.0, "sms": 5.0}


@dataclass(frozen=True, slots=True)
class Wiring:
    """One process of the server: its ports, and what must be opened and closed."""

    settings: Settings
    env: Env
    bus: LocalBus | RedisBus
    sandbox: Starlette | None
    clients: tuple[Client, ...]
    timekeeper: Timekeeper | None


def wire(
    settings: Settings, sandbox_clock: MovableClock | None = None, ids: Ids | None = None
) -> Wiring:
    """Choose the adapters that the settings ask for; with the sandbox, its clock is ours."""
    bus = LocalBus() if settings.embedded else RedisBus(settings.redis_url)
    clock: MovableClock | SystemClock = SystemClock()
    sandbox = None
    if settings.sandbox_in_process:
        clock = sandbox_clock or MovableClock()
        sandbox = create_sandbox(clock, f"{settings.url}/sandbox")
        if isinstance(bus, LocalBus):
            local = bus
            clock.on_move = lambda: local.nudge(DUE)
    clients = {
        system: _client(system, gateway, sandbox) for system, gateway in settings.gateways.items()
    }
    env = _env(settings, clock, ids or RandomIds(), bus, clients)
    comparable = isinstance(clock, SystemClock) and sqlite_file(settings.database_url) is None
    timekeeper = Timekeeper(clock) if comparable else None
    return Wiring(settings, env, bus, sandbox, tuple(clients.values()), timekeeper)


def _client(system: str, gateway: GatewaySettings, sandbox: Starlette | None) -> Client:
    if sandbox is not None:
        return app_client(f"http://sandbox/{system}", sandbox)
    return gateway_client(gateway.url, gateway.token.get_secret_value())


def _env(
    settings: Settings, clock: Clock, ids: Ids, bus: Bus, clients: Mapping[str, Client]
) -> Env:
    gateways = {
        system: Gateway(system, client, _TIMEOUT_SECONDS, _ATTEMPTS, patience=_PATIENCE[system])
        for system, client in clients.items()
    }
    return Env(
        clock=clock,
        ids=ids,
        cipher=Cipher(*settings.secrets),
        tokens=Tokens(*settings.secrets),
        bus=bus,
        health=HttpHealthRecords(gateways["health"]),
        identity=HttpIdentityVerification(gateways["identity"], plain_links=settings.sandbox_on),
        family=HttpFamilyRegistry(gateways["family"]),
        sms=HttpSmsGateway(gateways["sms"]),
        timezone=settings.timezone,
        public_url=settings.url,
        rate_limits=settings.rate_limits,
        codes_per_address=settings.code_limit,
        code_countries=settings.sms_countries,
        points_per_person=settings.person_points,
        points_per_address=settings.address_points,
        budgets=LocalBudgets() if settings.embedded else SharedBudgets(settings.redis_url),
    )


@asynccontextmanager
async def running(wiring: Wiring, *, work: bool) -> AsyncIterator[None]:
    """Open everything that a process needs, with ``work`` its workers too; close it all."""
    settings = wiring.settings
    use_cipher(wiring.env.cipher)
    async with AsyncExitStack() as stack:
        stack.callback(request_log.write_gathered)
        for client in wiring.clients:
            stack.push_async_callback(client.aclose)
        await stack.enter_async_context(
            database(settings.database_url, settings.database_pool_size, hurried=True)
        )
        if settings.database_read_url and (settings.embedded or not work):
            copy = following(settings.database_read_url, settings.database_pool_size)
            await stack.enter_async_context(copy)
        await _never_go_back(wiring.env.clock)
        if isinstance(wiring.bus, RedisBus):
            await stack.enter_async_context(wiring.bus.running())
        if isinstance(wiring.env.budgets, SharedBudgets):
            await stack.enter_async_context(wiring.env.budgets.running())
        if settings.metrics_port is not None:
            await stack.enter_async_context(_measured(wiring, work=work))
        pulse = Pulse() if work else None
        if work:
            await stack.enter_async_context(background_work(wiring.env, pulse, wiring.timekeeper))
        kind = ProcessKind.WORKER if work and not settings.embedded else ProcessKind.SERVER
        names = [key.name for key in wiring.env.cipher.keys]
        await stack.enter_async_context(beating(kind, names, pulse))
        yield


def observe(settings: Settings, process: str) -> None:
    """Let Prometheus ask this process, a ``server`` or ``worker``, and trace it, where wanted.

    Raise ``SettingsError`` where that can't be.
    """
    try:
        if settings.metrics_port is not None:
            expose_metrics(settings.metrics_host, settings.metrics_port)
        if wants_traces():
            send_traces(process)
    except (MetricsAddressTaken, TracesUnavailable) as error:
        raise SettingsError(str(error)) from None


@asynccontextmanager
async def _measured(wiring: Wiring, *, work: bool) -> AsyncIterator[None]:
    """Measure this process for as long as the context lasts."""
    process = "worker" if work and not wiring.settings.embedded else "server"
    metrics.ABOUT.labels(version("groupcode"), process).set(1)
    measuring = [asyncio.create_task(measure_loop(_note_pool))]
    if work:
        measuring.append(asyncio.create_task(measure_work(wiring.env)))
    try:
        yield
    finally:
        for task in measuring:
            task.cancel()
        await asyncio.gather(*measuring, return_exceptions=True)


def _note_pool() -> None:
    for state, connections in pool_use()._asdict().items():
        metrics.POOL_CONNECTIONS.labels(state).set(connections)


async def _never_go_back(clock: Clock) -> None:
    """Take a moved clock up where it was when the process before it ended."""
    if not isinstance(clock, MovableClock):
        return
    newest = await newest_moment()
    if newest is not None:
        clock.advance(max(newest - clock.now(), timedelta()))

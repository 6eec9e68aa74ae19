"""What everything is measured on: databases that are filled, and the server's own processes."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from app.domain.groups import NatValidity
from app.models.database import database
from app.models.migrating import migrate
from app.models.people import Person
from app.resolvers.ids import encode_id
from bench.data import PEOPLE, Filler
from bench.load import Target, ask, body
from bench.people import SECRET, Someone
from bench.stage import Script, Stage
from tests.support.processes import Process
from tests.support.servers import free_port

JOINERS: Final = 200
_ENOUGH: Final = str(10**9)  # budgets are kept as in production, and never used up


@dataclass
class Cast:
    """Who and what is asked about."""

    manager: Someone
    groups: dict[str, UUID]  # all of them the manager's
    watchers: list[Someone] = field(default_factory=list)  # the people of the group watched
    joiners: list[Someone] = field(default_factory=list)  # who aren't real-named yet


@dataclass
class Deployment:
    """One database, and the server's processes on it."""

    url: str
    cast: Cast
    settings: dict[str, str]
    ports: list[int] = field(default_factory=list)
    servers: list[Process] = field(default_factory=list)
    worker: Process | None = None

    def group(self, name: str) -> str:
        """Return the id of one of the manager's groups, as the API has it."""
        return encode_id("Group", self.cast.groups[name])

    def target(self, query: str, server: int = 0, /, **variables: object) -> Target:
        """Return how the manager asks one of the servers."""
        token = self.cast.manager.token
        return Target(self.ports[server], "/graphql", body(query, **variables), token)

    async def ask(self, query: str, /, **variables: object) -> dict[str, Any]:
        """Have the manager ask once; return the data."""
        return await ask(self.target(query, **variables))

    async def change(self, query: str, /, **variables: object) -> dict[str, Any]:
        """Run one mutation of the manager's, which must succeed; return its payload."""
        (payload,) = (await self.ask(query, **variables)).values()
        if payload["errors"]:
            raise RuntimeError(f"refused: {payload['errors']}")
        return dict(payload)


@dataclass
class Ground:
    """A stage with the outside systems, and deployments on PostgreSQL and on SQLite."""

    stage: Stage
    sandbox: str
    provider: int  # the port of the instant health records provider
    postgres: Deployment
    _lite: Deployment | None = None

    async def lite(self) -> Deployment:
        """Return the deployment on SQLite, filled and started when it is first asked for."""
        if self._lite is None:
            url = f"sqlite://{self.stage.folder / 'bench.sqlite3'}"
            own = settings(url, self.sandbox, self.provider, port=free_port())
            self._lite = Deployment(url, await fill(url, others=0), own)
            await start_server(self.stage, self._lite)
        return self._lite


def settings(
    url: str, sandbox: str, provider: int, *, port: int, redis_url: str = ""
) -> dict[str, str]:
    """Return production's settings, with the outside systems on the loopback."""
    return {
        "GROUPCODE_ENVIRONMENT": "production",
        "GROUPCODE_SANDBOX": "0",
        "GROUPCODE_SECRET_KEY": SECRET,
        "GROUPCODE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "GROUPCODE_DATABASE_URL": url,
        "GROUPCODE_REDIS_URL": redis_url,
        "GROUPCODE_PORT": str(port),
        "GROUPCODE_ANSWER_CACHE": "0",  # but where it is measured that the same is asked again
        "GROUPCODE_POINTS_PER_PERSON": _ENOUGH,
        "GROUPCODE_POINTS_PER_ADDRESS": _ENOUGH,
        "GROUPCODE_CODES_PER_ADDRESS": _ENOUGH,
        "GROUPCODE_CONNECTIONS_PER_ADDRESS": _ENOUGH,
        "GROUPCODE_HEALTH_URL": f"http://127.0.0.1:{provider}",
        "GROUPCODE_IDENTITY_URL": f"{sandbox}/identity",
        "GROUPCODE_FAMILY_URL": f"{sandbox}/family",
        "GROUPCODE_SMS_URL": f"{sandbox}/sms",
    }


async def set_ground(stage: Stage, others: int) -> Ground:
    """Start the outside systems, fill the databases, start the servers on them.

    On PostgreSQL there are so many ``others``: full groups that nobody asks about.
    """
    port, provider = free_port(), free_port()
    sandbox = f"http://127.0.0.1:{port}/sandbox"
    await stage.start(
        stage.groupcode, "sandbox", "--port", str(port), name="sandbox", ready=f"{sandbox}/clock"
    )
    await stage.start(
        Script,
        "bench.provider",
        str(provider),
        name="provider",
        ready=f"http://127.0.0.1:{provider}/",
    )
    url = stage.postgres.create_database("bench")
    own = settings(url, sandbox, provider, port=free_port(), redis_url=stage.redis.url)
    served = Deployment(url, await fill(url, others=others), own)
    await start_server(stage, served)
    served.worker = await stage.start(stage.groupcode, "worker", name="worker", env=own)
    return Ground(stage, sandbox, provider, served)


async def start_server(
    stage: Stage, deployment: Deployment, env: Mapping[str, str] | None = None
) -> Process:
    """Start one more server of a deployment, its first on the port of the settings."""
    first = int(deployment.settings["GROUPCODE_PORT"])
    port = free_port() if deployment.servers else first
    given = deployment.settings | {"GROUPCODE_PORT": str(port)} | dict(env or {})
    ready = f"http://127.0.0.1:{port}/readyz"
    process = await stage.start(
        stage.groupcode, "serve", name=f"server-{port}", ready=ready, env=given
    )
    deployment.servers.append(process)
    deployment.ports.append(port)
    return process


async def fill(url: str, *, others: int) -> Cast:
    """Fill a new database: five groups of one manager, and other full groups beside them."""
    await migrate(url)
    async with database(url):
        filler = Filler()
        manager = filler.people(1, healthy=True)[0]
        groups: dict[str, UUID] = {}
        watchers: list[Someone] = []
        for name, size in (("heavy", PEOPLE), ("refreshed", PEOPLE), ("joined", 1), ("empty", 1)):
            people = [manager, *filler.people(size - 1)]
            groups[name] = filler.group(f"第一小学 {name}", people, NatValidity.D7)
        watchers = [manager, *filler.people(PEOPLE - 1, healthy=True)]
        groups["watched"] = filler.group("第一小学 watched", watchers)
        for number in range(others):
            filler.group(f"企业 {number}", filler.people(PEOPLE))
        joiners = [filler.someone(real_named=False) for _ in range(JOINERS)]
        await filler.write()
        await Person.filter(id=manager.person_id).update(owned_groups=len(groups))
    return Cast(manager, groups, watchers, joiners)

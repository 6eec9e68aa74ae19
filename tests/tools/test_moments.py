"""Things that come due at the very same moment, on a clock that stands still."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from app.models.due import WorkKind, claim_due
from app.workers.kinds import KINDS
from tools.simulate.actions import Cast
from tools.simulate.compare import Findings
from tools.simulate.facts import Record
from tools.simulate.model import Model
from tools.simulate.world import EVERYTHING, serving

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # twelve o'clock in Shanghai


async def test_a_test_that_lapses_as_an_alert_is_due_is_gathered_by_it(tmp_path: Path) -> None:
    """R28: by day at once, then by the hour; found by a simulation of three weeks (seed 1)."""
    async with serving(tmp_path, NOON, seed=1) as world:
        cast = Cast(world, Model(NOON), Findings(), Random(1))
        group = await cast.found(1)
        creator = cast.user(group.creator())
        creator.person.provider = Record("GREEN", [(NOON, "NEGATIVE")], 0)
        await creator.publish()
        for minutes in (60, 90, 120):  # until the test lapses
            someone = await cast.newcomer()
            tested = NOON + timedelta(minutes=minutes) - timedelta(hours=24)
            someone.person.provider = Record("GREEN", [(tested, "NEGATIVE")], 0)
            await someone.publish()
            await cast.join(group, someone)
        await creator.change("refreshGroup", "__typename", groupId=group.id)
        await world.advance(NOON + timedelta(minutes=1))
        await creator.change("setRequirement", "__typename", groupId=group.id, natValidity="H24")
        await world.advance(NOON + timedelta(hours=2, seconds=-1))
        world.clock.advance(timedelta(seconds=1))
        claims = await claim_due(world.clock.now(), EVERYTHING)
        for claim in sorted(claims, key=lambda claim: claim.kind is not WorkKind.ALERT_MANAGERS):
            await KINDS[claim.kind].do(world.env, claim)
        await world.advance(NOON + timedelta(hours=4))
        shown = await world.sandbox("GET", f"/messages?phone=%2B{creator.person.phone[1:]}")
        alerts = [
            (one["params"]["count"], datetime.fromisoformat(one["at"]) - NOON)
            for one in shown["messages"]
            if one["template"] == "anomaly_alert" and one["at"] > "2026-03-02T04:01"
        ]
    assert alerts == [("1", timedelta(hours=1)), ("2", timedelta(hours=2))]

"""Things that come due at the very same moment, on a clock that stands still."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from app.models.claiming import claim_due
from app.models.due import WorkKind
from app.workers.kinds import KINDS
from tools.simulate.actions import Actions
from tools.simulate.compare import Findings
from tools.simulate.model import Model
from tools.simulate.server import EVERYTHING, serving
from tools.simulate.state import Record

NOON = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)  # twelve o'clock in Shanghai


async def test_a_test_that_lapses_as_an_alert_is_due_is_gathered_by_it(tmp_path: Path) -> None:
    """R28: by day at once, then by the hour; found by a simulation of three weeks (seed 1)."""
    async with serving(tmp_path, NOON, seed=1) as server:
        actions = Actions(server, Model(NOON), Findings(), Random(1))
        group = await actions.create_group(1)
        creator = actions.user(group.creator())
        creator.person.provider = Record("GREEN", [(NOON, "NEGATIVE")], 0)
        await creator.publish()
        for minutes in (60, 90, 120):  # until the test lapses
            someone = await actions.newcomer()
            tested = NOON + timedelta(minutes=minutes) - timedelta(hours=24)
            someone.person.provider = Record("GREEN", [(tested, "NEGATIVE")], 0)
            await someone.publish()
            await actions.join(group, someone)
        await creator.change("refreshGroup", "__typename", groupId=group.id)
        await server.pass_until(NOON + timedelta(minutes=1))
        await creator.change("setRequirement", "__typename", groupId=group.id, natValidity="H24")
        await server.pass_until(NOON + timedelta(hours=2, seconds=-1))
        server.clock.advance(timedelta(seconds=1))
        claims = await claim_due(server.clock.now(), EVERYTHING)
        for claim in sorted(claims, key=lambda claim: claim.kind is not WorkKind.ALERT_MANAGERS):
            await KINDS[claim.kind].do(server.env, claim)
        await server.pass_until(NOON + timedelta(hours=4))
        alerts = [
            (one["params"]["count"], datetime.fromisoformat(one["at"]) - NOON)
            for one in await server.messages(creator.phone)
            if one["template"] == "anomaly_alert" and one["at"] > "2026-03-02T04:01"
        ]
    assert alerts == [("1", timedelta(hours=1)), ("2", timedelta(hours=2))]

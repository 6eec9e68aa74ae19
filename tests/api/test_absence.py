"""What came due while no server ran is done when one runs again (R24, R33)."""

from dataclasses import replace
from datetime import datetime, timedelta

from app.models.accounts import Account
from app.models.database import database
from tests.support.groups import a_group
from tests.support.in_process import served
from tests.support.leaves import former_of, group_view, group_view_now, request_leave
from tests.support.refreshes import runs_of
from tests.support.waiting import eventually


async def test_out_by_time_though_no_server_ran_at_that_minute(database_url: str) -> None:  # R33
    async with served(database_url=database_url) as world:
        creator, group_id, [member] = await a_group(world)
        await request_leave(member, group_id)
        [request] = (await group_view(creator, group_id))["leaveRequests"]["nodes"]
        stopped_at = datetime.fromisoformat(await world.now())
    async with database(database_url):
        # A server takes time up where the newest row left it: three days went by.
        await Account.all().update(last_seen_at=stopped_at + timedelta(days=3))
    async with served(database_url=database_url) as world:
        away = stopped_at + timedelta(days=3)
        assert datetime.fromisoformat(await world.now()) >= away
        again = replace(creator, server=world, token="", refresh_token="")
        await again.sign_in()
        await eventually(
            lambda: group_view_now(again, group_id), lambda seen: seen["memberCount"] == 1
        )
        group = await group_view(again, group_id)
        [former] = group["formerMembers"]["nodes"]
        assert (former["name"], former["cause"]) == (member.name, "LEAVE_EXPIRED")
        assert former["leftAt"] >= request["dueAt"]
        # It's told once, and the next day changes nothing more.
        messages = await eventually(lambda: world.messages(member.phone), bool)
        await world.advance(hours=24)
        await again.sign_in()
        assert await former_of(again, group_id) == [former]
        assert [one["template"] for one in await world.messages(member.phone)] == [
            one["template"] for one in messages
        ]
        assert [one["template"] for one in messages] == ["leave_completed"]


async def test_times_missed_are_made_up_for_once(database_url: str) -> None:  # R24
    async with served(database_url=database_url) as world:
        creator, group_id, _ = await a_group(world)
        await world.advance(hours=1)  # so that the clock is ahead of the next process's
    async with served(database_url=database_url) as world:
        before = len(await runs_of(group_id))
        await world.advance(days=1, hours=13)
        await eventually(lambda: runs_of(group_id), lambda runs: len(runs) == before + 1)
        creator.server = world
        await creator.sign_in_again()
        await group_view_now(creator, group_id)
        assert len(await runs_of(group_id)) == before + 1

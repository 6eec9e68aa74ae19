"""Caches keep objects by their ids: all that is listed has one, and what was removed is named."""

from tests.support.clients import played
from tests.support.families import add_relative
from tests.support.groups import a_group
from tests.support.leaves import request_leave
from tests.support.refreshes import refresh
from tests.support.world import World


async def test_whatever_is_listed_is_found_by_its_id(clients_world: World) -> None:
    creator, group_id, [member, red] = await a_group(clients_world, members=2)
    await add_relative(creator, clients_world.stranger())
    await clients_world.set_record(red.id_number, health_code="RED", tests=[])
    await refresh(creator, group_id)
    await request_leave(member, group_id)
    [told] = await played(
        "nodes",
        url=clients_world.url,
        token=creator.token,
        groupId=group_id,
        memberToken=member.token,
    )
    assert told["types"] == [
        "AccessRecord",
        "Anomaly",
        "Consent",
        "Invitation",
        "LeaveRequest",
        "Member",
        "Message",
        "RefreshRun",
        "Relative",
    ]

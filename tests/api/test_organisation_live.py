"""An organisation in a live view: counts that change under one colour are told, too (R48)."""

from typing import Any

from tests.support.clock import pass_time
from tests.support.event_streams import streamed
from tests.support.groups import a_group, fill
from tests.support.organisations import an_organisation, attach_group
from tests.support.refreshes import leave_to_managers, refresh
from tests.support.waiting import settled
from tests.support.world import World

FOLLOWED = """subscription($id: ID!) { organisationStatusChanged(organisationId: $id) {
    turnedCount organisation { version colour groupCount memberCount } } }"""


def of(data: dict[str, Any]) -> dict[str, Any]:
    told = data["organisationStatusChanged"]
    assert told["turnedCount"] == 0
    seen: dict[str, Any] = told["organisation"]
    return seen


async def test_counts_without_a_colour_are_told_by_socket_and_by_stream(world: World) -> None:
    creator, group_id, _ = await a_group(world, members=0)
    await leave_to_managers(group_id)
    owner = await world.real_person()
    bureau = await an_organisation(owner)
    await fill(group_id, 32)  # nothing is known of them: yellow
    await refresh(creator, group_id)
    await attach_group(creator, group_id, owner, bureau)
    await settled(world)
    async with owner.socket() as socket, streamed(owner, FOLLOWED, id=bureau) as stream:
        await socket.subscribe(FOLLOWED, id=bureau)
        first = of(await socket.next())
        assert of(await stream.next()) == first
        await fill(group_id, 40)
        await pass_time(creator, minutes=31)
        await refresh(creator, group_id)
        grown = of(await socket.next())
        assert of(await stream.next()) == grown
        assert 65 <= grown["memberCount"] <= 80
        assert grown == {**first, "memberCount": grown["memberCount"]}
        await creator.change("detachGroup", "group { id }", groupId=group_id)
        left = of(await socket.next())
        assert left == {
            "version": grown["version"] + 1,
            "colour": "GREEN",
            "groupCount": 0,
            "memberCount": 0,
        }
        assert of(await stream.next()) == left

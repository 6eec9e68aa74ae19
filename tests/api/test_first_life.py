"""One group's life, end to end."""

from tests.support.waiting import eventually
from tests.support.world import World


async def test_a_group_turns_red_with_its_first_red_member(world: World) -> None:
    creator = await world.real_person()
    group_id = await creator.create_group()
    member = await world.someone()
    await member.join(await creator.invite(group_id))
    await world.set_record(member.id_number, health_code="RED")
    await creator.change("refreshGroup", "run { status } nextAllowedAt", groupId=group_id)

    async def colour() -> str:
        data = await creator.ask("query($id: ID!) { group(id: $id) { colour } }", id=group_id)
        found: str = data["group"]["colour"]
        return found

    await eventually(colour, lambda seen: seen == "RED")

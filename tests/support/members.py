"""Members of whom names, remarks and health are chosen, and their ids."""

import asyncio
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.support.person import Person
from tests.support.waiting import settled
from tests.support.world import World

_OWN = "query($id: ID!) { group(id: $id) { viewerMembers { id } } }"


async def member_id_of(person: Person, group_id: str) -> str:
    """The id of a person's own membership."""
    [member] = (await person.ask(_OWN, id=group_id))["group"]["viewerMembers"]
    member_id: str = member["id"]
    return member_id


class Profile(NamedTuple):
    """A member to be: a name, a remark (not the creator's), and what the provider says.

    It knows nothing of them if ``record`` is None.
    """

    name: str
    remark: str = ""
    record: Mapping[str, Any] | None = MappingProxyType({})


async def appoint(creator: Person, group_id: str, *people: Person) -> list[str]:
    """Make members admins; return their members' ids."""
    ids = [await member_id_of(person, group_id) for person in people]
    for member_id in ids:
        await creator.change("appointAdmin", "member { role }", memberId=member_id)
    return ids


async def group_of(world: World, *parts: Profile, **fields: Any) -> tuple[str, list[Person]]:
    """A group and everyone in it, in this order, the creator first; all their data came."""
    creator = await world.someone()
    creator.name = parts[0].name
    await creator.identify()
    await _say(creator, parts[0])
    group_id = await creator.create_group(**fields)
    return group_id, [creator, *await add_members(creator, group_id, *parts[1:])]


async def add_members(creator: Person, group_id: str, *parts: Profile) -> list[Person]:
    """Have more people join, in this order, until their data came and was judged."""
    world, token = creator.world, await creator.invite(group_id)
    people = await asyncio.gather(*(world.someone() for _ in parts))
    for person, part in zip(people, parts, strict=True):
        person.name = part.name
        await _say(person, part)
        joining = await person.joining(token)
        joining["people"][0]["remark"] = part.remark
        await person.change("joinGroup", "members { id }", **joining)
    await settled(world)
    return people


async def _say(person: Person, part: Profile) -> None:
    if part.record is None:
        await person.world.forget_record(person.id_number)
    else:
        await person.world.set_record(person.id_number, **part.record)

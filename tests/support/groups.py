"""Groups to test with: of a few people who joined, and of hundreds written straight to the rows.

Joining hundreds one by one takes long.
"""

import asyncio
from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from app.client import resident_id
from app.domain.identity import IdType
from app.domain.roles import Role
from app.models.groups import Group
from app.models.members import Membership
from app.models.people import Person as PersonRow
from app.ports.cipher import Cipher
from app.resolvers.ids import decode_id
from tests.support.in_process import SECRET, is_in_process
from tests.support.person import Person
from tests.support.shown_writes import by_hand
from tests.support.waiting import eventually, settled
from tests.support.world import World

FILLED_PHONE = "+8613900000000"  # of everyone who is written to the rows
_FIRST_SERIAL = 500_000  # far from those of people who sign in

_FETCHED = "query($id: ID!) { group(id: $id) { members { nodes { asOf } } } }"


async def a_group(
    world: World, members: int = 1, record: Mapping[str, Any] | None = None, **fields: Any
) -> tuple[Person, str, list[Person]]:
    """A creator, their group, and members who joined in this order; their data came, was judged.

    ``record`` is what the provider says of each of them; something plausible if left out.
    """
    creator = await world.real_person()
    people = await asyncio.gather(*(world.someone() for _ in range(members)))
    if record is not None:
        for person in (creator, *people):
            await world.set_record(person.id_number, **record)
    group_id = await creator.create_group(**fields)
    token = await creator.invite(group_id)
    for person in people:
        await person.join(token)
    if is_in_process(world):
        await settled(world)  # the judgement is an event
    await eventually(
        lambda: creator.ask(_FETCHED, id=group_id),
        lambda seen: all(node["asOf"] for node in seen["group"]["members"]["nodes"]),
    )
    return creator, group_id, people


async def fill(group_id: str, people: int) -> list[str]:
    """Have a group hold this many people more; return their ID numbers."""
    group = await Group.get(id=decode_id(group_id, "Group"))
    known = await PersonRow.all().count()
    numbers = [resident_id(_FIRST_SERIAL + known + number) for number in range(people)]
    rows = [_person(number, group) for number in numbers]
    async with by_hand(group.id):
        await PersonRow.bulk_create(rows)
        await Membership.bulk_create(_member(row, group) for row in rows)
        await Group.filter(id=group.id).update(member_count=group.member_count + people)
    return numbers


def _person(number: str, group: Group) -> PersonRow:
    return PersonRow(
        id=uuid4(),
        identity_hash=Cipher(SECRET).lookup("identity", f"{IdType.RESIDENT_ID}:{number}"),
        id_type=IdType.RESIDENT_ID,
        id_number=number,
        name=f"李{number[-4:]}",
        created_at=group.created_at,
    )


def _member(person: PersonRow, group: Group) -> Membership:
    return Membership(
        id=uuid4(),
        group_id=group.id,
        person_id=person.id,
        role=Role.MEMBER,
        remark="三年二班",
        phone=FILLED_PHONE,
        joined_at=group.created_at,
    )


async def dissolving(person: Person, group_id: str, **changes: Any) -> dict[str, Any]:
    """The input with which someone dissolves a group, with a new verification of their face."""
    verification_id = await person.verify("DISSOLVE")
    return {
        "groupId": group_id,
        "verificationId": verification_id,
        "riskAcknowledged": True,
    } | changes


async def dissolve(person: Person, group_id: str) -> None:
    """Dissolve a group as its creator."""
    await person.change("dissolveGroup", "group { name }", **await dissolving(person, group_id))


async def offer_group(creator: Person, admin_id: str) -> None:
    """Offer the group that an admin belongs to, to them."""
    given = {"memberId": admin_id, "verificationId": await creator.verify("TRANSFER")}
    await creator.change("offerGroup", "", **given)


async def accept_group(admin: Person, group_id: str) -> None:
    """Accept a group that was offered."""
    given = {"groupId": group_id, "verificationId": await admin.verify("TRANSFER")}
    await admin.change("acceptGroup", "", **given)

"""The locks by which writers exclude each other, also those of different processes (R1-R3)."""

import asyncio
from collections.abc import Awaitable, Callable
from uuid import uuid4

from tortoise.transactions import in_transaction

from app.domain.identity import IdType
from app.models.data_versions import move_versions
from app.models.groups import Group, lock_group
from app.models.people import Person as PersonRow
from app.ports.cipher import Cipher
from app.resolvers.ids import decode_id
from app.services.accounts.families import lock_family
from tests.support.in_process import SECRET
from tests.support.world import World

WRITERS = 8


async def counted(write: Callable[[], Awaitable[None]]) -> None:
    """Let several add one to what they read, each in a transaction of its own."""

    async def in_a_transaction() -> None:
        async with in_transaction():
            await write()

    await asyncio.gather(*(in_a_transaction() for _ in range(WRITERS)))


async def test_a_groups_row_is_held_by_one_transaction_at_a_time(world: World) -> None:  # R2
    creator = await world.real_person()
    group_id = decode_id(await creator.create_group(), "Group")

    async def join() -> None:
        row = await lock_group(group_id)
        assert row is not None
        await Group.filter(id=group_id).update(member_count=row.member_count + 1)
        await move_versions(uuid4(), [group_id])

    await counted(join)
    assert (await Group.get(id=group_id)).member_count == 1 + WRITERS


async def test_a_family_is_held_by_one_transaction_at_a_time(world: World) -> None:  # R12
    guardian = await world.real_person()
    own = Cipher(SECRET).lookup("identity", f"{IdType.RESIDENT_ID}:{guardian.id_number}")
    person_id = (await PersonRow.get(identity_hash=own)).id

    async def add() -> None:
        await lock_family(person_id)
        row = await PersonRow.get(id=person_id)
        await PersonRow.filter(id=person_id).update(owned_groups=row.owned_groups + 1)

    await counted(add)
    assert (await PersonRow.get(id=person_id)).owned_groups == WRITERS

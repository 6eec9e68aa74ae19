"""The event log of a group: numbered without gaps or repeats, however many write at once (R34).

Whoever follows a group asks for what came after the last number they saw: a gap would keep
them waiting, a repeat or a number that appears late would hide an event from them.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.events import Event, EventType
from app.domain.groups import GroupType
from app.models.events import GroupEvent
from app.models.groups import Group
from app.resolvers.ids import decode_id
from app.services.kernel.env import Env
from app.services.kernel.unit import unit_of_work
from tests.support.in_process import env_of
from tests.support.shown_writes import by_hand
from tests.support.world import World

NOW: Final = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)


class GaveUp(Exception):
    """A use case was refused after it had recorded something."""


@dataclass(frozen=True)
class Writer:
    """Someone who changes the group once, in one transaction of one or several records."""

    records: tuple[int, ...]  # how many events each of them holds
    takes_turns: bool  # or comes from another process, whose turns are not ours
    gives_up: bool


writers = st.builds(
    Writer,
    st.lists(st.integers(1, 4), min_size=1, max_size=3).map(tuple),
    st.booleans(),
    st.sampled_from([False, False, True]),
)


@pytest.fixture(scope="module")
async def env_and_creator(world: World) -> tuple[Env, UUID]:
    """What use cases are given, and someone who creates groups."""
    creator = await world.real_person()
    created: Any = await Group.get(id=decode_id(await creator.create_group(), "Group"))
    return env_of(world), created.creator_id


async def a_group(creator_id: UUID) -> UUID:
    group_id = uuid4()
    async with by_hand(group_id):
        await Group.create(
            id=group_id,
            creator_id=creator_id,
            name="第一小学",
            type=GroupType.SCHOOL,
            address="广州",
            created_at=NOW,
        )
    return group_id


async def numbers(group_id: UUID) -> list[int]:
    found = await GroupEvent.filter(group_id=group_id).order_by("seq").values_list("seq")
    return [seq for (seq,) in found]


async def version(group_id: UUID) -> int:
    group = await Group.get(id=group_id)
    return int(group.version)


async def write(env: Env, group_id: UUID, writer: Writer) -> dict[int, UUID]:
    """Record as the writer does; return whose events have which numbers."""
    actor_id, written = uuid4(), dict[int, UUID]()
    with suppress(GaveUp):
        async with unit_of_work(env, group_id if writer.takes_turns else None) as unit:
            for count in writer.records:
                events = [Event(EventType.REMARK_CHANGED, actor_id)] * count
                last = await unit.log(group_id, *events)
                written |= dict.fromkeys(range(last - count + 1, last + 1), actor_id)
            if writer.gives_up:
                raise GaveUp
        return written
    return {}


@settings(max_examples=15)
@given(st.lists(writers, min_size=2, max_size=12))
async def test_the_log_of_many_writers_has_every_number_once(
    env_and_creator: tuple[Env, UUID], crowd: list[Writer]
) -> None:  # R34
    env, creator_id = env_and_creator
    group_id = await a_group(creator_id)
    told = await asyncio.gather(*(write(env, group_id, writer) for writer in crowd))
    expected = sum(sum(writer.records) for writer in crowd if not writer.gives_up)
    assert await numbers(group_id) == list(range(1, expected + 1))
    assert await version(group_id) == expected
    # Each was told the numbers under which the log holds its own events.
    rows = await GroupEvent.filter(group_id=group_id).values_list("seq", "actor_id")
    assert dict(rows) == {seq: actor for written in told for seq, actor in written.items()}


@settings(max_examples=8)
@given(st.lists(writers, min_size=4, max_size=12))
async def test_whoever_follows_the_log_meanwhile_never_sees_a_gap(
    env_and_creator: tuple[Env, UUID], crowd: list[Writer]
) -> None:  # R34
    env, creator_id = env_and_creator
    group_id = await a_group(creator_id)
    writing = asyncio.gather(*(write(env, group_id, writer) for writer in crowd))
    seen: list[int] = []
    while not writing.done():
        at_least = await version(group_id)
        found = await numbers(group_id)
        assert found == list(range(1, len(found) + 1))
        assert len(found) >= max(at_least, len(seen))  # what was announced is there, and stays
        seen = found
    await writing
    assert await numbers(group_id) == list(range(1, await version(group_id) + 1))


async def test_writers_of_different_groups_count_for_themselves(
    env_and_creator: tuple[Env, UUID],
) -> None:  # R34
    env, creator_id = env_and_creator
    groups = [await a_group(creator_id) for _ in range(4)]
    once = Writer(records=(1, 2), takes_turns=True, gives_up=False)
    await asyncio.gather(*(write(env, group_id, once) for group_id in groups * 3))
    for group_id in groups:
        assert await numbers(group_id) == list(range(1, 10))

"""Whoever was looked at is told, and nobody else, in whatever order people come and go (R43)."""

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import pytest

from app.domain.accesses import AccessedPeople, AccessKind, Stay
from app.domain.groups import GroupType
from app.domain.health import HealthCode
from app.domain.identity import IdType
from app.domain.limits import FORMER_KEPT
from app.domain.members import DepartureCause
from app.domain.roles import Role
from app.models.accesses import AccessSpell, NewAccess, is_about, note_access, spells_about
from app.models.groups import Group
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.models.people import Person
from tests.support.shown_writes import by_hand
from tests.support.world import World

# Far ahead of the server's clock: when it starts, it erases what is old.
START: Final = datetime(2122, 9, 1, 8, 0, tzinfo=UTC)


@dataclass
class Told:
    """One person in a group, and the moments at which they were looked at."""

    stay: Stay
    looks: list[datetime] = field(default_factory=list)


@dataclass
class Timeline:
    """A group in which people come, go and are looked at, by the rows and by plain lists."""

    group_id: UUID
    viewer_id: UUID
    present: dict[UUID, Told] = field(default_factory=dict)
    former: list[Told] = field(default_factory=list)
    reported: tuple[datetime, set[UUID]] | None = None

    async def join(self, at: datetime) -> None:
        person_id = await a_person(at)
        async with by_hand(self.group_id):
            member = await Membership.create(
                id=uuid4(),
                group_id=self.group_id,
                person_id=person_id,
                role=Role.MEMBER,
                remark="",
                phone="",
                joined_at=at,
            )
        self.present[member.id] = Told(Stay(self.group_id, at))

    async def leave(self, member_id: UUID, at: datetime) -> None:
        told = self.present.pop(member_id)
        told.stay = Stay(self.group_id, told.stay.joined_at, at)
        self.former.append(told)
        async with by_hand(self.group_id):
            member = await Membership.get(id=member_id)
            await member.delete()
            await FormerMember.create(
                id=member_id,
                group_id=self.group_id,
                person_id=member.person_id,
                remark="",
                cause=DepartureCause.REMOVED,
                health_code=HealthCode.GREEN,
                doses=0,
                joined_at=told.stay.joined_at,
                left_at=at,
            )

    async def look(self, at: datetime) -> None:
        await self._note(NewAccess(self.group_id, self.viewer_id, at.date(), at))
        for told in self.present.values():
            told.looks.append(at)

    async def look_at_former(self, at: datetime) -> None:
        people = AccessedPeople.FORMER
        await self._note(NewAccess(self.group_id, self.viewer_id, at.date(), at, people=people))
        for told in self.former:
            if told.stay.left_at and at < told.stay.left_at + FORMER_KEPT:
                told.looks.append(at)

    def report(self, at: datetime) -> None:
        self.reported = at, set(self.present)

    async def export(self, at: datetime) -> None:
        if self.reported is None:
            return
        report_at, reported = self.reported
        kind = AccessKind.EXPORTED
        await self._note(
            NewAccess(self.group_id, self.viewer_id, at.date(), at, kind, report_at=report_at)
        )
        for member_id in reported & set(self.present):
            self.present[member_id].looks.append(at)

    async def _note(self, access: NewAccess) -> None:
        await note_access(access, uuid4)


async def a_person(at: datetime) -> UUID:
    person_id = uuid4()
    await Person.create(
        id=person_id,
        identity_hash=person_id.hex,
        id_type=IdType.PASSPORT,
        id_number="",
        name="",
        created_at=at,
    )
    return person_id


async def a_timeline() -> Timeline:
    creator_id, group_id = await a_person(START), uuid4()
    async with by_hand(group_id):
        await Group.create(
            id=group_id,
            creator_id=creator_id,
            name="组",
            type=GroupType.SCHOOL,
            address="",
            created_at=START,
        )
    return Timeline(group_id, creator_id)


async def happen(timeline: Timeline, chance: random.Random, now: datetime) -> None:
    """Have one thing happen, of all that can."""
    match chance.randrange(7):
        case 0:
            await timeline.join(now)
        case 1 if timeline.present:
            await timeline.leave(chance.choice(list(timeline.present)), now)
        case 2:
            timeline.report(now)
        case 3:
            await timeline.export(now)
        case 4:
            await timeline.look_at_former(now)
        case _:
            await timeline.look(now)


@pytest.mark.parametrize("seed", range(12))
async def test_each_is_told_of_just_the_looks_at_them(world: World, seed: int) -> None:  # R43
    chance = random.Random(seed)
    timeline, now = await a_timeline(), START
    await timeline.join(now)
    for _ in range(60):
        now += timedelta(minutes=chance.choice((1, 50, 600, 3000)))
        await happen(timeline, chance, now)
    for told in (*timeline.present.values(), *timeline.former):
        spells = await spells_about([told.stay])
        of_group = await AccessSpell.filter(access__group_id=timeline.group_id)
        assert {spell.id for spell in of_group if is_about(spell, told.stay)} == {
            spell.id for spell in spells
        }
        within = [
            [look for look in told.looks if spell.first_at <= look <= spell.last_at]
            for spell in spells
        ]
        # Each spell begins and ends with a look at them, and every look is in one.
        assert all(looks for looks in within)
        for spell, looks in zip(spells, within, strict=True):
            assert (spell.first_at, spell.last_at) == (min(looks), max(looks))
        assert {look for looks in within for look in looks} == set(told.looks)

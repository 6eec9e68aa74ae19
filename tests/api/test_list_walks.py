"""Walking through the members of a group while it changes between any two pages (R15)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.health import HealthCode
from app.domain.ordering import MemberOrderField
from app.domain.roles import Role
from app.models.health import HealthRecord
from app.models.members import Membership
from app.models.people import Person as PersonRow
from app.resolvers import ordered_members
from app.resolvers.ids import decode_id, encode_id
from tests.support.person import Person
from tests.support.shown_writes import by_hand
from tests.support.world import World

PAGE: Final = """query($id: ID!, $by: MemberOrder, $first: Int, $after: String, $last: Int,
    $before: String) { group(id: $id) { members(orderBy: $by, first: $first, after: $after,
        last: $last, before: $before) { nodes { id } pageInfo {
        hasNextPage hasPreviousPage startCursor endCursor } } } }"""
BEGUN: Final = datetime(2022, 9, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Looks:
    """What a member is ordered by; few values of each, so that many are alike."""

    name: str
    remark: str
    code: HealthCode
    day: int  # that they joined on, or were tested on


@dataclass(frozen=True)
class Change:
    """Somebody comes, or the one at ``position`` leaves or looks different from now on."""

    kind: str
    position: int
    looks: Looks


looks = st.builds(
    Looks,
    st.sampled_from(["张三", "李安", "吕布", "Anna"]),
    st.sampled_from(["", "1班", "2班", "10班"]),
    st.sampled_from(HealthCode),
    st.integers(0, 3),
)
changes = st.builds(
    Change, st.sampled_from(["comes", "leaves", "changes"]), st.integers(0, 99), looks
)
orders = st.builds(
    lambda field, direction: {"field": field.value, "direction": direction},
    st.sampled_from(MemberOrderField),
    st.sampled_from(["ASC", "DESC"]),
)


class Crowd:
    """The members of one group but its creator, written straight to the rows."""

    def __init__(self, group_id: UUID) -> None:
        self.group_id = group_id
        self.ids: list[UUID] = []  # in the order of coming
        self.untouched: set[UUID] = set()  # since the walk began

    async def begin(self, crowd: Iterable[Looks]) -> None:
        """Start over with these."""
        self.ids, self._chance = [], Random(0)  # the same ids for the same example
        async with by_hand(self.group_id):
            await Membership.filter(group_id=self.group_id, role=Role.MEMBER).delete()
            for one in crowd:
                await self._come(one)
        self.untouched = set(self.ids)

    async def apply(self, change: Change) -> None:
        """Let a change happen; what there is nobody for doesn't."""
        async with by_hand(self.group_id):
            await self._happen(change)

    async def _happen(self, change: Change) -> None:
        if change.kind == "comes":
            await self._come(change.looks)
        elif self.ids:
            chosen = self.ids[change.position % len(self.ids)]
            self.untouched.discard(chosen)
            if change.kind == "leaves":
                self.ids.remove(chosen)
                await Membership.filter(id=chosen).delete()
            else:
                await self._look(chosen, change.looks)

    async def _come(self, one: Looks) -> None:
        key, person_id = UUID(int=self._chance.getrandbits(128)), uuid4()
        await PersonRow.create(
            id=person_id,
            identity_hash=person_id.hex,
            id_type="RESIDENT_ID",
            id_number="44010120100101001X",
            name=one.name,
            created_at=BEGUN,
        )
        await HealthRecord.create(
            id=uuid4(),
            person_id=person_id,
            health_code=one.code,
            newest_result_at=BEGUN + timedelta(days=one.day),
            doses=0,
            tests=[],
            vaccinations=[],
            as_of=BEGUN,
        )
        await Membership.create(
            id=key,
            group_id=self.group_id,
            person_id=person_id,
            role=Role.MEMBER,
            remark=one.remark,
            phone="+8613900000000",
            joined_at=BEGUN + timedelta(days=one.day),
        )
        self.ids.append(key)

    async def _look(self, member_id: UUID, one: Looks) -> None:
        """All but the moment of joining may change."""
        member: Any = await Membership.get(id=member_id)
        await Membership.filter(id=member_id).update(remark=one.remark)
        await PersonRow.filter(id=member.person_id).update(name=one.name)
        await HealthRecord.filter(person_id=member.person_id).update(
            health_code=one.code, newest_result_at=BEGUN + timedelta(days=one.day)
        )


@pytest.fixture(scope="module")
async def manager_and_crowd(world: World) -> tuple[Person, Crowd]:
    """A creator and the crowd of their group."""
    creator = await world.real_person()
    return creator, Crowd(decode_id(await creator.create_group(), "Group"))


async def page(manager: Person, crowd: Crowd, **request: Any) -> dict[str, Any]:
    data = await manager.ask(PAGE, id=encode_id("Group", crowd.group_id), **request)
    members: dict[str, Any] = data["group"]["members"]
    return members


def ids_of(members: dict[str, Any]) -> list[UUID]:
    return [decode_id(node["id"], "Member") for node in members["nodes"]]


async def walk(
    manager: Person, crowd: Crowd, order: Any, size: int, *, back: bool, between: list[list[Change]]
) -> list[UUID]:
    """Everyone seen from one end to the other, in the list's own order."""
    seen: list[UUID] = []
    request: dict[str, Any] = {"by": order, "last" if back else "first": size}
    pending = list(between)
    while True:
        members = await page(manager, crowd, **request)
        found, info = ids_of(members), members["pageInfo"]
        assert len(found) <= size
        seen = found + seen if back else seen + found
        if not info["hasPreviousPage" if back else "hasNextPage"]:
            return seen
        request |= {"before": info["startCursor"]} if back else {"after": info["endCursor"]}
        for change in pending.pop(0) if pending else ():
            await crowd.apply(change)


@settings(max_examples=100)
@given(
    st.lists(looks, max_size=12),
    orders,
    st.integers(1, 4),
    st.booleans(),
    st.lists(st.lists(changes, max_size=4), max_size=6),
)
async def test_who_stays_as_they_are_is_seen_once_and_in_order(  # R15
    manager_and_crowd: tuple[Person, Crowd],
    people: list[Looks],
    order: dict[str, str],
    size: int,
    back: bool,
    between: list[list[Change]],
) -> None:
    manager, crowd = manager_and_crowd
    await crowd.begin(people)
    seen = await walk(manager, crowd, order, size, back=back, between=between)
    whole = ids_of(await page(manager, crowd, by=order, first=500))
    assert [one for one in seen if one in crowd.untouched] == [
        one for one in whole if one in crowd.untouched
    ]
    assert crowd.untouched <= set(seen)


@pytest.mark.parametrize("back", [False, True])
async def test_a_page_whose_members_leave_while_it_is_read_still_leads_on(  # R15
    manager_and_crowd: tuple[Person, Crowd], back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    manager, crowd = manager_and_crowd
    await crowd.begin(Looks(name, "1班", HealthCode.GREEN, 0) for name in ("a1", "a2", "a3", "a4"))
    leavers, stayers = crowd.ids[:2], crowd.ids[2:]
    order = {"field": "NAME", "direction": "DESC" if back else "ASC"}
    request: dict[str, Any] = {"by": order, "last" if back else "first": 2}
    really_find = ordered_members._find

    async def find_and_lose(*args: Any) -> Any:
        found = await really_find(*args)
        async with by_hand(crowd.group_id):
            await Membership.filter(id__in=leavers).delete()
        return found

    monkeypatch.setattr(ordered_members, "_find", find_and_lose)
    monkeypatch.setattr(ordered_members, "_FEW_COLUMNS", 0)  # the page is a statement of its own
    members = await page(manager, crowd, **request)
    assert members["nodes"] == []
    ends = members["pageInfo"]
    request |= {"before": ends["startCursor"]} if back else {"after": ends["endCursor"]}
    assert None not in request.values()
    assert set(ids_of(await page(manager, crowd, **request))) == set(stayers)

"""Answers asked for again: sent as they were while they stand, never a moment longer (R17)."""

import random
from typing import Any, Final

import pytest

from tests.support.families import a_household
from tests.support.groups import a_group
from tests.support.members import appoint
from tests.support.person import Person
from tests.support.records import GREEN
from tests.support.refreshes import refresh
from tests.support.statements import counted_statements
from tests.support.waiting import settled
from tests.support.world import World

PAGE: Final = """
    name colour viewerRole viewerMembers { remark phone healthCode asOf latestTest { testedAt } }
    memberCount statistics { total byTest { window count } byHealthCode { healthCode count } }
    activity { state } offer { until } anomalyAlerts reports(days: 2) { date refreshedAt }
    recent: membersCount(where: {testWindows: [H24]})
    members(first: 9) {
        nodes { id remark role healthCode asOf doses latestTest { result testedAt }
                anomaly { reasons } person { name } leaveRequest { reason } }
    }
    formerMembers { nodes { name cause healthCode } }
    messages { nodes { template state attempts } }
    anomalies { nodes { reasons nextChangeAt } }
    invitations { nodes { expiresAt invitedBy } }
"""
KEPT: Final = f"query($id: ID!) {{ group(id: $id) {{ {PAGE} }} }}"
# With a second field beside it an operation is always executed.
EXECUTED: Final = f"query($id: ID!) {{ __typename group(id: $id) {{ {PAGE} }} }}"


async def told(person: Person, query: str, group_id: str) -> dict[str, Any]:
    """What somebody is told, but for what it cost."""
    body = await person.send(query, id=group_id)
    body.pop("extensions", None)
    (body.get("data") or {}).pop("__typename", None)
    for error in body.get("errors", ()):
        error.pop("locations", None)  # the two are written differently
    return body


def different(one: Any, other: Any, path: str = "") -> list[tuple[str, Any, Any]]:
    """Where two answers differ."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        return [found for key in one for found in different(one[key], other[key], f"{path}.{key}")]
    return [] if one == other else [(path, one, other)]


async def check(people: list[Person], group_id: str) -> None:
    """Each is told what is true for them now, kept or not; what is made now is kept for later."""
    for person in people:
        for _ in range(2):
            before = kept = None
            true = await told(person, EXECUTED, group_id)
            while before != true:  # an SMS may be sent meanwhile
                before, kept = true, await told(person, KEPT, group_id)
                true = await told(person, EXECUTED, group_id)
            assert different(kept, true) == [], person.name


async def test_the_same_again_costs_one_statement(world: World) -> None:
    creator, group_id, _ = await a_group(world, 1, GREEN)
    query = "query($id: ID!) { group(id: $id) { name members { nodes { remark } } } }"
    first = await told(creator, query, group_id)
    with counted_statements() as statements:
        assert await told(creator, query, group_id) == first
    assert len(statements.of("data_version", "membership")) == 1, statements.seen


async def test_who_has_the_answer_is_told_that_it_stands(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    ask: Any = {"query": "query($id: ID!) { group(id: $id) { name address } }"}
    ask["variables"] = f'{{"id":"{group_id}"}}'
    headers = {"authorization": f"Bearer {creator.token}"}
    url = f"{world.url}/graphql"
    first = await world.http.get(url, params=ask, headers=headers)
    etag = first.headers["etag"]
    assert first.headers["cache-control"] == "private, no-cache"
    again = await world.http.get(url, params=ask, headers={**headers, "if-none-match": etag})
    assert (again.status_code, again.content) == (304, b"") and again.headers["etag"] == etag
    await creator.change("updateGroup", "group { name }", groupId=group_id, name="第二小学")
    moved = await world.http.get(url, params=ask, headers={**headers, "if-none-match": etag})
    assert moved.status_code == 200 and moved.headers["etag"] != etag
    assert "第二小学" in moved.text
    stranger = await world.real_person()
    headers = {"authorization": f"Bearer {stranger.token}", "if-none-match": etag}
    assert (await world.http.get(url, params=ask, headers=headers)).status_code == 200


async def test_nobody_is_answered_from_what_they_were(world: World) -> None:
    creator, group_id, [admin, member, leaver] = await a_group(world, 3, GREEN)
    stranger = await world.real_person()
    people = [creator, admin, member, leaver, stranger]
    await check(people, group_id)
    [member_id] = await appoint(creator, group_id, admin)
    await check(people, group_id)
    await creator.change("dismissAdmin", "member { role }", memberId=member_id)
    await check(people, group_id)
    [member_id] = await appoint(creator, group_id, leaver)
    await creator.change(
        "setInvitationPolicy", "group { id }", groupId=group_id, adminsMayInvite=False
    )
    await check(people, group_id)
    await creator.change("dismissAdmin", "member { role }", memberId=member_id)
    await creator.change("removeMember", "__typename", memberId=member_id)
    await check(people, group_id)
    await member.ask("mutation { signOut { errors { code } } }")
    assert await member.error_code(KEPT, id=group_id) == "UNAUTHENTICATED"


async def test_a_guardian_sees_their_ward_as_it_is(world: World) -> None:  # R12
    family = await a_household(world, parents=2)
    people = [family.creator, *family.parents]
    await check(people, family.group_id)
    await world.set_record(family.child.id_number, health_code="RED")
    await refresh(family.creator, family.group_id)
    await settled(world)
    await check(people, family.group_id)


class Life:
    """What may happen in a group, one thing at a time."""

    def __init__(self, group_id: str, creator: Person, members: list[Person]) -> None:
        self.group_id, self.creator, self.members = group_id, creator, members
        self.chance = random.Random(15)

    async def go_on(self) -> None:
        """Let something happen."""
        kinds = [self._turn, self._remark, self._require, self._pass_time, self._invite]
        await self.chance.choice([*kinds, self._switch])()

    async def _turn(self) -> None:
        one = self.chance.choice(self.members)
        code = self.chance.choice(["GREEN", "YELLOW", "RED"])
        await self.creator.world.set_record(one.id_number, health_code=code)
        await self._move(minutes=31)
        await refresh(self.creator, self.group_id)

    async def _remark(self) -> None:
        query = "query($id: ID!) { group(id: $id) { members { nodes { id } } } }"
        listed = await self.creator.ask(query, id=self.group_id)
        one = self.chance.choice(listed["group"]["members"]["nodes"])["id"]
        asked = {"memberId": one, "remark": str(self.chance.random())}
        await self.creator.change("updateMemberRemark", "member { id }", **asked)

    async def _require(self) -> None:
        validity = self.chance.choice(["NONE", "H24", "D7"])
        asked = {"groupId": self.group_id, "natValidity": validity}
        await self.creator.change("setRequirement", "group { id }", **asked)

    async def _pass_time(self) -> None:
        await self._move(hours=self.chance.choice([1, 7, 23, 25]))

    async def _move(self, **by: float) -> None:
        await self.creator.world.advance(**by)
        for person in (self.creator, *self.members):
            await person.renew()

    async def _invite(self) -> None:
        await self.creator.invite(self.group_id)

    async def _switch(self) -> None:
        asked = {"groupId": self.group_id, "enabled": self.chance.random() < 0.5}
        await self.creator.change("setAnomalyAlerts", "group { id }", **asked)


async def test_after_random_changes_and_time_the_truth_is_told(world: World) -> None:  # R22
    creator, group_id, members = await a_group(world, 3, GREEN)
    life = Life(group_id, creator, members)
    for _ in range(12):
        await life.go_on()
        await settled(world)
        await check([creator, *members], group_id)


@pytest.mark.parametrize("query", ["now", "me { name }"])
async def test_what_depends_on_more_than_a_group_is_not_kept(world: World, query: str) -> None:
    person = await world.real_person()
    answer = await world.http.get(
        f"{world.url}/graphql",
        params={"query": f"{{ {query} }}"},
        headers={"authorization": f"Bearer {person.token}"},
    )
    assert "etag" not in answer.headers

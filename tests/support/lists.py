"""A group of all kinds of people, whom lists are searched, filtered and ordered for (R15)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.support.families import add_relative
from tests.support.leaves import request_leave
from tests.support.members import Profile, group_of, member_id_of
from tests.support.person import Person
from tests.support.records import nat, shots
from tests.support.waiting import settled
from tests.support.world import World

NAMES = """query($id: ID!, $search: String, $exact: Boolean, $by: MemberOrder,
    $where: MemberFilter) { group(id: $id) {
    members(search: $search, exact: $exact, orderBy: $by, where: $where) {
        nodes { person { name } anomaly { reasons } } }
    membersCount(search: $search, exact: $exact, where: $where)
    anomalies(where: $where) { nodes { member { person { name } } } } } }"""

CREATOR = "欧阳创"

EVERYONE = [CREATOR, "张三", "李安", "Anna Lee", "安娜", "吕布", "曾国", "小曾"]  # as they joined


@dataclass
class MixedGroup:
    """A group of all kinds of people; it asks for a test within 48 hours."""

    creator: Person
    group_id: str

    async def ask(self, **arguments: Any) -> dict[str, Any]:
        group: dict[str, Any] = (await self.creator.ask(NAMES, id=self.group_id, **arguments))[
            "group"
        ]
        return group

    async def names(self, **arguments: Any) -> list[str]:
        return [one["person"]["name"] for one in (await self.ask(**arguments))["members"]["nodes"]]


async def enrol_student(guardian: Person, token: str) -> None:
    """Have a child join whom the guardian adds by the child's face."""
    child = guardian.world.stranger()
    child.name = "小曾"
    await guardian.world.set_record(child.id_number, health_code="GREEN", tests=[{}])
    relative_id = await add_relative(guardian, child, student=True)
    people = [{"relativeId": relative_id, "remark": "三年3班"}]
    await guardian.change("joinGroup", "members { id }", token=token, consent=True, people=people)


async def mixed_group(world: World) -> MixedGroup:
    """Everyone there, with all that lists are searched, filtered and ordered by."""
    now = datetime.fromisoformat(await world.now())
    group_id, people = await group_of(
        world,
        Profile(CREATOR),
        Profile("张三", "三年2班", {"tests": [nat(now, 1)], "vaccinations": shots(3)}),
        Profile("李安", "100%", {"health_code": "YELLOW", "tests": [nat(now, 30)]}),
        Profile("Anna Lee", "a_b", {"health_code": "RED", "tests": [nat(now, 50, "POSITIVE")]}),
        Profile("安娜", "1000", {"health_code": "UNKNOWN", "tests": [nat(now, 100)]}),
        Profile("吕布", "axb", None),
        Profile("曾国", "三年10班", {"tests": [nat(now, 200)], "vaccinations": shots(1)}),
    )
    creator, leaver = people[0], people[2]
    await enrol_student(people[-1], await creator.invite(group_id))
    await creator.change(
        "appointAdmin", "member { id }", memberId=await member_id_of(people[1], group_id)
    )
    await request_leave(leaver, group_id, reason="毕业")
    await creator.change("setRequirement", "__typename", groupId=group_id, natValidity="H48")
    await settled(world)
    return MixedGroup(creator, group_id)

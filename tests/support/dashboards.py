"""Groups that somebody looks at in the dashboard, and what a browser is given for that."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.limits import GROUP_PEOPLE
from tests.support.clients import browser
from tests.support.clock import move_to, pass_time
from tests.support.groups import fill
from tests.support.leaves import request_leave
from tests.support.members import Profile, group_of, member_id_of
from tests.support.person import Person
from tests.support.processes import ROOT
from tests.support.records import nat, shots
from tests.support.refreshes import leave_to_managers, refresh
from tests.support.world import World

SOURCE: Final = ROOT / "app" / "web" / "dashboard"
DIST: Final = SOURCE / "dist"
_NAMES: Final = ("林晓燕", "陈建国", "黄丽华", "吴志强", "周雅婷", "徐文博", "孙美玲", "马俊杰")

LATECOMER: Final = "欧阳晨"  # who hasn't joined
LATE: Final = ("徐文博", "孙美玲")  # whose tests are of yesterday


@dataclass
class Watched:
    """A group of the demo's kind, all green, whom its creator watches in the dashboard."""

    creator: Person
    group_id: str
    members: list[Person]

    @property
    def everyone(self) -> Sequence[Person]:
        """The creator and the members."""
        return [self.creator, *self.members]

    def given(self, world: World, **more: Any) -> dict[str, Any]:
        """What a scenario is given, with what it may show nowhere but on its pages."""
        secrets = [told for one in self.everyone for told in (one.name, one.phone, one.id_number)]
        return {
            "browser": browser(),
            "url": world.url,
            "phone": self.creator.phone,
            "groupId": self.group_id,
            "secrets": secrets,
        } | more


async def a_full_group(world: World) -> Watched:
    """A group of 500, of whom nearly nobody ever signed in."""
    creator = await world.someone()
    creator.name = "育才校长"
    await creator.identify()
    group_id = await creator.create_group(name="育才小学")
    await fill(group_id, GROUP_PEOPLE - 1)
    await refresh(creator, group_id)
    await world.advance(minutes=1)  # a phone gets one code a minute
    return Watched(creator, group_id, [])


async def trouble(group: Watched) -> None:
    """Have members of a group be red, yellow and unknown, and one ask to leave."""
    red, yellow, unknown, leaving, *_ = group.members
    world = group.creator.world
    await world.set_record(red.id_number, health_code="RED", tests=[])
    await world.set_record(yellow.id_number, health_code="YELLOW")
    await world.forget_record(unknown.id_number)
    await pass_time(group.creator, leaving, hours=1)
    await refresh(group.creator, group.group_id)
    await request_leave(leaving, group.group_id)


async def look_after(group: Watched) -> None:
    """Give a group sections, a roster of which somebody hasn't joined, a schedule and a digest."""
    creator, group_id = group.creator, group.group_id
    made = await creator.change("createSection", "section { id }", groupId=group_id, name="一年级")
    members = [await member_id_of(one, group_id) for one in group.members[:3]]
    given = {"groupId": group_id, "memberIds": members, "sectionId": made["section"]["id"]}
    await creator.change("assignSection", "movedMemberIds", **given)
    rows = [{"name": one.name} for one in group.everyone] + [
        {"name": LATECOMER, "section": "一年级"}
    ]
    await creator.change("importRoster", "rows { result }", groupId=group_id, rows=rows)
    schedule = {"at": "08:30", "weekdays": ["MONDAY", "FRIDAY"], "anomalous": True}
    await creator.change("setReminderSchedule", "group { id }", groupId=group_id, **schedule)
    await creator.change("setDailyDigest", "group { id }", groupId=group_id, at="17:00")


async def a_watched_group(world: World) -> Watched:
    """A school that asks for a test of 48 hours, in which everybody is green now.

    Nothing refreshes it by itself.
    """
    await move_to(world)  # a refresh and what follows it are of one day
    now = datetime.fromisoformat(await world.now())
    profiles = [
        Profile(
            name,
            f"{number % 3 + 1} 班",
            {
                "health_code": "GREEN",
                "health_code_at": now.isoformat(),
                "tests": [nat(now, 30 if name in LATE else 3)],
                "vaccinations": shots(number % 4),
            },
        )
        for number, name in enumerate(_NAMES)
    ]
    group_id, [creator, *members] = await group_of(
        world, *profiles, name="育才小学", type="SCHOOL", natValidity="H48"
    )
    await refresh(creator, group_id)
    await leave_to_managers(group_id)
    await world.advance(minutes=1)  # a phone gets one code a minute
    return Watched(creator, group_id, members)

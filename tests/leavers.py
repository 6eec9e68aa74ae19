"""People on their way out, and what is seen and kept of them."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from app.domain.identity import IdType
from app.models.health import HealthRecord
from app.models.people import Person as PersonRow
from app.ports.cipher import Cipher
from tests.conftest import SECRET
from tests.crowds import member_id_of
from tests.people import Person, World, eventually

REASON = "搬到别的城市了"
MANAGED = """query($id: ID!) { group(id: $id) { colour memberCount pendingLeaveCount
    members { nodes { id role } }
    leaveRequests { nodes { member { id person { name } } reason requestedAt dueAt } }
    formerMembers { nodes { id name remark joinedAt leftAt cause reason healthCode
        latestTest { result institution } doses } } } }"""


async def leaving(person: Person, member_id: str, **changes: Any) -> dict[str, Any]:
    """The input with which someone asks to leave, with a fresh check of their face."""
    check = await person.start_check("LEAVE")
    asking = {"memberId": member_id, "reason": REASON, "verificationId": check["id"]}
    return asking | changes


async def ask_to_leave(person: Person, group_id: str) -> str:
    """Ask to leave a group; answer the member's id."""
    member_id = await member_id_of(person, group_id)
    await person.change("requestLeave", "member { id }", **await leaving(person, member_id))
    return member_id


async def leave(person: Person, group_id: str, manager: Person) -> str:
    """Ask to leave a group, and be let out by a manager; answer the member's id."""
    member_id = await ask_to_leave(person, group_id)
    await manager.change("completeLeave", "group { id }", memberId=member_id)
    return member_id


async def glimpse(manager: Person, group_id: str) -> dict[str, Any]:
    """A group as its managers see it while someone may be leaving: not all of one moment."""
    group: dict[str, Any] = (await manager.ask(MANAGED, id=group_id))["group"]
    return group


async def managed(manager: Person, group_id: str) -> dict[str, Any]:
    """A group as its managers see it, once its counts agree with its lists."""
    return await eventually(lambda: glimpse(manager, group_id), _is_of_one_moment)


def _is_of_one_moment(group: dict[str, Any]) -> bool:
    members, requests = group["members"]["nodes"], group["leaveRequests"]["nodes"]
    counts = (group["memberCount"], group["pendingLeaveCount"])
    return counts == (len(members), len(requests))


async def former_of(manager: Person, group_id: str) -> list[dict[str, Any]]:
    """Who left a group, as its managers see them."""
    nodes: list[dict[str, Any]] = (await managed(manager, group_id))["formerMembers"]["nodes"]
    return nodes


async def told(person: Person, template: str) -> list[dict[str, Any]]:
    """The SMS of one template that someone got."""
    return [one for one in await person.world.messages(person.phone) if one["template"] == template]


async def all_told(people: Iterable[Person], template: str) -> None:
    """Wait until each of these got one SMS of a template."""
    for person in people:
        await eventually(lambda who=person: told(who, template), bool)  # type: ignore[misc]
        assert len(await told(person, template)) == 1, person


async def time_until(world: World, moment: str, **before: float) -> timedelta:
    """How long it is until a while before a moment."""
    now = datetime.fromisoformat(await world.now())
    return datetime.fromisoformat(moment) - timedelta(**before) - now


async def advance_to(world: World, moment: str, **before: float) -> None:
    """Move time to a while before a moment."""
    left = await time_until(world, moment, **before)
    await world.advance(seconds=max(left.total_seconds(), 0))


async def enrol(guardian: Person, token: str, child: Person) -> str:
    """Have a real-named guardian enrol a child; answer the child's membership."""
    about = replace(guardian)
    about.id_number, about.name = child.id_number, child.name
    check = await about.start_check("ADD_RELATIVE")
    added = await guardian.change(
        "addRelative",
        "relative { id }",
        name=child.name,
        idType="RESIDENT_ID",
        idNumber=child.id_number,
        relation="CHILD",
        verificationId=check["id"],
    )
    people = [{"relativeId": added["relative"]["id"], "remark": "一年级"}]
    joined = await guardian.change(
        "joinGroup", "members { id }", token=token, consent=True, people=people
    )
    member_id: str = joined["members"][0]["id"]
    return member_id


async def row_of(person: Person) -> PersonRow | None:
    """The person's row; None when they were erased."""
    key = f"{IdType.RESIDENT_ID}:{person.id_number}"
    return await PersonRow.get_or_none(identity_hash=Cipher(SECRET).lookup("identity", key))


async def has_record(person: Person) -> bool:
    """Whether the server keeps health data of someone."""
    row = await row_of(person)
    return row is not None and await HealthRecord.filter(person_id=row.id).exists()

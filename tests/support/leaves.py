"""People on their way out, and what managers see of them."""

from typing import Any

from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.waiting import eventually

REASON = "搬到别的城市了"

MANAGED = """query($id: ID!) { group(id: $id) { colour memberCount pendingLeaveCount
    members { nodes { id role } }
    leaveRequests { nodes { member { id person { name } } reason requestedAt dueAt } }
    formerMembers { nodes { id name remark joinedAt leftAt cause reason healthCode
        latestTest { result institution } doses } } } }"""


async def leave_request(person: Person, member_id: str, **changes: Any) -> dict[str, Any]:
    """The input with which someone asks to leave, with a new verification of their face."""
    given = {"memberId": member_id, "reason": REASON}
    return given | {"verificationId": await person.verify("LEAVE")} | changes


async def request_leave(person: Person, group_id: str, **changes: Any) -> str:
    """Ask to leave a group; return the member's id."""
    member_id = await member_id_of(person, group_id)
    await person.change(
        "requestLeave", "member { id }", **await leave_request(person, member_id, **changes)
    )
    return member_id


async def leave(person: Person, group_id: str, manager: Person) -> str:
    """Ask to leave a group, and be let out by a manager; return the member's id."""
    member_id = await request_leave(person, group_id)
    await manager.change("completeLeave", "group { id }", memberId=member_id)
    return member_id


async def group_view_now(manager: Person, group_id: str) -> dict[str, Any]:
    """A group as its managers see it while someone may be leaving: not all of one moment."""
    group: dict[str, Any] = (await manager.ask(MANAGED, id=group_id))["group"]
    return group


async def group_view(manager: Person, group_id: str) -> dict[str, Any]:
    """A group as its managers see it, once its counts agree with its lists."""
    return await eventually(lambda: group_view_now(manager, group_id), _is_of_one_moment)


def _is_of_one_moment(group: dict[str, Any]) -> bool:
    members, requests = group["members"]["nodes"], group["leaveRequests"]["nodes"]
    counts = (group["memberCount"], group["pendingLeaveCount"])
    return counts == (len(members), len(requests))


async def former_of(manager: Person, group_id: str) -> list[dict[str, Any]]:
    """Who left a group, as its managers see them."""
    nodes: list[dict[str, Any]] = (await group_view(manager, group_id))["formerMembers"]["nodes"]
    return nodes

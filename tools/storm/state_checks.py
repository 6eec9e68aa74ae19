"""Memberships and groups after the storm, read through the API as the creators see them."""

from collections.abc import AsyncIterator
from typing import Any, Final

from tools.storm.client import StormClient
from tools.storm.recorder import MembershipState, Recorder, key_of
from tools.storm.report import Check
from tools.storm.rows import Database
from tools.storm.setup import Setup, TargetGroup

_PAGE: Final = """query($id: ID!, $after: String) { group(id: $id) {
    memberCount pendingLeaveCount
    members(first: 500) { nodes {
        id remark role phone healthCode section { name } leaveRequest { reason } } }
    formerMembers(first: 200, after: $after) {
        nodes { id cause reason } pageInfo { hasNextPage endCursor } } } }"""
_OWN: Final = "{ me { groups(roles: [CREATOR], first: 100) { nodes { id } } } }"


async def check_states(recorder: Recorder, setup: Setup, database: Database) -> list[Check]:
    """Check every membership, every former member and every ownership."""
    pages = {key_of(target.id): [page async for page in _pages(target)] for target in setup.targets}
    return [
        _check_members(recorder, pages),
        _check_former(recorder, pages),
        _check_counts(pages),
        await _check_owned(recorder, setup),
        await _check_dissolved(recorder, database),
    ]


async def _pages(target: TargetGroup) -> AsyncIterator[dict[str, Any]]:
    after: str | None = None
    while True:
        page = (await target.creator.read(_PAGE, id=target.id, after=after))["group"]
        yield page
        after = page["formerMembers"]["pageInfo"]["endCursor"]
        if not page["formerMembers"]["pageInfo"]["hasNextPage"]:
            return


def _check_members(recorder: Recorder, pages: dict[str, list[dict[str, Any]]]) -> Check:
    """Each membership is as last answered: remark, role, leave request, phone, consent, section."""
    seen = {
        key_of(member["id"]): (
            member["remark"],
            member["role"],
            (member["leaveRequest"] or {"reason": ""})["reason"],
            member["phone"],
            member["healthCode"] == "WITHHELD",
            (member["section"] or {"name": ""})["name"],
        )
        for some in pages.values()
        for member in some[0]["members"]["nodes"]
    }
    memberships = [
        one for one in recorder.memberships if one.group_id in pages and not one.doubtful
    ]
    held = [one for one in memberships if one.member_id]
    wrong = [
        f"{one.phone} answered {_answered(one)}, is {seen.get(one.member_id)}"
        for one in held
        if seen.get(one.member_id) != _answered(one)
    ]
    current = {one.member_id for one in held}
    back = [key for key in recorder.former if key in seen and key not in current]
    wrong += [f"{recorder.phones[key]} is still a member" for key in back]
    return Check("members as answered", len(held), len(held) - len(wrong), wrong)


def _answered(membership: MembershipState) -> tuple[str, str, str, str, bool, str]:
    role = "ADMIN" if membership.admin else "MEMBER"
    return (
        membership.remark,
        role,
        membership.reason,
        membership.reached_at,
        membership.withheld,
        membership.section,
    )


def _check_former(recorder: Recorder, pages: dict[str, list[dict[str, Any]]]) -> Check:
    """Everyone who left by an answer is listed as a former member, with cause and reason."""
    seen = {
        key_of(one["id"]): (group_id, one["cause"], one["reason"])
        for group_id, some in pages.items()
        for page in some
        for one in page["formerMembers"]["nodes"]
    }
    wrong = [
        f"{recorder.phones[key]}: answered {expected}, listed {seen.get(key)}"
        for key, expected in recorder.former.items()
        if seen.get(key) != expected
    ]
    return Check("former members as answered", len(recorder.former), len(seen), wrong)


def _check_counts(pages: dict[str, list[dict[str, Any]]]) -> Check:
    """The counts that managers see are those of what they see."""
    firsts = [some[0] for some in pages.values()]
    shown = sum(page["memberCount"] + page["pendingLeaveCount"] for page in firsts)
    members = [member for page in firsts for member in page["members"]["nodes"]]
    counted = len(members) + sum(member["leaveRequest"] is not None for member in members)
    return Check("members and requests, shown and counted", shown, counted)


async def _check_owned(recorder: Recorder, setup: Setup) -> Check:
    """Each owner owns what they were answered, and nothing else."""
    expected = {
        key
        for key, group in recorder.groups.items()
        if not group.dissolved and group.creator in {owner.phone for owner, _ in setup.owners}
    }
    doubtful = {one.creator for one in recorder.groups.values() if one.doubtful}
    found: set[str] = set()
    for owner, _ in setup.owners:
        found |= await _owned(owner) if owner.phone not in doubtful else set()
    expected = {key for key in expected if recorder.groups[key].creator not in doubtful}
    wrong = sorted(expected ^ found)
    return Check("groups owned as answered", len(expected), len(found), wrong)


async def _owned(owner: StormClient) -> set[str]:
    groups = (await owner.read(_OWN))["me"]["groups"]["nodes"]
    return {key_of(group["id"]) for group in groups}


async def _check_dissolved(recorder: Recorder, database: Database) -> Check:
    """Who joined a group before it was dissolved is kept with it until it is erased."""
    members = {row["id"] for row in await database.read("SELECT id FROM membership")}
    dissolved = {key for key, group in recorder.groups.items() if group.dissolved}
    joined = [one for one in recorder.memberships if one.group_id in dissolved and one.member_id]
    missing = [one.phone for one in joined if one.member_id not in members]
    return Check("joined what was dissolved", len(joined), len(joined) - len(missing), missing)

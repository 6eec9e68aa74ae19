"""How everyone stands after the storm, read through the API as the creators see it."""

from collections.abc import AsyncIterator
from typing import Any, Final

from tools.storm.ledger import Ledger, SeatState, key_of
from tools.storm.phone import Phone
from tools.storm.report import Check
from tools.storm.rows import Database
from tools.storm.scene import Scene, Team

_PAGE: Final = """query($id: ID!, $after: String) { group(id: $id) {
    memberCount pendingLeaveCount
    members(first: 500) { nodes { id remark role leaveRequest { reason } } }
    formerMembers(first: 200, after: $after) {
        nodes { id cause reason } pageInfo { hasNextPage endCursor } } } }"""
_OWN: Final = "{ me { groups(roles: [CREATOR], first: 100) { nodes { id } } } }"


async def check_states(ledger: Ledger, scene: Scene, database: Database) -> list[Check]:
    """Check every seat, every former member and every ownership."""
    pages = {key_of(team.id): [page async for page in _pages(team)] for team in scene.teams}
    return [
        _check_members(ledger, pages),
        _check_former(ledger, pages),
        _check_counts(pages),
        await _check_owned(ledger, scene),
        await _check_dissolved(ledger, database),
    ]


async def _pages(team: Team) -> AsyncIterator[dict[str, Any]]:
    after: str | None = None
    while True:
        page = (await team.creator.read(_PAGE, id=team.id, after=after))["group"]
        yield page
        after = page["formerMembers"]["pageInfo"]["endCursor"]
        if not page["formerMembers"]["pageInfo"]["hasNextPage"]:
            return


def _check_members(ledger: Ledger, pages: dict[str, list[dict[str, Any]]]) -> Check:
    """Each seat is held, empty, waiting and named as it was last answered."""
    seen = {
        key_of(member["id"]): (
            member["remark"],
            member["role"],
            (member["leaveRequest"] or {"reason": ""})["reason"],
        )
        for some in pages.values()
        for member in some[0]["members"]["nodes"]
    }
    seats = [one for one in ledger.seats if one.group_id in pages and not one.doubtful]
    held = [one for one in seats if one.member_id]
    wrong = [
        f"{one.number} answered {_answered(one)}, is {seen.get(one.member_id)}"
        for one in held
        if seen.get(one.member_id) != _answered(one)
    ]
    standing = {one.member_id for one in held}
    back = [key for key in ledger.former if key in seen and key not in standing]
    wrong += [f"{ledger.phones[key]} is still in it" for key in back]
    return Check("members as answered", len(held), len(held) - len(wrong), wrong)


def _answered(seat: SeatState) -> tuple[str, str, str]:
    return seat.remark, "ADMIN" if seat.admin else "MEMBER", seat.reason


def _check_former(ledger: Ledger, pages: dict[str, list[dict[str, Any]]]) -> Check:
    """Each who is out by an answer is listed with the cause and their reason."""
    seen = {
        key_of(one["id"]): (group_id, one["cause"], one["reason"])
        for group_id, some in pages.items()
        for page in some
        for one in page["formerMembers"]["nodes"]
    }
    wrong = [
        f"{ledger.phones[key]}: answered {expected}, listed {seen.get(key)}"
        for key, expected in ledger.former.items()
        if seen.get(key) != expected
    ]
    return Check("former members as answered", len(ledger.former), len(seen), wrong)


def _check_counts(pages: dict[str, list[dict[str, Any]]]) -> Check:
    """The counts that managers see are those of what they see."""
    firsts = [some[0] for some in pages.values()]
    shown = sum(page["memberCount"] + page["pendingLeaveCount"] for page in firsts)
    members = [member for page in firsts for member in page["members"]["nodes"]]
    counted = len(members) + sum(member["leaveRequest"] is not None for member in members)
    return Check("members and requests, shown and counted", shown, counted)


async def _check_owned(ledger: Ledger, scene: Scene) -> Check:
    """Each owner owns what they were answered, and nothing else."""
    expected = {
        key
        for key, group in ledger.groups.items()
        if not group.dissolved and group.creator in {owner.number for owner, _ in scene.owners}
    }
    doubtful = {one.creator for one in ledger.groups.values() if one.doubtful}
    found: set[str] = set()
    for owner, _ in scene.owners:
        found |= await _owned(owner) if owner.number not in doubtful else set()
    expected = {key for key in expected if ledger.groups[key].creator not in doubtful}
    wrong = sorted(expected ^ found)
    return Check("groups owned as answered", len(expected), len(found), wrong)


async def _owned(owner: Phone) -> set[str]:
    groups = (await owner.read(_OWN))["me"]["groups"]["nodes"]
    return {key_of(group["id"]) for group in groups}


async def _check_dissolved(ledger: Ledger, database: Database) -> Check:
    """Who joined a group before it was dissolved is kept with it until it is erased."""
    members = {row["id"] for row in await database.read("SELECT id FROM membership")}
    dissolved = {key for key, group in ledger.groups.items() if group.dissolved}
    joined = [one for one in ledger.seats if one.group_id in dissolved and one.member_id]
    missing = [one.number for one in joined if one.member_id not in members]
    return Check("joined what was dissolved", len(joined), len(joined) - len(missing), missing)

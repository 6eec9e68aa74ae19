"""What must hold at every moment, looked at in the database again and again."""

import asyncio
from typing import Any, Final

from app.domain.limits import GROUP_ADMINS, GROUP_PEOPLE, OWNED_GROUPS
from tools.storm.rows import Database

_LOOK_SECONDS: Final = 0.5
_PEOPLE: Final = "(SELECT COUNT(*) FROM membership m WHERE m.group_id = g.id)"
_ADMINS: Final = "(SELECT COUNT(*) FROM membership m WHERE m.group_id = g.id AND m.role = 'ADMIN')"
_LEAVES: Final = "(SELECT COUNT(*) FROM leave_request l WHERE l.group_id = g.id)"
_EVENTS: Final = "(SELECT COUNT(*) FROM group_event e WHERE e.group_id = g.id)"
_NEWEST: Final = "(SELECT MAX(seq) FROM group_event e WHERE e.group_id = g.id)"
# One statement sees one moment.
_GROUPS: Final = f"""
    SELECT g.name, g.creator_id, g.dissolved_at, g.member_count, g.admin_count, g.pending_leaves,
           g.version, p.owned_groups, {_PEOPLE} AS people, {_ADMINS} AS admins,
           {_LEAVES} AS leaves, {_EVENTS} AS events, {_NEWEST} AS newest
    FROM groups g JOIN person p ON p.id = g.creator_id
"""  # noqa: S608


class Limits:
    """Looks at the limits until cancelled, and keeps the highest counts it saw."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.looks = 0
        self.people = self.admins = self.owned = 0
        self.wrongs: list[str] = []

    async def watch(self) -> None:
        """Look again and again."""
        while True:
            await self.look()
            await asyncio.sleep(_LOOK_SECONDS)

    async def look(self) -> None:
        """Look once."""
        groups = await self._database.read(_GROUPS)
        self.looks += 1
        owned: dict[str, int] = {}
        for group in groups:
            self._check_group(group)
            if group["dissolved_at"] is None:
                owned[group["creator_id"]] = owned.get(group["creator_id"], 0) + 1
        for group in groups:
            counted = owned.get(group["creator_id"], 0)
            self._require(group["owned_groups"] == counted, group, f"owner of {counted} groups")
        self.owned = max(self.owned, *owned.values(), 0)

    def _check_group(self, group: dict[str, Any]) -> None:
        self.people = max(self.people, group["people"])
        self.admins = max(self.admins, group["admins"])
        for column, counted in (
            ("member_count", "people"),
            ("admin_count", "admins"),
            ("pending_leaves", "leaves"),
            ("version", "events"),
            ("version", "newest"),
        ):
            self._require(group[column] == group[counted], group, f"{column} is not {counted}")

    def _require(self, holds: bool, group: dict[str, Any], what: str) -> None:
        if not holds:
            self.wrongs.append(f"{group['name']}: {what}: {group}")

    @property
    def broken(self) -> list[str]:
        """The limits that were broken at some moment."""
        highest = {
            "people in a group": (self.people, GROUP_PEOPLE),
            "admins in a group": (self.admins, GROUP_ADMINS),
            "groups of one owner": (self.owned, OWNED_GROUPS),
        }
        return [f"{what}: {seen}" for what, (seen, limit) in highest.items() if seen > limit]

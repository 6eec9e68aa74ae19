"""Groups as their watchers see them: who looks at the same moment is read for together.

A nudge wakes all who watch a group, and every 15 seconds everybody looks. A few statements read the
sessions, groups and rights of all of them. The rights are read last, so that they are never older
than what is shown under them.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from app.domain.refusals import NotFound, Unauthenticated
from app.domain.roles import Role
from app.models.groups import Group
from app.models.members import Membership
from app.models.reading import Values, read
from app.ports.tokens import TokenClaims
from app.resolvers.alike import Alike
from app.resolvers.context import Context, Info, Scope
from app.resolvers.group_row import GROUP_ALWAYS, GROUP_COLUMNS, GroupRow
from app.resolvers.rows import columns_for, condition
from app.resolvers.selection import selected_fields
from app.services.accounts.sessions import viewers_of_sessions
from app.services.kernel.env import Viewer

_OF_GROUP: Final = "group__"
_Watch: TypeAlias = tuple[TokenClaims, UUID]  # whose session, and which group


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a watcher finds: who they are, and the group if it is theirs to see."""

    viewer: Viewer
    group: GroupRow | None


@dataclass(frozen=True, slots=True)
class _Seat:
    """The membership through which somebody sees a group: their own, or that of a ward."""

    person_id: UUID
    role: Role
    alerts: bool


class WatchedGroup:
    """One group as it is selected by an operation that watches it."""

    def __init__(self, info: Info, group_id: UUID, *always: str) -> None:
        """Watch what is selected, and ``always`` these fields."""
        columns = columns_for(selected_fields(info) | set(always), GROUP_COLUMNS) | GROUP_ALWAYS
        self._context: Context = info.context
        self._group_id = group_id
        self._read = partial(_read, columns)
        self._name = ("watched groups", *columns)

    async def look(self) -> GroupRow:
        """Read session, rights and group anew.

        Raise ``Unauthenticated`` once the session ended, ``NotFound`` when the group isn't the
        viewer's to see.
        """
        context, claims = self._context, self._context.claims
        if claims is None:
            raise Unauthenticated
        watch = (claims, self._group_id)
        seen = await context.env.together.read(self._name, self._read, watch)
        context.scope = Scope(viewer=seen.viewer if seen else None, viewer_known=True)
        if seen is None:
            raise Unauthenticated
        if seen.group is None:
            raise NotFound
        context.scope.rights[self._group_id] = seen.group.rights
        return seen.group


async def _read(columns: Mapping[str, str], watches: Collection[_Watch]) -> dict[_Watch, _Seen]:
    viewers = await viewers_of_sessions({claims for claims, _ in watches})
    groups = await _groups({group_id for _, group_id in watches}, columns)
    seats = await _seats(
        {
            (viewer.person_id, group_id)
            for claims, group_id in watches
            if group_id in groups and (viewer := viewers.get(claims)) and viewer.person_id
        }
    )
    alike: defaultdict[object, Alike] = defaultdict(Alike)
    found: dict[_Watch, _Seen] = {}
    for claims, group_id in watches:
        if viewer := viewers.get(claims):
            seat = seats.get((viewer.person_id, group_id))
            row = _row(viewer, groups[group_id], seat) if seat else None
            if row and seat:
                row.alike = alike[group_id, row.viewer_role, seat.role, seat.alerts]
            found[claims, group_id] = _Seen(viewer, row)
    return found


def _row(viewer: Viewer, group: Values, seat: _Seat) -> GroupRow:
    own = {"person_id": seat.person_id, "role": seat.role, "anomaly_alerts": seat.alerts}
    return GroupRow(group | own, viewer)


async def _groups(group_ids: Collection[UUID], columns: Mapping[str, str]) -> dict[UUID, Values]:
    """Read groups that aren't dissolved; what their columns say is the same for every watcher."""
    of_group = {
        name: path.removeprefix(_OF_GROUP)
        for name, path in columns.items()
        if path.startswith(_OF_GROUP)
    }
    existing = Group.filter(id__in=list(group_ids), dissolved_at=None)
    return {row["id"]: row for row in await read(existing, {"id": "id"} | of_group)}


async def _seats(wanted: set[tuple[UUID, UUID]]) -> dict[tuple[UUID | None, UUID], _Seat]:
    """Return by person and group the membership through which the person sees the group.

    Whoever is a member themself sees a group as such, whoever else they guard in it.
    """
    columns = ("group_id", "person_id", "role", "alerts")
    seats: dict[tuple[UUID | None, UUID], _Seat] = {}
    for person, order in (("person_id", ()), ("guardianships__guardian_id", ("-joined_at", "-id"))):
        if others := wanted - seats.keys():
            people, groups = map(set, zip(*others, strict=True))
            theirs = condition(f"{person}__in", list(people))
            members = Membership.filter(theirs, group_id__in=list(groups))
            rows = await members.order_by(*order).values_list(person, *columns)
            found = {(viewer, group_id): _Seat(*seat) for viewer, group_id, *seat in rows}
            seats |= {pair: found[pair] for pair in others & found.keys()}
    return seats

"""Groups as their watchers see them: who looks at the same moment is read for together.

A nudge wakes all who watch a group, and every 15 seconds everybody looks. A few statements read the
sessions, groups and rights of all of them. The rights are read last, so that they are never older
than what is shown under them.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from tortoise.expressions import Q

from app.domain.refusals import NotFound, Unauthenticated
from app.models.columns import Values
from app.models.groups import Group
from app.models.guardians import Guardianship
from app.models.members import Membership
from app.models.reading import read
from app.ports.tokens import TokenClaims
from app.resolvers.alike import Alike
from app.resolvers.charges import count_anew
from app.resolvers.context import Context, Info, Scope
from app.resolvers.group_row import GROUP_ALWAYS, GROUP_COLUMNS, OWN_CHOICES, GroupRow
from app.resolvers.rows import columns_for, condition
from app.resolvers.selection import selected_fields
from app.services.accounts.sessions import viewers_of_sessions
from app.services.kernel.env import Viewer

_OF_GROUP: Final = "group__"
# A group's row is completed by the membership through which it is seen: one's own, or a ward's.
_SEAT: Final = {
    "id": "group_id",
    "person_id": "person_id",
    "role": "role",
    **OWN_CHOICES,
    "bound_to": "bound_to",
}
_Watch: TypeAlias = tuple[TokenClaims, UUID]  # whose session, and which group


@dataclass(frozen=True, slots=True)
class _Seen:
    """What a watcher finds: who they are, and the group if it is theirs to see."""

    viewer: Viewer
    group: GroupRow | None


class WatchedGroup:
    """One group as it is selected by an operation that watches it."""

    def __init__(self, info: Info, group_id: UUID, *always: str) -> None:
        """Watch what is selected, and ``always`` these fields."""
        columns = columns_for(selected_fields(info) | set(always), GROUP_COLUMNS) | GROUP_ALWAYS
        self._context: Context = info.context
        self.group_id = group_id
        self.columns = columns
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
        watch = (claims, self.group_id)
        seen = await context.env.together.read(self._name, self._read, watch)
        context.scope = Scope(viewer=seen.viewer if seen else None, viewer_known=True)
        if seen is None:
            raise Unauthenticated
        if seen.group is None:
            raise NotFound
        context.scope.rights[self.group_id] = seen.group.rights
        await count_anew([seen.group], context.env.clock)
        return seen.group


class WatchedGroups:
    """All groups of the viewer as they are selected by an operation that watches them."""

    def __init__(self, info: Info, fields: Iterable[str], always: Iterable[str]) -> None:
        """Watch what is selected below any of these ``fields``, and ``always`` some more."""
        selected = set(always).union(*(selected_fields(info, field) for field in fields))
        columns = columns_for(selected, GROUP_COLUMNS) | GROUP_ALWAYS
        self._context: Context = info.context
        self._read = partial(_read_all, columns)
        self._name = ("all watched groups", *columns)

    async def look(self) -> dict[UUID, GroupRow]:
        """Read session, rights and groups anew, as they were joined.

        Raise ``Unauthenticated`` once the session ended.
        """
        context, claims = self._context, self._context.claims
        if claims is None:
            raise Unauthenticated
        seen = await context.env.together.read(self._name, self._read, claims)
        if seen is None:
            raise Unauthenticated
        viewer, groups = seen
        rights = {group_id: row.rights for group_id, row in groups.items()}
        context.scope = Scope(viewer=viewer, viewer_known=True, rights=rights)
        await count_anew(groups.values(), context.env.clock)
        return groups


async def _read_all(
    columns: Mapping[str, str], claims: Collection[TokenClaims]
) -> dict[TokenClaims, tuple[Viewer, dict[UUID, GroupRow]]]:
    viewers = await viewers_of_sessions(claims)
    people = [one.person_id for one in viewers.values() if one.person_id is not None]
    holds = Guardianship.filter(guardian_id__in=people).order_by("id")
    guarded = await holds.values_list("guardian_id", "member_id")
    through = Q(person_id__in=people) | Q(id__in=[member_id for _, member_id in guarded])
    query = Membership.filter(through, group__dissolved_at=None).order_by("joined_at", "id")
    # Data and right come by one statement. A ward's membership may be read for several viewers.
    members = await read(query, {**columns, **OWN_CHOICES, "member_id": "id"})
    places = {row["member_id"]: place for place, row in enumerate(members)}
    seats: defaultdict[UUID | None, dict[UUID, int]] = defaultdict(dict)  # by viewer and group
    for guardian_id, member_id in guarded:
        if (place := places.get(member_id)) is not None:
            seats[guardian_id][members[place]["id"]] = place
    for place, row in enumerate(members):  # their own outweighs those whom they guard
        seats[row["person_id"]][row["id"]] = place
    alike: defaultdict[object, Alike] = defaultdict(Alike)
    found = {}
    for one, viewer in viewers.items():
        own = [members[place] for place in sorted(seats[viewer.person_id].values())]
        found[one] = (viewer, {row["id"]: _row(viewer, row, alike) for row in own})
    return found


def _row(viewer: Viewer, values: Values, alike: Mapping[object, Alike]) -> GroupRow:
    # A ward's membership is read once for all who see the group by it: each row is its own.
    row = GroupRow(dict(values), viewer)
    charge = row.rights.charge
    row.alike = alike[row.id, row.viewer_role, row.role, row.own_choices, charge]
    return row


async def _read(columns: Mapping[str, str], watches: Collection[_Watch]) -> dict[_Watch, _Seen]:
    viewers = await viewers_of_sessions({claims for claims, _ in watches})
    groups = await read_watched({group_id for _, group_id in watches}, columns)
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
            row = _row(viewer, groups[group_id] | seat, alike) if seat else None
            found[claims, group_id] = _Seen(viewer, row)
    return found


async def read_watched(
    group_ids: Collection[UUID], columns: Mapping[str, str]
) -> dict[UUID, Values]:
    """Read groups that aren't dissolved; what their columns say is the same for every watcher."""
    of_group = {
        name: path.removeprefix(_OF_GROUP)
        for name, path in columns.items()
        if path.startswith(_OF_GROUP)
    }
    existing = Group.filter(id__in=list(group_ids), dissolved_at=None)
    return {row["id"]: row for row in await read(existing, {"id": "id"} | of_group)}


async def _seats(wanted: set[tuple[UUID, UUID]]) -> dict[tuple[UUID | None, UUID], Values]:
    """Return by person and group what of the membership counts through which they see the group.

    Whoever is a member themself sees a group as such, whoever else they guard in it.
    """
    seats: dict[tuple[UUID | None, UUID], Values] = {}
    for person, order in (("person_id", ()), ("guardianships__guardian_id", ("-joined_at", "-id"))):
        if others := wanted - seats.keys():
            people, groups = map(set, zip(*others, strict=True))
            theirs = condition(f"{person}__in", list(people))
            members = Membership.filter(theirs, group_id__in=list(groups)).order_by(*order)
            found = {
                (row.pop("viewer"), row["id"]): row
                for row in await read(members, {"viewer": person, **_SEAT})
            }
            seats |= {pair: found[pair] for pair in others & found.keys()}
    return seats

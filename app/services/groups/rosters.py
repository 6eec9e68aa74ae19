"""The roster: importing, clearing and matching it with who has joined (R15)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final
from uuid import UUID

from app.domain.bulk import RowResult, check_rows
from app.domain.events import Event, EventType
from app.domain.limits import (
    GROUP_PEOPLE,
    PERSON_NAME_LENGTH,
    REMARK_LENGTH,
    SECTION_NAME_LENGTH,
)
from app.domain.roles import Right
from app.domain.rosters import Named, matches, name_key
from app.domain.text import folded
from app.models.due import Claim, WorkKind, finish
from app.models.groups import Group, lock_group
from app.models.inserting import insert_rows
from app.models.members import Membership
from app.models.rosters import RosterEntry
from app.models.updating import update_column
from app.services.groups.roster_sections import (
    NamedSections,
    give_sections,
    link_sections,
    make_sections,
    named_sections,
)
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import text_or_none
from app.services.kernel.rights import require
from app.services.kernel.unit import Unit, unit_of_work

_GATHERED_FOR: Final = timedelta(seconds=2)  # who join together are matched together
_WRITTEN: Final = ("name", "remark", "section", "of_section_id", "name_hash")
_CHANGED: Final = ", ".join(f"{column} = excluded.{column}" for column in _WRITTEN)


@dataclass(frozen=True, slots=True)
class RosterRow:
    """A name of a roster, as entered."""

    name: str
    remark: str = ""
    section: str = ""


async def import_roster(
    env: Env, viewer: Viewer, group_id: UUID, rows: Sequence[RosterRow]
) -> list[RowResult]:
    """Put up to 500 names on a group's roster, as a manager; return a result for each row (R15).

    A row is known by its folded name and remark: one that is there is brought up to date. A row
    that can't be taken leaves the others be. A section that the group hasn't is made. Refused: no
    row, or too many.
    """
    check_rows(len(rows))
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.MANAGE_MEMBERS)
        sections = await named_sections(unit, group_id)
        taking = _Taking(await RosterEntry.filter(group_id=group_id), sections)
        results = [taking.take(row) for row in rows]
        if taking.written:
            await make_sections(unit, group_id, sections.made, viewer.person_id)
            await insert_rows(
                RosterEntry,
                [_columns(unit, group_id, one) for one in taking.written.values()],
                f"ON CONFLICT (id) DO UPDATE SET {_CHANGED}",
            )
            await _match(unit, group, viewer.person_id)
        return unit.returns(results)


@dataclass(frozen=True, slots=True)
class _Written:
    """A row to be written: a new one, or under the id that it has."""

    id: UUID | None
    row: RosterRow
    section_id: UUID | None
    member_id: UUID | None = None


_Key = tuple[str, str]


@dataclass(slots=True)
class _Taking:
    """What becomes of rows, one after the other, beside the entries that there are."""

    entries: Sequence[RosterEntry]
    sections: NamedSections
    written: dict[_Key, _Written] = field(default_factory=dict)
    _seen: set[_Key] = field(default_factory=set)
    _known: dict[_Key, RosterEntry] = field(init=False)

    def __post_init__(self) -> None:
        self._known = {_key(one.name, one.remark): one for one in self.entries}

    def take(self, row: RosterRow) -> RowResult:
        """Return what becomes of the next row."""
        read = _read(row)
        if isinstance(read, RowResult):
            return read
        key = _key(read.name, read.remark)
        if key in self._seen:
            return RowResult.REPEATED
        self._seen.add(key)
        return self._write(key, read, self._known.get(key))

    def _write(self, key: _Key, read: RosterRow, before: RosterEntry | None) -> RowResult:
        if before is None and len(self._known) == GROUP_PEOPLE:
            return RowResult.ROSTER_FULL
        if before is not None and _says(before, read):
            return RowResult.UNCHANGED
        section_id = self.sections.of(read.section) if read.section else None
        if read.section and section_id is None:
            return RowResult.TOO_MANY_SECTIONS
        if before is None:
            self._known[key] = RosterEntry()
            self.written[key] = _Written(None, read, section_id)
            return RowResult.ADDED
        self.written[key] = _Written(before.id, read, section_id, before.member_id)
        return RowResult.UPDATED


def _says(entry: RosterEntry, row: RosterRow) -> bool:
    """Return whether an entry says what a row does; its section, renamed since, is that still."""
    if RosterRow(entry.name, entry.remark, entry.section) != row:
        return False
    return not row.section or entry.of_section_id is not None


def _key(name: str, remark: str) -> _Key:
    return folded(name), folded(remark)


def _read(row: RosterRow) -> RosterRow | RowResult:
    """Return a row as it can be stored, or why it can't."""
    name = text_or_none(row.name, PERSON_NAME_LENGTH)
    remark = text_or_none(row.remark, REMARK_LENGTH, required=False)
    section = text_or_none(row.section, SECTION_NAME_LENGTH, required=False)
    if name is None or not folded(name):
        return RowResult.NAME_INVALID
    if remark is None:
        return RowResult.REMARK_INVALID
    return RowResult.SECTION_INVALID if section is None else RosterRow(name, remark, section)


def _columns(unit: Unit, group_id: UUID, one: _Written) -> Mapping[str, object]:
    return {
        "id": one.id or unit.new_id(),
        "group_id": group_id,
        "member_id": one.member_id,
        "name_hash": unit.lookups("roster", name_key(group_id, one.row.name))[0],
        "name": one.row.name,
        "remark": one.row.remark,
        "section": one.row.section,
        "of_section_id": one.section_id,
        "imported_at": unit.now,
    }


async def clear_roster(env: Env, viewer: Viewer, group_id: UUID) -> None:
    """Erase a group's roster, as a manager; harmless when there is none (R15)."""
    async with unit_of_work(env, group_id) as unit:
        group = await require(viewer, group_id, Right.MANAGE_MEMBERS)
        if not group.roster_count:
            return
        await erase_roster(group_id)
        event = Event(EventType.ROSTER_CHANGED, actor_id=viewer.person_id)
        await unit.log(group_id, event, roster_count=0, not_joined_count=0)


async def erase_roster(group_id: UUID) -> None:
    """Erase the names that a group expects."""
    await RosterEntry.filter(group_id=group_id).delete()


def expect_matching(unit: Unit, group: Group) -> None:
    """Have a group's roster matched anew, if it has one: who is in it has changed, or a section."""
    if group.roster_count:
        unit.schedule(WorkKind.MATCH_ROSTER, group.id, at=unit.now + _GATHERED_FOR)


async def match_roster(env: Env, claim: Claim) -> None:
    """Match a group's roster with its members as they are now; harmless twice (R15)."""
    async with unit_of_work(env, claim.subject_id) as unit:
        group = await lock_group(claim.subject_id)
        # Finished before members are read: whoever comes later asks for a row of their own.
        await finish(claim)
        if group is not None and group.roster_count:
            await _match(unit, group, None)


async def _match(unit: Unit, group: Group, actor_id: UUID | None) -> None:
    """Match under the group's row; log it where a manager changed the roster, or it says more."""
    entries = await RosterEntry.filter(group_id=group.id).order_by("imported_at", "id")
    members = Membership.filter(group_id=group.id).order_by("joined_at", "id")
    rows = await members.values_list("id", "person__name", "remark")
    found = matches(
        [Named(one.id, one.name_hash, folded(one.remark)) for one in entries],
        list(_named(unit, group.id, rows, {one.name_hash for one in entries})),
    )
    links = {one.id: found.get(one.id) for one in entries if one.member_id != found.get(one.id)}
    await update_column(RosterEntry, "member_id", links)
    await link_sections(unit, group.id, entries)
    await give_sections(unit, group, entries, found, actor_id)
    counts = {"roster_count": len(entries), "not_joined_count": len(entries) - len(found)}
    known = {"roster_count": group.roster_count, "not_joined_count": group.not_joined_count}
    if links or actor_id or counts != known:
        event = Event(EventType.ROSTER_CHANGED, actor_id=actor_id)
        await unit.log(group.id, event, **counts)


def _named(
    unit: Unit, group_id: UUID, rows: Iterable[tuple[UUID, str, str]], hashes: set[str]
) -> Iterable[Named]:
    """Yield the members by the hash under which their name stands on the roster, if it does.

    While keys are changed, entries stand under the hash of any.
    """
    for member_id, name, remark in rows:
        for found in unit.lookups("roster", name_key(group_id, name)):
            if found in hashes:
                yield Named(member_id, found, folded(remark))
                break

"""Sections as a roster names them: found or made, and given to who joins (R15, R50)."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.sections import folded_section, why_no_more
from app.models.groups import Group
from app.models.members import Membership
from app.models.rosters import RosterEntry
from app.models.sections import Section, sections_by_name
from app.models.updating import update_column
from app.services.kernel.unit import Unit


@dataclass(slots=True)
class NamedSections:
    """The sections of a group by their folded names, and those that are to be made."""

    known: dict[str, UUID]
    new_id: Callable[[], UUID]
    made: dict[UUID, str] = field(default_factory=dict)

    def of(self, name: str) -> UUID | None:
        """Return the section of a name, one to be made if there is none; None: no more may be."""
        folded = folded_section(name)
        if folded not in self.known:
            if why_no_more(len(self.known)) is not None:
                return None
            self.known[folded] = self.new_id()
            self.made[self.known[folded]] = name
        return self.known[folded]


async def named_sections(unit: Unit, group_id: UUID) -> NamedSections:
    """Return the sections of a group, by name."""
    return NamedSections(await sections_by_name(group_id), unit.new_id)


async def make_sections(
    unit: Unit, group_id: UUID, made: Mapping[UUID, str], actor_id: UUID | None
) -> None:
    """Make those sections of a group that its roster named first."""
    if not made:
        return
    await Section.bulk_create(
        Section(
            id=section_id,
            group_id=group_id,
            name=name,
            folded=folded_section(name),
            created_at=unit.now,
        )
        for section_id, name in made.items()
    )
    created = EventType.SECTION_CREATED
    await unit.log(group_id, *(Event(created, actor_id=actor_id, subject_id=key) for key in made))


async def link_sections(unit: Unit, group_id: UUID, entries: Sequence[RosterEntry]) -> None:
    """Link entries to the sections that they name, where these were made meanwhile."""
    unknown = [one for one in entries if one.section and one.of_section_id is None]
    if not unknown:
        return
    known = await sections_by_name(group_id)
    links: dict[UUID, UUID | None] = {}
    for one in unknown:
        one.of_section_id = known.get(folded_section(one.section))
        if one.of_section_id is not None:
            links[one.id] = one.of_section_id
    if links:
        await update_column(RosterEntry, "of_section_id", links)
        unit.changes(group_id)


async def give_sections(
    unit: Unit,
    group: Group,
    entries: Sequence[RosterEntry],
    found: Mapping[UUID, UUID],
    actor_id: UUID | None,
) -> None:
    """Put members into the section that the roster has for them.

    Only who is in none and never was moved: what they chose, or a manager did, stands.
    """
    wanted = {
        found[one.id]: one.of_section_id for one in entries if one.id in found and one.of_section_id
    }
    unplaced = Membership.filter(group_id=group.id, section_id=None, section_at=None)
    moved: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for (member_id,) in await unplaced.order_by("joined_at", "id").values_list("id"):
        if section_id := wanted.get(member_id):
            moved[section_id].append(member_id)
    for section_id, member_ids in moved.items():
        coming = Membership.filter(id__in=member_ids)
        await coming.update(section_id=section_id, section_at=unit.now)
        into = EventType.MEMBER_MOVED
        events = [Event(into, actor_id=actor_id, subject_id=key) for key in member_ids]
        await unit.log(group.id, *events)

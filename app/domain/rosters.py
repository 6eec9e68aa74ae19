"""The roster: who should be in a group, and who of them is (R15)."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from app.domain.text import folded


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody by what a match goes by: the ``key`` of their name, and their folded remark."""

    id: UUID
    key: str
    remark: str


def name_key(group_id: UUID, name: str) -> str:
    """Return by what a name is known within one group, however it is spelt (R6)."""
    return f"{group_id.hex}:{folded(name)}"


def matches(listed: Sequence[Named], members: Iterable[Named]) -> dict[UUID, UUID]:
    """Return for each who is listed and has joined the member that they are (R15).

    A name that stands once on the roster and once in the group is enough. Where it stands more
    often, the remark tells: it has to be the same, too. Nobody is matched twice; of several that
    could be, the first.
    """
    known = list(members)
    of_listed = Counter(one.key for one in listed)
    of_members = Counter(one.key for one in known)
    by_name: defaultdict[str, list[UUID]] = defaultdict(list)
    by_remark: defaultdict[tuple[str, str], list[UUID]] = defaultdict(list)
    for one in reversed(known):
        by_name[one.key].append(one.id)
        by_remark[one.key, one.remark].append(one.id)
    found: dict[UUID, UUID] = {}
    for one in listed:
        alone = of_listed[one.key] == of_members[one.key] == 1
        candidates = by_name[one.key] if alone else by_remark[one.key, one.remark]
        if candidates:
            found[one.id] = candidates.pop()
    return found

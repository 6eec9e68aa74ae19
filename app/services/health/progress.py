"""How far one execution of a run has come, and whom it queries the provider about (R25, R26)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.identity import Document
from app.models.members import Membership
from app.models.reading import Statement
from app.models.refresh import OpenRun
from app.ports.http import GatewayError

_SHARING: Final = Statement(
    lambda group_id: Membership.filter(group_id=group_id, withheld_at=None)  # R42
)
_COLUMNS: Final = {
    "member_id": "id",
    "person_id": "person_id",
    "id_type": "person__id_type",
    "id_number": "person__id_number",
    "as_of": "person__record__as_of",
    "digest": "person__record__digest",
}


@dataclass(slots=True)
class Member:
    """Whom a run queries the provider about, and whether anything is known of them by it."""

    document: Document
    member_id: UUID
    person_id: UUID
    known: bool


@dataclass(slots=True)
class Progress:
    """How far one execution of a run has come.

    ``left`` are the members who weren't queried about when it began, ``done`` how many were since
    or before, ``answered`` of how many the provider said anything, be it that it knows nothing.
    ``digests`` are of what was on record of people when it began.
    """

    members: Sequence[Member]
    left: Sequence[Member]
    digests: Mapping[UUID, str]
    done: int
    answered: int
    partly_read: set[str]
    shown_at: datetime
    spread_at: datetime
    over: bool = False  # the run was ended from outside, as by a dissolution (R8)
    away: GatewayError | None = None  # why the provider is to be asked again later

    @property
    def missing(self) -> list[str]:
        """The ids of the members about whom the provider said nothing."""
        return [str(member.member_id) for member in self.members if not member.known]

    def count(self, batch: Sequence[Member], told: Collection[UUID], answered: int) -> None:
        """Count a batch as queried about; of the people in ``told`` something is known."""
        self.done += len(batch)
        self.answered += answered
        for member in batch:
            member.known = member.person_id in told


async def begin(run: OpenRun, now: datetime) -> Progress:
    """Read whom to query about; those already fetched by this run count as done."""
    table = await _SHARING.read_table(_COLUMNS, run.group_id)
    documents = map(Document, table.converted("id_type"), table.converted("id_number"))
    fetched = [at is not None and at >= run.started_at for at in table.converted("as_of")]
    people = table.converted("person_id")
    members = list(map(Member, documents, table.converted("member_id"), people, fetched))
    left = [member for member in members if not member.known]
    done = len(members) - len(left)
    digests = zip(people, table.converted("digest"), strict=True)
    return Progress(
        members=members,
        left=left,
        digests={person_id: digest for person_id, digest in digests if digest is not None},
        done=done,
        answered=done,
        partly_read=set(run.partly_read or ()),
        shown_at=now,
        spread_at=run.started_at,
    )

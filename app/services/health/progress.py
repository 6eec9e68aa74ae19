"""How far one execution of a run has come, and whom it queries the provider about (R25, R26)."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True)
class Member:
    """Whom a run queries the provider about."""

    member_id: UUID
    person_id: UUID


@dataclass(slots=True)
class Progress:
    """How far one execution of a run has come.

    ``digests`` are of what was on record of people when it began.
    """

    members: Mapping[Document, Member]
    digests: Mapping[UUID, str]
    queried: set[Document]
    answered: set[Document]
    known: set[Document]
    partly_read: set[str]
    shown_at: datetime
    spread_at: datetime
    over: bool = False  # the run was ended from outside, as by a dissolution (R8)
    away: GatewayError | None = None  # why the provider is to be asked again later

    @property
    def missing(self) -> list[str]:
        """The ids of the members about whom the provider said nothing."""
        return [
            str(member.member_id)
            for document, member in self.members.items()
            if document not in self.known
        ]


async def begin(run: OpenRun, now: datetime) -> Progress:
    """Read whom to query about; those already fetched by this run count as done."""
    members: dict[Document, Member] = {}
    digests: dict[UUID, str] = {}
    fetched: set[Document] = set()
    for row in await _SHARING.read(_COLUMNS, run.group_id):
        document = Document(row["id_type"], row["id_number"])
        members[document] = Member(row["member_id"], row["person_id"])
        as_of = row["as_of"]
        if as_of is not None and as_of >= run.started_at:
            fetched.add(document)
        if row["digest"] is not None:
            digests[row["person_id"]] = row["digest"]
    return Progress(
        members=members,
        digests=digests,
        queried=fetched,
        answered=set(fetched),
        known=set(fetched),
        partly_read=set(run.partly_read or ()),
        shown_at=now,
        spread_at=run.started_at,
    )

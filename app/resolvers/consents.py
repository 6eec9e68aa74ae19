"""What was consented to: for oneself, for wards, and by oneself (R11, R43)."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from app.domain.languages import Language
from app.domain.refusals import Forbidden
from app.domain.terms import text_of
from app.models.columns import Values
from app.models.consents import Consent
from app.models.guardians import Guardianship
from app.models.members import Membership
from app.models.reading import read
from app.resolvers.context import Info
from app.resolvers.ids import encode_id
from app.resolvers.member_row import MemberRow
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import Row
from app.services.accounts.stays import consents_about, withdrawable_by

_COLUMNS: Final = {
    "id": "id",
    "person_id": "person_id",
    "group_id": "group_id",
    "version": "terms_version",
    "group_name": "group__name",
    "person_name": "person__name",
    "given_by": "given_by__name",
    "given_at": "given_at",
    "withdrawn_at": "withdrawn_at",
}


class ConsentRow(Row):
    """One consent, its text in the language of who reads it."""

    typename: ClassVar[str] = "Consent"

    id: UUID
    person_id: UUID
    group_id: UUID
    version: str
    terms: str | None
    group_name: str
    person_name: str
    given_by: str
    given_at: datetime
    withdrawn_at: datetime | None

    def __init__(self, values: Values, language: Language) -> None:
        super().__init__(values)
        self.terms = text_of(self.version, language)


async def own_consents(info: Info, page: Page) -> ConnectionRow[ConsentRow]:
    """Resolve ``me.consents``: about the viewer and their wards, and given by them (R43)."""
    viewer, language = await info.context.viewer(), info.context.language
    query = await consents_about(viewer.person_id)
    return await connection(
        query, page, "given_at", _COLUMNS, lambda values: ConsentRow(values, language), newest=True
    )


async def load_consents(info: Info, ids: Sequence[UUID]) -> dict[UUID, ConsentRow]:
    """Read those of some consents that ``me.consents`` lists."""
    viewer, language = await info.context.viewer(), info.context.language
    query = await consents_about(viewer.person_id)
    found = await read(query.filter(id__in=list(ids)), _COLUMNS)
    return {values["id"]: ConsentRow(values, language) for values in found}


async def member_of(root: ConsentRow, info: Info) -> str | None:
    """Resolve ``consent.memberId``: as whom the viewer can withdraw it (R42)."""
    member_id = await _withdrawable(root, info)
    return encode_id("Member", member_id) if member_id else None


async def group_of(root: ConsentRow, info: Info) -> str | None:
    """Resolve ``consent.groupId``: on whose page the viewer can withdraw it (R42)."""
    member_id = await _withdrawable(root, info)
    return encode_id("Group", root.group_id) if member_id else None


async def _withdrawable(root: ConsentRow, info: Info) -> UUID | None:
    """Return the membership by which the viewer can withdraw a consent, None where there is none.

    Those of a whole list are found by one statement.
    """

    async def load(stays: list[tuple[UUID, UUID]]) -> list[UUID | None]:
        viewer = await info.context.viewer()
        found = await withdrawable_by(viewer.person_id, [person_id for person_id, _ in stays])
        return [found.get(stay) for stay in stays]

    if root.withdrawn_at is not None:
        return None
    loader = info.context.scope.loader("withdrawable", load)
    return await loader.load((root.person_id, root.group_id))


async def consents_of_member(root: MemberRow, info: Info) -> list[ConsentRow]:
    """Resolve ``member.consents``; raise ``Forbidden`` to who is neither they nor a guardian."""

    async def load(member_ids: list[UUID]) -> list[list[ConsentRow] | None]:
        return await _load(info, member_ids)

    found = await info.context.scope.loader("consents", load).load(root.id)
    if found is None:
        raise Forbidden
    return found


async def _load(info: Info, member_ids: list[UUID]) -> list[list[ConsentRow] | None]:
    """Return the consents of each member, None where they aren't the viewer's to read."""
    viewer, language = await info.context.viewer(), info.context.language
    held = Guardianship.filter(member_id__in=member_ids, guardian_id=viewer.person_id)
    guarded = set(await held.values_list("member_id", flat=True))
    rows = await Membership.filter(id__in=member_ids).values_list("id", "person_id", "group_id")
    whose = {
        member_id: (person_id, group_id)
        for member_id, person_id, group_id in rows
        if member_id in guarded or person_id == viewer.person_id
    }
    about = Consent.filter(person_id__in=[person_id for person_id, _ in whose.values()])
    found: defaultdict[tuple[UUID, UUID], list[ConsentRow]] = defaultdict(list)
    for row in await read(about.order_by("-given_at", "-id"), _COLUMNS):
        found[row["person_id"], row["group_id"]].append(ConsentRow(row, language))
    return [found[whose[key]] if key in whose else None for key in member_ids]

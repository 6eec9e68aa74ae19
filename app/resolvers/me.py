"""The viewer's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from app.domain.verifications import VerificationStatus
from app.models.accounts import Account
from app.models.people import Person
from app.models.reading import Statement
from app.models.verifications import Verification
from app.resolvers.context import Info
from app.resolvers.selection import selected_fields
from app.services.accounts.awaited import ask_after


@dataclass(frozen=True, slots=True)
class MeRow:
    """Whoever is signed in; phone and name are read only if they are selected."""

    typename: ClassVar[str] = "Me"

    id: UUID
    real_named: bool
    phone: str = ""
    name: str | None = None


@dataclass(frozen=True, slots=True)
class VerificationRow:
    """A verification of the viewer's."""

    typename: ClassVar[str] = "IdentityVerification"

    id: UUID
    url: str | None
    status: VerificationStatus
    expires_at: datetime


async def me(info: Info) -> MeRow:
    """Resolve ``me``. Raise ``Unauthenticated`` when signed out."""
    return await own_row(info)


_ACCOUNT: Final = Statement(lambda account_id: Account.filter(id=account_id))
_PERSON: Final = Statement(lambda person_id: Person.filter(id=person_id))


async def own_row(info: Info, *path: str) -> MeRow:
    """Read of the viewer what is selected below ``path``."""
    viewer = await info.context.viewer()
    selected = selected_fields(info, *path)
    phone, name = "", None
    if "phone" in selected:
        phone = (await _ACCOUNT.read({"phone": "phone"}, viewer.account_id))[0]["phone"]
    if "name" in selected and viewer.person_id is not None:
        name = (await _PERSON.read({"name": "name"}, viewer.person_id))[0]["name"]
    return MeRow(viewer.account_id, viewer.person_id is not None, phone, name)


async def load_me(info: Info, account_ids: Sequence[UUID]) -> dict[UUID, MeRow]:
    """Read the viewer by their id; nobody else is found."""
    viewer = await info.context.viewer()
    return {viewer.account_id: await own_row(info)} if viewer.account_id in account_ids else {}


async def load_verifications(info: Info, ids: Sequence[UUID]) -> dict[UUID, VerificationRow]:
    """Read verifications of the viewer's; where one is taken is told once, on opening.

    The provider is asked what became of those that are pending.
    """
    viewer = await info.context.viewer()
    found = await Verification.filter(id__in=list(ids), account_id=viewer.account_id)
    await ask_after(info.context.env, found)
    return {row.id: VerificationRow(row.id, None, row.status, row.expires_at) for row in found}

"""The viewer's own page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from app.domain.refusals import Unauthenticated
from app.domain.verifications import VerificationStatus
from app.models.accounts import Account
from app.models.people import Person
from app.models.reading import Chosen, Statement, Table
from app.models.verifications import Verification
from app.ports.tokens import TokenClaims
from app.resolvers.context import Context, Info
from app.resolvers.first_groups import OwnerWithGroups, cursors_for, lasting
from app.resolvers.group_row import GROUP_COLUMNS
from app.resolvers.rows import Columns, columns_for
from app.resolvers.selection import has_arguments, made_once, selected_fields, selected_nodes
from app.services.accounts.awaited import ask_after
from app.services.kernel.env import Viewer


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
    """Resolve ``me``. Raise ``Unauthenticated`` when signed out.

    One statement finds the session, the viewer's row and, where all of them are asked for, their
    groups.
    """
    claims = info.context.claims
    if claims is None or info.context.scope.viewer_known:
        return await own_row(info)
    owner = made_once(info, _owner)
    if isinstance(owner, OwnerWithGroups):
        table, info.context.scope.first_groups = await owner.read(claims)
    else:
        table = await owner.read_table(claims.session_id, claims.account_id)
    if not len(table):
        raise Unauthenticated
    return _recognised(info.context, claims, table)


_OWN: Final[Columns] = {
    "phone": {"phone": "account__phone"},
    "name": {"name": "account__person__name"},
}
_OWNER: Final = {"person_id": "account__person_id", "person_shown": "account__person_shown"}
_LASTING: Final = Statement(lasting)


def _owner(info: Info) -> OwnerWithGroups | Chosen:
    """Return what is read of the viewer: their groups, too, where all of them are asked for."""
    selected = selected_fields(info)
    paths = columns_for(selected, _OWN) | _OWNER
    own = {f"own_{name}": path for name, path in paths.items()}
    if "groups" in selected and not has_arguments(info, "groups"):
        of_groups = columns_for(selected_nodes(info, "groups"), GROUP_COLUMNS)
        cursors = cursors_for(selected_fields(info, "groups"))
        return OwnerWithGroups(own, {**of_groups, **cursors})
    return _LASTING.of(own)


def _recognised(context: Context, claims: TokenClaims, table: Table) -> MeRow:
    """Know from now on whose session it is, and return their row."""
    person_id = table.value(0, "own_person_id") if table.value(0, "own_person_shown") else None
    context.recognise(Viewer(claims.account_id, claims.session_id, person_id))
    phone = table.value(0, "own_phone") if "own_phone" in table else ""
    named = "own_name" in table and person_id is not None
    name = table.value(0, "own_name") if named else None
    return MeRow(claims.account_id, person_id is not None, phone, name)


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

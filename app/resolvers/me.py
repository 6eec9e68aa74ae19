"""The viewer's own page."""

from uuid import UUID

from app.models.accounts import Account
from app.models.people import Person
from app.models.verifications import Verification
from app.resolvers.context import Info
from app.resolvers.rows import Row, asked_fields


async def me(info: Info) -> Row:
    """Resolve ``me``. Raises ``Unauthenticated`` when signed out."""
    return await own_row(info)


async def own_row(info: Info, *path: str) -> Row:
    """Read of the viewer what is asked for below ``path``."""
    viewer = await info.context.viewer()
    row = Row("Me", id=viewer.account_id, real_named=viewer.person_id is not None, name=None)
    asked = asked_fields(info, *path)
    if "phone" in asked:
        account = await Account.get(id=viewer.account_id).only("phone")
        row.phone = account.phone
    if "name" in asked and viewer.person_id is not None:
        person = await Person.get(id=viewer.person_id).only("name")
        row.name = person.name
    return row


async def load_me(info: Info, account_id: UUID) -> Row | None:
    """Read the viewer by their id; nobody else is found."""
    viewer = await info.context.viewer()
    return await own_row(info) if viewer.account_id == account_id else None


async def load_verification(info: Info, verification_id: UUID) -> Row | None:
    """Read one of the viewer's own face checks; where it is taken is told once, on opening."""
    viewer = await info.context.viewer()
    found = await Verification.get_or_none(id=verification_id, account_id=viewer.account_id)
    if found is None:
        return None
    return Row(
        "IdentityVerification",
        id=found.id,
        url=None,
        status=found.status,
        expires_at=found.expires_at,
    )

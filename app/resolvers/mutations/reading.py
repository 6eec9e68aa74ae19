"""What several mutations read from their inputs, and answer."""

from typing import Any
from uuid import UUID

from app.domain.refusals import BadInput, Refusal, RefusalCode
from app.resolvers.context import Info
from app.resolvers.groups import load_group
from app.resolvers.ids import decode_id
from app.resolvers.members import load_member

Answer = dict[str, Any]


def verification_id(value: str | None, *path: str | int) -> UUID:
    """A verification's id; none, or one that is none, is like one that was never passed."""
    path = path or ("verificationId",)
    if not value:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED, *path)
    try:
        return decode_id(value, "IdentityVerification")
    except BadInput:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED, *path) from None


async def the_group(info: Info, group_id: UUID) -> Answer:
    """The group as it is now, under the rights that the viewer has by now."""
    info.context.renew()
    return {"group": await load_group(info, group_id, "group")}


async def the_member(info: Info, member_id: UUID) -> Answer:
    """The member as they are now."""
    info.context.renew()
    return {"member": await load_member(info, member_id, "member")}

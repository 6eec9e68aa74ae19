"""What several operations read from their inputs, and return."""

from typing import Annotated, TypeVar
from uuid import UUID

import strawberry

from app.domain.refusals import BadInput, Refusal, RefusalCode
from app.resolvers.context import Info
from app.resolvers.groups import load_group
from app.resolvers.ids import decode_id
from app.resolvers.members import load_member
from app.schema.payloads import GroupPayload, MemberPayload

T = TypeVar("T")
Input = Annotated[T, strawberry.argument(description="The one input.")]


def verification_id(value: str | None, *path: str | int) -> UUID:
    """Read a verification's id.

    Raise VERIFICATION_REQUIRED for none, and for one that is no id: it was never passed either.
    """
    path = path or ("verificationId",)
    if not value:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED, *path)
    try:
        return decode_id(value, "IdentityVerification")
    except BadInput:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED, *path) from None


async def the_group(info: Info, group_id: UUID) -> GroupPayload:
    """Return the group as it is now, under the rights that the viewer has by now."""
    info.context.renew()
    return GroupPayload(group=await load_group(info, group_id, "group"))


async def the_member(info: Info, member_id: UUID) -> MemberPayload:
    """Return the member as they are now."""
    info.context.renew()
    return MemberPayload(member=await load_member(info, member_id, "member"))

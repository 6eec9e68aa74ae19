"""What several operations read from their inputs, and return."""

from collections.abc import Iterable
from typing import Annotated, TypeVar
from uuid import UUID

import strawberry

from app.domain.refusals import BadInput, Refusal, RefusalCode
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.groups import load_group
from app.resolvers.ids import decode_id, encode_id
from app.resolvers.me import MeRow, own_row
from app.resolvers.members import load_member
from app.resolvers.selection import selected_fields
from app.schema.payloads import DeparturePayload, GroupPayload, MemberPayload
from app.services.groups.departures import Departure

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
    return GroupPayload(group=await group_now(info, group_id))


async def group_now(info: Info, group_id: UUID) -> GroupRow | None:
    """Read the payload's ``group``, if it is selected, under the rights that there are by now."""
    info.context.renew()
    if "group" not in selected_fields(info):
        return None
    return await load_group(info, group_id, "group")


async def me_now(info: Info) -> MeRow | None:
    """Read the payload's ``me``, if it is selected."""
    return await own_row(info, "me") if "me" in selected_fields(info) else None


async def the_member(info: Info, member_id: UUID) -> MemberPayload:
    """Return the member as they are now."""
    info.context.renew()
    return MemberPayload(member=await load_member(info, member_id, "member"))


async def departed(info: Info, departure: Departure) -> DeparturePayload:
    """Return the group without who just left, and the ids of what is there no more."""
    request_id = departure.leave_request_id
    return DeparturePayload(
        group=await group_now(info, departure.group_id),
        removed_member_id=strawberry.ID(encode_id("Member", departure.member_id)),
        removed_leave_request_id=(
            strawberry.ID(encode_id("LeaveRequest", request_id)) if request_id else None
        ),
    )


def invitation_ids(keys: Iterable[UUID]) -> list[strawberry.ID]:
    """Return the global ids of invitations."""
    return [strawberry.ID(encode_id("Invitation", key)) for key in keys]

"""Leaving a group (R32, R33, R35)."""

import strawberry

from app.domain.limits import REASON_LENGTH
from app.resolvers.context import Info
from app.resolvers.ids import decode_id, encode_id
from app.resolvers.members import load_member
from app.schema.once import once
from app.schema.operations.reading import Input, departed, me_now, the_member, verification_id
from app.schema.payloads import (
    CancelLeavePayload,
    DeparturePayload,
    MemberPayload,
    WithdrawConsentPayload,
)
from app.services.groups import consents, leaves


@strawberry.input(description="Who wants to leave, and why.")
class RequestLeaveInput:
    member_id: strawberry.ID = strawberry.field(
        description="One's own membership, or one's ward's."
    )
    reason: str = strawberry.field(
        description=f"1 to {REASON_LENGTH} characters; the managers read it."
    )
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for LEAVE, passed within ten minutes."
    )


async def request_leave(info: Info, input: Input[RequestLeaveInput]) -> MemberPayload:
    """Ask to leave (R32, R35)."""
    member_id = decode_id(input.member_id, "Member")
    await once(
        info,
        leaves.request_leave,
        await info.context.viewer(),
        member_id,
        input.reason,
        verification_id(input.verification_id),
    )
    return await the_member(info, member_id)


@strawberry.input(description="For whom consent is withdrawn.")
class WithdrawConsentInput:
    member_id: strawberry.ID = strawberry.field(
        description="One's own membership, or one's ward's; also one that has ended."
    )


async def withdraw_consent(
    info: Info, input: Input[WithdrawConsentInput]
) -> WithdrawConsentPayload:
    """Withdraw a consent (R42)."""
    member_id = decode_id(input.member_id, "Member")
    viewer = await info.context.viewer()
    kept = await once(info, consents.withdraw_consent, viewer, member_id)
    info.context.renew()
    member = await load_member(info, member_id, "member")
    return WithdrawConsentPayload(member=member, kept=kept, me=await me_now(info))


@strawberry.input(description="Whose leave request is taken back.")
class CancelLeaveInput:
    member_id: strawberry.ID = strawberry.field(
        description="One's own membership, or one's ward's."
    )


async def cancel_leave(info: Info, input: Input[CancelLeaveInput]) -> CancelLeavePayload:
    """Take a leave request back (R32)."""
    member_id = decode_id(input.member_id, "Member")
    request_id = await once(info, leaves.cancel_leave, await info.context.viewer(), member_id)
    member = (await the_member(info, member_id)).member
    removed_id = strawberry.ID(encode_id("LeaveRequest", request_id))
    return CancelLeavePayload(member=member, removed_leave_request_id=removed_id)


@strawberry.input(description="Whose leave is completed.")
class CompleteLeaveInput:
    member_id: strawberry.ID = strawberry.field(description="A member who asked to leave.")


async def complete_leave(info: Info, input: Input[CompleteLeaveInput]) -> DeparturePayload:
    """Let a member out at once (R33)."""
    member_id = decode_id(input.member_id, "Member")
    viewer = await info.context.viewer()
    return await departed(info, await once(info, leaves.complete_leave, viewer, member_id))

"""Excusing members from tests (R20)."""

from datetime import datetime

import strawberry

from app.domain.limits import REASON_LENGTH
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.once import once
from app.schema.operations.reading import Input, the_member
from app.schema.payloads import MemberPayload
from app.services.health import excuses


@strawberry.input(description="Who is excused from tests, for how long, and why.")
class ExcuseMemberInput:
    member_id: strawberry.ID = strawberry.field(description="Which member.")
    since: datetime | None = strawberry.field(
        name="from", default=None, description="When it begins: now unless told."
    )
    until: datetime = strawberry.field(
        description="When a test is asked of them again; within 366 days."
    )
    reason: str = strawberry.field(
        description=f"1 to {REASON_LENGTH} characters; the member and other managers read it."
    )


async def excuse_member(info: Info, input: Input[ExcuseMemberInput]) -> MemberPayload:
    """Excuse a member from tests (R20)."""
    member_id = decode_id(input.member_id, "Member")
    entered = excuses.EnteredExcuse(input.since, input.until, input.reason)
    await once(info, excuses.excuse_member, await info.context.viewer(), member_id, entered)
    return await the_member(info, member_id)


@strawberry.input(description="Whose excuse ends.")
class EndExcuseInput:
    member_id: strawberry.ID = strawberry.field(description="Which member.")


async def end_excuse(info: Info, input: Input[EndExcuseInput]) -> MemberPayload:
    """End a member's excuse (R20)."""
    member_id = decode_id(input.member_id, "Member")
    await once(info, excuses.end_excuse, await info.context.viewer(), member_id)
    return await the_member(info, member_id)

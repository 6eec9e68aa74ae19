"""Members: their roles, remarks, guardians, and their ways out (R3, R7, R12, R16, R32-R35)."""

from typing import Any

from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.resolvers.mutations.reading import Answer, the_group, the_member, verification_id
from app.services.groups import leaves, members


async def appoint_admin(info: Info, input: Any) -> Answer:
    """Make a member an admin (R3, R7)."""
    member_id = decode_id(input.member_id, "Member")
    await members.appoint_admin(info.context.env, await info.context.viewer(), member_id)
    return await the_member(info, member_id)


async def dismiss_admin(info: Info, input: Any) -> Answer:
    """Make an admin a plain member again (R7)."""
    member_id = decode_id(input.member_id, "Member")
    await members.dismiss_admin(info.context.env, await info.context.viewer(), member_id)
    return await the_member(info, member_id)


async def update_member_remark(info: Info, input: Any) -> Answer:
    """Edit a member's remark (R16)."""
    member_id = decode_id(input.member_id, "Member")
    viewer = await info.context.viewer()
    await members.update_remark(info.context.env, viewer, member_id, input.remark)
    return await the_member(info, member_id)


async def remove_member(info: Info, input: Any) -> Answer:
    """Remove a member (R16)."""
    member_id = decode_id(input.member_id, "Member")
    viewer = await info.context.viewer()
    return await the_group(info, await members.remove_member(info.context.env, viewer, member_id))


async def end_guardianship(info: Info, input: Any) -> Answer:
    """End the guardians' hold on one's own membership (R12)."""
    member_id = decode_id(input.member_id, "Member")
    await members.end_guardianship(info.context.env, await info.context.viewer(), member_id)
    return await the_member(info, member_id)


async def request_leave(info: Info, input: Any) -> Answer:
    """Ask to leave (R32, R35)."""
    member_id = decode_id(input.member_id, "Member")
    await leaves.request_leave(
        info.context.env,
        await info.context.viewer(),
        member_id,
        input.reason,
        verification_id(input.verification_id),
    )
    return await the_member(info, member_id)


async def cancel_leave(info: Info, input: Any) -> Answer:
    """Take a leave request back (R32)."""
    member_id = decode_id(input.member_id, "Member")
    await leaves.cancel_leave(info.context.env, await info.context.viewer(), member_id)
    return await the_member(info, member_id)


async def complete_leave(info: Info, input: Any) -> Answer:
    """Let a member out at once (R33)."""
    member_id = decode_id(input.member_id, "Member")
    viewer = await info.context.viewer()
    return await the_group(info, await leaves.complete_leave(info.context.env, viewer, member_id))

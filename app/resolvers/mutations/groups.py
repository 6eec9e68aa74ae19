"""Groups: made, edited, offered, accepted, dissolved (R1, R6-R9, R16, R19)."""

from typing import Any

from app.domain.roles import GroupRights, Standing
from app.resolvers.context import Info
from app.resolvers.groups import load_group
from app.resolvers.ids import decode_id
from app.resolvers.mutations.reading import Answer, the_group, verification_id
from app.services.groups import groups, ownership


async def create_group(info: Info, input: Any) -> Answer:
    """Create a group (R1, R6)."""
    new = groups.NewGroup(
        name=input.name,
        type=input.type,
        address=input.address,
        consent=input.consent,
        nat_validity=input.nat_validity,
        phone=input.phone,
        code=input.code,
    )
    viewer = await info.context.viewer()
    return await the_group(info, await groups.create_group(info.context.env, viewer, new))


async def update_group(info: Info, input: Any) -> Answer:
    """Edit a group's page (R7)."""
    group_id = decode_id(input.group_id, "Group")
    changes = groups.GroupChanges(input.name, input.type, input.address)
    viewer = await info.context.viewer()
    await groups.update_group(info.context.env, viewer, group_id, changes)
    return await the_group(info, group_id)


async def set_requirement(info: Info, input: Any) -> Answer:
    """Set the requirement (R7, R19)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    await groups.set_requirement(
        info.context.env, viewer, group_id, input.nat_validity, input.anomalous_codes
    )
    return await the_group(info, group_id)


async def set_invitation_policy(info: Info, input: Any) -> Answer:
    """Say who may invite and how people join (R9)."""
    group_id = decode_id(input.group_id, "Group")
    changes = groups.PolicyChanges(
        input.admins_may_invite, input.open, input.remark_prompt, input.remark_required
    )
    viewer = await info.context.viewer()
    await groups.set_invitation_policy(info.context.env, viewer, group_id, changes)
    return await the_group(info, group_id)


async def offer_group(info: Info, input: Any) -> Answer:
    """Offer the group to an admin (R16)."""
    group_id = await ownership.offer_group(
        info.context.env,
        await info.context.viewer(),
        decode_id(input.member_id, "Member"),
        verification_id(input.verification_id),
    )
    return await the_group(info, group_id)


async def withdraw_group_offer(info: Info, input: Any) -> Answer:
    """Take the offer back (R16)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    await ownership.withdraw_offer(info.context.env, viewer, group_id)
    return await the_group(info, group_id)


async def accept_group(info: Info, input: Any) -> Answer:
    """Take over a group that was offered (R16)."""
    group_id = decode_id(input.group_id, "Group")
    await ownership.accept_group(
        info.context.env,
        await info.context.viewer(),
        group_id,
        verification_id(input.verification_id),
    )
    return await the_group(info, group_id)


async def dissolve_group(info: Info, input: Any) -> Answer:
    """Dissolve the group for good (R8); answers its page as it was last."""
    group_id = decode_id(input.group_id, "Group")
    page = await load_group(info, group_id, "group")
    await ownership.dissolve_group(
        info.context.env,
        await info.context.viewer(),
        group_id,
        verification_id(input.verification_id),
        risk_acknowledged=input.risk_acknowledged,
    )
    info.context.renew()
    if page is not None:
        page.rights = GroupRights(Standing.MEMBER)  # nobody reads more of it from now on
    return {"group": page}

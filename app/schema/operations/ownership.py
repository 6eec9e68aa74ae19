"""Who owns a group: offered, taken over, dissolved (R8, R16)."""

import strawberry

from app.domain.roles import GroupRights, Standing
from app.resolvers.context import Info
from app.resolvers.groups import load_group
from app.resolvers.ids import decode_id
from app.schema.once import once
from app.schema.operations.reading import Input, me_now, the_group, verification_id
from app.schema.payloads import DissolveGroupPayload, GroupPayload
from app.services.groups import ownership


@strawberry.input(description="To which admin the group is offered.")
class OfferGroupInput:
    member_id: strawberry.ID = strawberry.field(description="Which admin.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for TRANSFER, passed within ten minutes."
    )


async def offer_group(info: Info, input: Input[OfferGroupInput]) -> GroupPayload:
    """Offer the group to an admin (R16)."""
    group_id = await once(
        info,
        ownership.offer_group,
        await info.context.viewer(),
        decode_id(input.member_id, "Member"),
        verification_id(input.verification_id),
    )
    return await the_group(info, group_id)


@strawberry.input(description="Whose offer is taken back.")
class WithdrawGroupOfferInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")


async def withdraw_group_offer(info: Info, input: Input[WithdrawGroupOfferInput]) -> GroupPayload:
    """Take the offer back (R16)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    await once(info, ownership.withdraw_offer, viewer, group_id)
    return await the_group(info, group_id)


@strawberry.input(description="Which offered group is taken over.")
class AcceptGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for TRANSFER, passed within ten minutes."
    )


async def accept_group(info: Info, input: Input[AcceptGroupInput]) -> GroupPayload:
    """Take over a group that was offered (R16)."""
    group_id = decode_id(input.group_id, "Group")
    await once(
        info,
        ownership.accept_group,
        await info.context.viewer(),
        group_id,
        verification_id(input.verification_id),
    )
    return await the_group(info, group_id)


@strawberry.input(description="Which group is dissolved for good.")
class DissolveGroupInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for DISSOLVE, passed within ten minutes."
    )
    risk_acknowledged: bool = strawberry.field(
        description="That it can't be undone, and everything will be erased."
    )


async def dissolve_group(info: Info, input: Input[DissolveGroupInput]) -> DissolveGroupPayload:
    """Dissolve the group for good (R8); return its page as it was last."""
    group_id = decode_id(input.group_id, "Group")
    page = await load_group(info, group_id, "group")
    await once(
        info,
        ownership.dissolve_group,
        await info.context.viewer(),
        group_id,
        verification_id(input.verification_id),
        risk_acknowledged=input.risk_acknowledged,
    )
    info.context.renew()
    if page is not None:
        page.rights = GroupRights(Standing.MEMBER)  # nobody reads more of it from now on
    return DissolveGroupPayload(
        group=page, dissolved_group_id=input.group_id, me=await me_now(info)
    )

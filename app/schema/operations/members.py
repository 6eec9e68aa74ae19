"""Members: admins appointed, remarks edited, people removed (R3, R7, R12, R16)."""

from uuid import UUID

import strawberry

from app.domain.limits import REMARK_LENGTH
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.once import once
from app.schema.operations.reading import Input, departed, invitation_ids, the_member
from app.schema.payloads import DeparturePayload, DismissAdminPayload, MemberPayload
from app.schema.section_payloads import UpdateAdminSectionsPayload
from app.services.accounts.codes import EnteredPhone
from app.services.groups import members, phones


@strawberry.input(description="Who becomes an admin.")
class AppointAdminInput:
    member_id: strawberry.ID = strawberry.field(description="Which member.")
    sections: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="To which sections they are bound; null or left out: to none, the whole group "
        "is theirs to look after. Who is an admin already stays bound as they are then.",
    )


async def appoint_admin(info: Info, input: Input[AppointAdminInput]) -> MemberPayload:
    """Make a member an admin (R3, R7, R51)."""
    member_id = decode_id(input.member_id, "Member")
    viewer = await info.context.viewer()
    await once(info, members.appoint_admin, viewer, member_id, _sections(input.sections))
    return await the_member(info, member_id)


@strawberry.input(description="Which admin is bound to which sections.")
class UpdateAdminSectionsInput:
    member_id: strawberry.ID = strawberry.field(description="Which admin.")
    sections: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="At least one; null or left out: the whole group is theirs to look after.",
    )


async def update_admin_sections(
    info: Info, input: Input[UpdateAdminSectionsInput]
) -> UpdateAdminSectionsPayload:
    """Bind an admin to sections, or to none (R51)."""
    member_id = decode_id(input.member_id, "Member")
    viewer = await info.context.viewer()
    chosen = _sections(input.sections)
    stopped = await once(info, members.update_admin_sections, viewer, member_id, chosen)
    member = (await the_member(info, member_id)).member
    return UpdateAdminSectionsPayload(
        member=member, withdrawn_invitation_ids=invitation_ids(stopped)
    )


def _sections(ids: list[strawberry.ID] | None) -> list[UUID] | None:
    return None if ids is None else [decode_id(one, "Section") for one in ids]


@strawberry.input(description="Which admin becomes a plain member.")
class DismissAdminInput:
    member_id: strawberry.ID = strawberry.field(description="Which admin.")


async def dismiss_admin(info: Info, input: Input[DismissAdminInput]) -> DismissAdminPayload:
    """Make an admin a plain member again (R7)."""
    member_id = decode_id(input.member_id, "Member")
    stopped = await once(info, members.dismiss_admin, await info.context.viewer(), member_id)
    member = (await the_member(info, member_id)).member
    return DismissAdminPayload(member=member, withdrawn_invitation_ids=invitation_ids(stopped))


@strawberry.input(description="Whose remark is edited.")
class UpdateMemberRemarkInput:
    member_id: strawberry.ID = strawberry.field(description="Which member.")
    remark: str = strawberry.field(description=f"Up to {REMARK_LENGTH} characters; empty: none.")


async def update_member_remark(info: Info, input: Input[UpdateMemberRemarkInput]) -> MemberPayload:
    """Edit a member's remark (R16)."""
    member_id = decode_id(input.member_id, "Member")
    viewer = await info.context.viewer()
    await once(info, members.update_remark, viewer, member_id, input.remark)
    return await the_member(info, member_id)


@strawberry.input(description="By which phone a member is reached from now on.")
class UpdateMemberPhoneInput:
    member_id: strawberry.ID = strawberry.field(
        description="One's own membership, or one's ward's."
    )
    phone: str = strawberry.field(
        description="E.164, or a bare mainland number; another than the session's own needs its "
        "code."
    )
    code: str | None = strawberry.field(
        default=None, description="The code that phone was sent for CHANGE_PHONE."
    )
    challenge: str | None = strawberry.field(
        default=None, description="What requestVerificationCode answered for that code."
    )


async def update_member_phone(info: Info, input: Input[UpdateMemberPhoneInput]) -> MemberPayload:
    """Change the phone by which a member is reached (R41)."""
    member_id = decode_id(input.member_id, "Member")
    entered = EnteredPhone(input.phone, input.code, input.challenge)
    viewer = await info.context.viewer()
    await once(info, phones.update_member_phone, viewer, member_id, entered)
    return await the_member(info, member_id)


@strawberry.input(description="Who is removed.")
class RemoveMemberInput:
    member_id: strawberry.ID = strawberry.field(description="Which member.")


async def remove_member(info: Info, input: Input[RemoveMemberInput]) -> DeparturePayload:
    """Remove a member (R16)."""
    member_id = decode_id(input.member_id, "Member")
    viewer = await info.context.viewer()
    return await departed(info, await once(info, members.remove_member, viewer, member_id))


@strawberry.input(description="Whose guardians lose their hold.")
class EndGuardianshipInput:
    member_id: strawberry.ID = strawberry.field(description="One's own membership.")


async def end_guardianship(info: Info, input: Input[EndGuardianshipInput]) -> MemberPayload:
    """End the guardians' hold on one's own membership (R12)."""
    member_id = decode_id(input.member_id, "Member")
    await once(info, members.end_guardianship, await info.context.viewer(), member_id)
    return await the_member(info, member_id)

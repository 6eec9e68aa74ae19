"""Invitations, and joining by one (R9-R13)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

import strawberry

from app.domain.joining import names_one_person, people_path
from app.domain.limits import REMARK_LENGTH
from app.domain.refusals import BadInput, Refusal, RefusalCode
from app.resolvers.context import Info
from app.resolvers.ids import decode_id, encode_id
from app.resolvers.invitations import invitation_made
from app.resolvers.members import load_members
from app.schema.once import once
from app.schema.operations.reading import Input, group_now, me_now, verification_id
from app.schema.payloads import CreateInvitationPayload, JoinGroupPayload, WithdrawInvitationPayload
from app.services.accounts.codes import EnteredPhone
from app.services.groups import invitations, joining
from app.services.groups.enrolling import JoinedMember
from app.services.groups.joiners import Joiner


@strawberry.input(description="Which group invites.")
class CreateInvitationInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")


async def create_invitation(
    info: Info, input: Input[CreateInvitationInput]
) -> CreateInvitationPayload:
    """Make an invitation (R9, R10)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    made = await once(info, invitations.create_invitation, viewer, group_id)
    return CreateInvitationPayload(invitation=await invitation_made(viewer, made))


@strawberry.input(description="Which invitation is withdrawn.")
class WithdrawInvitationInput:
    invitation_id: strawberry.ID = strawberry.field(description="Which invitation.")


async def withdraw_invitation(
    info: Info, input: Input[WithdrawInvitationInput]
) -> WithdrawInvitationPayload:
    """Withdraw an invitation (R10)."""
    invitation_id = decode_id(input.invitation_id, "Invitation")
    viewer = await info.context.viewer()
    group_id = await once(info, invitations.withdraw_invitation, viewer, invitation_id)
    return WithdrawInvitationPayload(
        group=await group_now(info, group_id), withdrawn_invitation_id=input.invitation_id
    )


@strawberry.input(description="One person who joins.")
class PersonJoiningInput:
    self_: bool | None = strawberry.field(
        default=None, name="self", description="True: the viewer; else say which relative."
    )
    relative_id: strawberry.ID | None = strawberry.field(
        default=None, description="A verified relative of the viewer."
    )
    remark: str | None = strawberry.field(
        default=None,
        description=f"Up to {REMARK_LENGTH} characters; the group may require one.",
    )
    verification_id: strawberry.ID | None = strawberry.field(
        default=None, description="For oneself: a verification for JOIN, passed within ten minutes."
    )
    section_id: strawberry.ID | None = strawberry.field(
        default=None, description="One of the sections that the invitation offers."
    )


@strawberry.input(description="Who joins by which invitation.")
class JoinGroupInput:
    token: str = strawberry.field(description="The invitation's token.")
    consent: bool = strawberry.field(description="That whoever joins agrees to the terms.")
    people: list[PersonJoiningInput] = strawberry.field(description="Who joins, each once.")
    phone: str | None = strawberry.field(
        default=None, description="Another than the session's own phone needs its code."
    )
    code: str | None = strawberry.field(
        default=None, description="The code that phone was sent for JOIN."
    )
    challenge: str | None = strawberry.field(
        default=None, description="What requestVerificationCode returned for that code."
    )


async def join_group(info: Info, input: Input[JoinGroupInput]) -> JoinGroupPayload:
    """Join by an invitation, for oneself and relatives (R11-R13)."""
    viewer = await info.context.viewer()
    request = joining.JoinRequest(
        token=input.token,
        consent=input.consent,
        joiners=[_joiner(index, person) for index, person in enumerate(input.people)],
        phone=EnteredPhone(input.phone, input.code, input.challenge),
    )
    joined = await once(info, joining.join_group, viewer, request)
    info.context.renew()
    own = _own_person(input.people, joined)
    if own is not None and info.context.keyed is None:  # done just now: no need to read it again
        info.context.recognise(replace(viewer, person_id=own))
    found = await load_members(info, [member.id for member in joined], "members")
    # Who was removed, or whose group was dissolved, since a moment ago isn't there to be read.
    rows = [found[member.id] for member in joined if member.id in found]
    group = await group_now(info, rows[0].group_id) if rows else None
    already = [strawberry.ID(encode_id("Member", member.id)) for member in joined if member.already]
    return JoinGroupPayload(
        members=rows, already_member_ids=already, group=group, me=await me_now(info)
    )


def _own_person(
    people: Sequence[PersonJoiningInput], joined: Sequence[JoinedMember]
) -> UUID | None:
    """Return who the viewer turned out to be; None where they didn't join, or are in already."""
    own = (one.person_id for person, one in zip(people, joined, strict=True) if person.self_)
    return next(own, None)


def _joiner(index: int, person: PersonJoiningInput) -> Joiner:
    if not names_one_person(person.self_ or False, bool(person.relative_id)):
        raise Refusal(RefusalCode.PEOPLE_INVALID, "people", index)
    remark, section_id = person.remark or "", _section_id(index, person)
    if not person.relative_id:
        given = person.verification_id
        path = people_path(index, "verificationId")
        found_id = verification_id(given, *path) if given else None
        return Joiner(remark, verification_id=found_id, section_id=section_id)
    try:
        relative_id = decode_id(person.relative_id, "Relative")
    except BadInput:
        raise Refusal(RefusalCode.RELATIVE_NOT_FOUND, *people_path(index, "relativeId")) from None
    return Joiner(remark, relative_id, section_id=section_id)


def _section_id(index: int, person: PersonJoiningInput) -> UUID | None:
    if not person.section_id:
        return None
    try:
        return decode_id(person.section_id, "Section")
    except BadInput:
        raise Refusal(RefusalCode.SECTION_NOT_FOUND, *people_path(index, "sectionId")) from None

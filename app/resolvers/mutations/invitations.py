"""Invitations, and joining by one (R9-R13)."""

from typing import Any

from app.domain.refusals import BadInput, Refusal, RefusalCode
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.resolvers.invitations import invitation_made
from app.resolvers.members import load_member
from app.resolvers.mutations.reading import Answer, the_group, verification_id
from app.services.groups import invitations, joining


async def create_invitation(info: Info, input: Any) -> Answer:
    """Make an invitation (R9, R10)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    made = await invitations.create_invitation(info.context.env, viewer, group_id)
    return {"invitation": await invitation_made(viewer, made)}


async def withdraw_invitation(info: Info, input: Any) -> Answer:
    """Withdraw an invitation (R10)."""
    invitation_id = decode_id(input.invitation_id, "Invitation")
    viewer = await info.context.viewer()
    group_id = await invitations.withdraw_invitation(info.context.env, viewer, invitation_id)
    return await the_group(info, group_id)


async def join_group(info: Info, input: Any) -> Answer:
    """Join by an invitation, for oneself and relatives (R11-R13)."""
    viewer = await info.context.viewer()
    wish = joining.Joining(
        token=input.token,
        consent=input.consent,
        people=[_person(place, person) for place, person in enumerate(input.people)],
        phone=input.phone,
        code=input.code,
    )
    members = await joining.join_group(info.context.env, viewer, wish)
    info.context.renew()
    rows = [await load_member(info, member, "members") for member in members]
    # Who was removed, or whose group was dissolved, since a moment ago isn't there to be read.
    return {"members": [row for row in rows if row is not None]}


def _person(place: int, person: Any) -> joining.PersonJoining:
    if bool(person.self_) == bool(person.relative_id):
        raise Refusal(RefusalCode.PEOPLE_INVALID, "people", place)
    if not person.relative_id:
        given = person.verification_id
        path = ("people", place, "verificationId")
        check_id = verification_id(given, *path) if given else None
        return joining.PersonJoining(person.remark, verification_id=check_id)
    try:
        relative_id = decode_id(person.relative_id, "Relative")
    except BadInput:
        raise Refusal(RefusalCode.RELATIVE_NOT_FOUND, "people", place, "relativeId") from None
    return joining.PersonJoining(person.remark, relative_id)

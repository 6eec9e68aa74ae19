"""Mutations: from an input to a use case, and from its answer to a payload's fields.

Each answers the payload's result fields by name; refusals become its ``errors`` in the
schema.
"""

from typing import Any
from uuid import UUID

from app.domain.refresh import next_allowed_at
from app.domain.refusals import BadInput, NotFound, Refusal, RefusalCode
from app.resolvers.context import Info
from app.resolvers.groups import load_group
from app.resolvers.ids import decode_id
from app.resolvers.invitations import invitation_made
from app.resolvers.me import own_row
from app.resolvers.members import load_member
from app.resolvers.refresh import run_row
from app.resolvers.rows import Row
from app.services import codes, groups, invitations, limits, members, refresh, sessions
from app.services import verifications as checks
from app.services.env import Viewer
from app.services.sessions import SignedIn

Answer = dict[str, Any]


async def request_verification_code(info: Info, input: Any) -> Answer:
    """Send an SMS code (R40)."""
    context = info.context
    await limits.limit_address(context.env, "codes", context.address)
    await codes.request_code(context.env, input.phone, input.purpose, context.language)
    return {}


async def sign_in(info: Info, input: Any) -> Answer:
    """Open a session (R40)."""
    context = info.context
    await limits.limit_address(context.env, "sign-ins", context.address)
    signed_in = await sessions.sign_in(context.env, input.phone, input.code, context.language)
    return await _tokens(info, signed_in)


async def refresh_session(info: Info, input: Any) -> Answer:
    """Exchange a refresh token (R40)."""
    context = info.context
    await limits.limit_address(context.env, "refreshes", context.address)
    return await _tokens(info, await sessions.refresh_session(context.env, input.refresh_token))


async def _tokens(info: Info, signed_in: SignedIn) -> Answer:
    _become(info, signed_in.viewer)
    return {
        "access_token": signed_in.access_token,
        "refresh_token": signed_in.refresh_token,
        "me": await own_row(info, "me"),
    }


def _become(info: Info, viewer: Viewer) -> None:
    """Resolve the fields below as who the viewer is now."""
    info.context.renew()
    info.context.scope.viewer = viewer
    info.context.scope.viewer_known = True


async def sign_out(info: Info) -> Answer:
    """End the session (R40)."""
    await sessions.sign_out(info.context.env, await info.context.viewer())
    return {}


async def start_identity_verification(info: Info, input: Any) -> Answer:
    """Open a face check (R6, R11)."""
    verification, url = await checks.start_verification(
        info.context.env,
        await info.context.viewer(),
        input.purpose,
        input.name,
        input.id_type,
        input.id_number,
    )
    row = Row(
        "IdentityVerification",
        id=verification.id,
        url=url,
        status=verification.status,
        expires_at=verification.expires_at,
    )
    return {"verification": row}


async def confirm_identity(info: Info, input: Any) -> Answer:
    """Become real-named (R6)."""
    viewer = await info.context.viewer()
    verification_id = _verification_id(input.verification_id, "verificationId")
    _become(info, await checks.confirm_identity(info.context.env, viewer, verification_id))
    return {"me": await own_row(info, "me")}


def _verification_id(value: str, *path: str | int) -> UUID:
    """A verification's id that is none is answered like one that was never passed."""
    try:
        return decode_id(value, "IdentityVerification")
    except BadInput:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED, *path) from None


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
    group_id = await groups.create_group(info.context.env, viewer, new)
    return await _group(info, group_id)


async def set_requirement(info: Info, input: Any) -> Answer:
    """Set the requirement (R7, R19)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    await groups.set_requirement(
        info.context.env, viewer, group_id, input.nat_validity, input.anomalous_codes
    )
    return await _group(info, group_id)


async def _group(info: Info, group_id: UUID) -> Answer:
    return {"group": await load_group(info, group_id, "group")}


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
    return await _group(info, group_id)


async def join_group(info: Info, input: Any) -> Answer:
    """Join by an invitation (R11, R13)."""
    viewer = await info.context.viewer()
    if len(input.people) != 1 or not input.people[0].self_:
        raise Refusal(RefusalCode.PEOPLE_INVALID, "people")
    person = input.people[0]
    path = ("people", 0, "verificationId")
    given = person.verification_id
    joining = members.Joining(
        token=input.token,
        consent=input.consent,
        remark=person.remark,
        verification_id=_verification_id(given, *path) if given else None,
        phone=input.phone,
        code=input.code,
    )
    member_id = await members.join_group(info.context.env, viewer, joining)
    info.context.renew()
    return {"members": [await load_member(info, member_id, "members")]}


async def refresh_group(info: Info, input: Any) -> Answer:
    """Refresh by hand (R25)."""
    group_id = decode_id(input.group_id, "Group")
    viewer = await info.context.viewer()
    run_id = await refresh.refresh_group(info.context.env, viewer, group_id)
    group = await load_group(info, group_id, always=("refresh",))
    if group is None:
        raise NotFound
    return {
        "run": await run_row(run_id),
        "next_allowed_at": next_allowed_at(group.refresh_started_at, info.context.env.clock.now()),
    }

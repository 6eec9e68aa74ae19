"""Signing in, sessions, and who one is (R6, R40)."""

from typing import Any

from app.resolvers.context import Info
from app.resolvers.me import own_row
from app.resolvers.mutations.reading import Answer, verification_id
from app.resolvers.rows import Row
from app.services.accounts import codes, sessions
from app.services.accounts import verifications as checks
from app.services.accounts.sessions import SignedIn
from app.services.kernel import address_limits as limits
from app.services.kernel.env import Viewer


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
    info.context.renew()
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
    check_id = verification_id(input.verification_id)
    _become(info, await checks.confirm_identity(info.context.env, viewer, check_id))
    return {"me": await own_row(info, "me")}

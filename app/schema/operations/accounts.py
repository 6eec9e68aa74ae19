"""Signing in, sessions, and who one is (R6, R40)."""

import strawberry

from app.domain.limits import CODE_GAP
from app.resolvers.context import Info
from app.resolvers.me import VerificationRow, own_row
from app.schema.enums import CodePurpose, IdType, VerificationPurpose
from app.schema.once import once
from app.schema.operations.reading import Input, verification_id
from app.schema.own_payloads import (
    ConfirmIdentityPayload,
    RequestVerificationCodePayload,
    SessionPayload,
    SignOutPayload,
    StartIdentityVerificationPayload,
)
from app.services.accounts import binding, codes, sessions, verifications
from app.services.kernel.env import Viewer


@strawberry.input(description="To which phone a code goes, and for what.")
class RequestVerificationCodeInput:
    phone: str = strawberry.field(description="E.164, or a bare mainland number.")
    purpose: CodePurpose = strawberry.field(description="The code serves this purpose only.")
    device_token: str | None = strawberry.field(
        default=None,
        description="What signIn answered on this device: half of a phone's codes of a day are "
        "kept for devices that signed in with it before.",
    )


async def request_verification_code(
    info: Info, input: Input[RequestVerificationCodeInput]
) -> RequestVerificationCodePayload:
    """Send an SMS code (R40)."""
    context = info.context
    request = codes.CodeRequest(input.phone, input.purpose, input.device_token)
    challenge = await once(info, codes.request_code, request, context.language)
    return RequestVerificationCodePayload(
        challenge=challenge, retry_after_seconds=int(CODE_GAP.total_seconds())
    )


@strawberry.input(description="A phone, and the code it was sent with its challenge.")
class SignInInput:
    phone: str = strawberry.field(description="E.164, or a bare mainland number.")
    code: str = strawberry.field(description="The six digits of the SMS.")
    challenge: str = strawberry.field(
        description="What requestVerificationCode returned for that code."
    )


async def sign_in(info: Info, input: Input[SignInInput]) -> SessionPayload:
    """Open a session (R40)."""
    context = info.context
    code = codes.EnteredCode(input.code, input.challenge)
    signed_in = await sessions.sign_in(context.env, input.phone, code, context.language)
    return await _tokens(info, signed_in)


@strawberry.input(description="A refresh token, to be exchanged.")
class RefreshSessionInput:
    refresh_token: str = strawberry.field(
        description="Serves once; used twice, it ends every session that descends from it, unless "
        "it is sent again with the same idempotency key and the new one is unused."
    )


async def refresh_session(info: Info, input: Input[RefreshSessionInput]) -> SessionPayload:
    """Exchange a refresh token (R40)."""
    context = info.context
    key = context.idempotency_key
    renewed = await sessions.refresh_session(context.env, input.refresh_token, key)
    return await _tokens(info, renewed)


async def _tokens(info: Info, signed_in: sessions.SignedIn) -> SessionPayload:
    _become(info, signed_in.viewer)
    return SessionPayload(
        access_token=signed_in.access_token,
        refresh_token=signed_in.refresh_token,
        device_token=signed_in.device_token,
        me=await own_row(info, "me"),
    )


def _become(info: Info, viewer: Viewer) -> None:
    """Resolve the fields below as who the viewer is now."""
    info.context.renew()
    info.context.scope.viewer = viewer
    info.context.scope.viewer_known = True


async def sign_out(info: Info) -> SignOutPayload:
    """End the session (R40)."""
    await sessions.sign_out(info.context.env, await info.context.viewer())
    info.context.renew()
    return SignOutPayload()


@strawberry.input(description="Who is to be verified by face, and for what.")
class StartIdentityVerificationInput:
    purpose: VerificationPurpose = strawberry.field(description="It serves this purpose only.")
    name: str = strawberry.field(description="As on the document.")
    id_type: IdType = strawberry.field(description="The kind of document.")
    id_number: str = strawberry.field(description="The document's number.")


async def start_identity_verification(
    info: Info, input: Input[StartIdentityVerificationInput]
) -> StartIdentityVerificationPayload:
    """Open a verification at the provider (R6, R11)."""
    opened = await once(
        info,
        verifications.start_verification,
        await info.context.viewer(),
        input.purpose,
        input.name,
        input.id_type,
        input.id_number,
    )
    row = VerificationRow(opened.id, opened.url, opened.status, opened.expires_at)
    return StartIdentityVerificationPayload(verification=row)


@strawberry.input(description="A passed identity verification.")
class ConfirmIdentityInput:
    verification_id: strawberry.ID = strawberry.field(
        description="Of a verification for IDENTIFY that was passed within ten minutes."
    )


async def confirm_identity(
    info: Info, input: Input[ConfirmIdentityInput]
) -> ConfirmIdentityPayload:
    """Become real-named (R6)."""
    viewer = await info.context.viewer()
    passed_id = verification_id(input.verification_id)
    await once(info, binding.confirm_identity, viewer, passed_id)
    info.context.renew()
    return ConfirmIdentityPayload(me=await own_row(info, "me"))

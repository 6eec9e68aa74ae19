"""Every mutation with the right it needs: the rights page of what changes anything."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from strawberry.permission import BasePermission

from app.resolvers import mutations as resolve
from app.resolvers.context import Info
from app.schema import inputs, payloads
from app.schema.errors import RefusalsAsErrors
from app.schema.permissions import EditsGroup, Invites, Public, Refreshes, SignedIn


def _mutation(
    use_case: Callable[..., Any],
    takes: type | None,
    answers: type,
    right: type[BasePermission],
    description: str,
) -> Any:
    """One line of the page: operation, input, payload, right, description."""
    if takes is None:

        async def resolver(info: Info) -> Any:
            return await use_case(info)
    else:

        async def resolver(info: Info, input: Any) -> Any:  # type: ignore[misc]
            return await use_case(info, input)

        resolver.__annotations__["input"] = Annotated[
            takes, strawberry.argument(description="The one input.")
        ]
    return strawberry.mutation(
        resolver=resolver,
        graphql_type=answers | None,
        permission_classes=[right],
        extensions=[RefusalsAsErrors(answers)],
        description=description,
    )


@strawberry.type(description="Everything that changes anything.")
class Mutation:
    """The mutations; each payload is nullable, so that one refusal spoils nothing else."""

    request_verification_code = _mutation(
        resolve.request_verification_code,
        inputs.RequestVerificationCodeInput,
        payloads.RequestVerificationCodePayload,
        Public,
        "Send a six-digit code by SMS; it lives five minutes. One a minute, ten a day a phone.",
    )
    sign_in = _mutation(
        resolve.sign_in,
        inputs.SignInInput,
        payloads.SessionPayload,
        Public,
        "Open a session by phone and code.",
    )
    refresh_session = _mutation(
        resolve.refresh_session,
        inputs.RefreshSessionInput,
        payloads.SessionPayload,
        Public,
        "Exchange a refresh token for new tokens.",
    )
    sign_out = _mutation(
        resolve.sign_out,
        None,
        payloads.SignOutPayload,
        SignedIn,
        "End the session; its tokens are dead at once.",
    )
    start_identity_verification = _mutation(
        resolve.start_identity_verification,
        inputs.StartIdentityVerificationInput,
        payloads.StartIdentityVerificationPayload,
        SignedIn,
        "Open a face check of a real person at the provider.",
    )
    confirm_identity = _mutation(
        resolve.confirm_identity,
        inputs.ConfirmIdentityInput,
        payloads.ConfirmIdentityPayload,
        SignedIn,
        "Become real-named by a passed verification.",
    )
    create_group = _mutation(
        resolve.create_group,
        inputs.CreateGroupInput,
        payloads.GroupPayload,
        SignedIn,
        "Create a group and own it; a real-named person owns five at most.",
    )
    set_requirement = _mutation(
        resolve.set_requirement,
        inputs.SetRequirementInput,
        payloads.GroupPayload,
        EditsGroup,
        "Set what the group asks of its members; it is judged at once. The creator.",
    )
    create_invitation = _mutation(
        resolve.create_invitation,
        inputs.CreateInvitationInput,
        payloads.CreateInvitationPayload,
        Invites,
        "Make a link that lets people join for 24 hours. Creator; admins if they may invite.",
    )
    withdraw_invitation = _mutation(
        resolve.withdraw_invitation,
        inputs.WithdrawInvitationInput,
        payloads.GroupPayload,
        SignedIn,
        "Withdraw an invitation. Creator; admins if they may invite.",
    )
    join_group = _mutation(
        resolve.join_group,
        inputs.JoinGroupInput,
        payloads.JoinGroupPayload,
        SignedIn,
        "Join by an invitation, freely and with consent. Twice is harmless.",
    )
    refresh_group = _mutation(
        resolve.refresh_group,
        inputs.RefreshGroupInput,
        payloads.RefreshGroupPayload,
        Refreshes,
        "Fetch every member's data anew; within 30 minutes the same run is answered. Managers.",
    )

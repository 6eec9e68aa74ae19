"""The payloads of mutations about oneself: a result, null when refused, and the errors."""

from datetime import datetime

import strawberry

from app.domain.consents import Kept
from app.resolvers.families import RelativeRow
from app.resolvers.me import MeRow, VerificationRow
from app.schema.consents import Kept as KeptOfMember
from app.schema.cost_directives import costs
from app.schema.enums import VerificationStatus
from app.schema.errors import Payload
from app.schema.families import Relative
from app.schema.me import Me
from app.schema.nodes import Node


@strawberry.type(description="A face check opened at the provider.")
class IdentityVerification(Node):  # R6, R11
    url: str | None = strawberry.field(
        description="Where the person takes the check; told once, on opening."
    )
    status: VerificationStatus = strawberry.field(
        description="Whether it is pending, passed or failed. Read it again while the person "
        "takes the check: the provider is asked, at most every two seconds."
    )
    expires_at: datetime = strawberry.field(description="Until when the check can be taken.")


@strawberry.type(description="Answer of requestVerificationCode.")
class RequestVerificationCodePayload(Payload):
    """The same whether the phone is known or not (R40)."""

    challenge: str | None = strawberry.field(
        default=None, description="To be given back with the code, which serves with it only."
    )
    retry_after_seconds: int | None = strawberry.field(
        default=None, description="After how many seconds another code may be requested."
    )


@strawberry.type(description="Answer of signIn and refreshSession: the tokens of a session.")
class SessionPayload(Payload):  # R40
    access_token: str | None = strawberry.field(
        default=None, description="For the Authorization header; lives 15 minutes."
    )
    refresh_token: str | None = strawberry.field(
        default=None, description="For refreshSession; lives 30 days, serves once."
    )
    device_token: str | None = strawberry.field(
        default=None,
        description="From signIn only: to be kept by the device, signed out or not, and given "
        "with requestVerificationCode for the same phone.",
    )
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="Who signed in."
    )


@strawberry.type(description="Answer of signOut.")
class SignOutPayload(Payload):
    """The session is over."""


@strawberry.type(
    description="Answer of closeAccount: the account is erased, its sessions are over."
)
class CloseAccountPayload(Payload):  # R34
    kept: list[Kept] | None = strawberry.field(
        graphql_type=list[KeptOfMember] | None,
        directives=costs(size=8),
        default=None,
        description="What groups keep all the same, and how long; empty for who is in none.",
    )


@strawberry.type(description="Answer of startIdentityVerification.")
class StartIdentityVerificationPayload(Payload):
    verification: VerificationRow | None = strawberry.field(
        graphql_type=IdentityVerification | None,
        default=None,
        description="The check that was opened.",
    )


@strawberry.type(description="Answer of confirmIdentity.")
class ConfirmIdentityPayload(Payload):
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, real-named."
    )


@strawberry.type(description="Answer of mutations that change a relative.")
class RelativePayload(Payload):
    relative: RelativeRow | None = strawberry.field(
        graphql_type=Relative | None, default=None, description="The relative as they are now."
    )
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, whose list it is."
    )


@strawberry.type(description="Answer of syncRelatives.")
class SyncRelativesPayload(Payload):
    relatives: list[RelativeRow] | None = strawberry.field(
        graphql_type=list[Relative] | None,
        directives=costs(size=10),
        default=None,
        description="The family list as it is now.",
    )
    removed_relative_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Whom the registry lists no more: they are off the list."
    )
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, whose list it is."
    )


@strawberry.type(description="Answer of removeRelative.")
class RemoveRelativePayload(Payload):
    relatives: list[RelativeRow] | None = strawberry.field(
        graphql_type=list[Relative] | None,
        directives=costs(size=10),
        default=None,
        description="The family list as it is now.",
    )
    removed_relative_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who is off the list."
    )
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, whose list it is."
    )

"""The payloads of mutations: a result, null when refused, and the errors."""

from datetime import datetime

import strawberry

from app.domain.consents import Kept
from app.resolvers.families import RelativeRow
from app.resolvers.group_row import GroupRow
from app.resolvers.invitations import InvitationRow
from app.resolvers.me import MeRow, VerificationRow
from app.resolvers.member_row import MemberRow
from app.resolvers.refresh import RunRow
from app.schema.consents import Kept as KeptOfMember
from app.schema.cost_directives import costs
from app.schema.enums import VerificationStatus
from app.schema.errors import Payload
from app.schema.families import Relative
from app.schema.groups import Group
from app.schema.invitations import Invitation
from app.schema.me import Me
from app.schema.members import Member
from app.schema.nodes import Node
from app.schema.refresh import RefreshRun
from app.schema.reminders import SkippedReminders


@strawberry.type(description="A face check opened at the provider.")
class IdentityVerification(Node):  # R6, R11
    url: str | None = strawberry.field(
        description="Where the person takes the check; told once, on opening."
    )
    status: VerificationStatus = strawberry.field(
        description="Whether it is pending, passed or failed."
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


@strawberry.type(description="Answer of mutations that change a group.")
class GroupPayload(Payload):
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None,
        default=None,
        description="The group as it is now; null if it is the viewer's no longer.",
    )


@strawberry.type(description="Answer of createInvitation.")
class CreateInvitationPayload(Payload):
    invitation: InvitationRow | None = strawberry.field(
        graphql_type=Invitation | None, default=None, description="The invitation to share."
    )


@strawberry.type(description="Answer of joinGroup.")
class JoinGroupPayload(Payload):
    members: list[MemberRow] | None = strawberry.field(
        graphql_type=list[Member] | None,
        directives=costs(size=5),
        default=None,
        description="The memberships, new or existing, in the order of the input; without those "
        "that ended before the answer was written.",
    )


@strawberry.type(description="Answer of refreshGroup.")
class RefreshGroupPayload(Payload):
    run: RunRow | None = strawberry.field(
        graphql_type=RefreshRun | None,
        default=None,
        description="The run started now, or the current one.",
    )
    next_allowed_at: datetime | None = strawberry.field(
        default=None, description="From when a new run is possible."
    )


@strawberry.type(description="Answer of mutations that change a member.")
class MemberPayload(Payload):
    member: MemberRow | None = strawberry.field(
        graphql_type=Member | None,
        default=None,
        description="The member as they are now; null if they left before the answer was written.",
    )


@strawberry.type(description="Answer of withdrawConsent.")
class WithdrawConsentPayload(Payload):  # R42
    member: MemberRow | None = strawberry.field(
        graphql_type=Member | None,
        default=None,
        description="The member as they are until they are out; null for who is out already.",
    )
    kept: list[Kept] | None = strawberry.field(
        graphql_type=list[KeptOfMember] | None,
        directives=costs(size=8),
        default=None,
        description="What stays kept all the same, and how long.",
    )


@strawberry.type(description="Answer of mutations that change a relative.")
class RelativePayload(Payload):
    relative: RelativeRow | None = strawberry.field(
        graphql_type=Relative | None, default=None, description="The relative as they are now."
    )


@strawberry.type(description="Answer of mutations that change the family list.")
class RelativesPayload(Payload):
    relatives: list[RelativeRow] | None = strawberry.field(
        graphql_type=list[Relative] | None,
        directives=costs(size=10),
        default=None,
        description="The family list as it is now.",
    )


@strawberry.type(description="Answer of setAnomalyAlerts.")
class AnomalyAlertsPayload(Payload):
    enabled: bool | None = strawberry.field(
        default=None, description="Whether SMS about new anomalies are wanted."
    )


@strawberry.type(description="Answer of sendHealthReminders; numbers count members, not SMS.")
class RemindersPayload(Payload):  # R31
    sent: int | None = strawberry.field(default=None, description="How many were reminded.")
    skipped: int | None = strawberry.field(default=None, description="How many were skipped.")
    skipped_because: list[SkippedReminders] | None = strawberry.field(
        directives=costs(size=4),
        default=None,
        description="Why those who were skipped were.",
    )


@strawberry.type(description="Answer of exports: a link that needs no header.")
class ExportPayload(Payload):
    url: str | None = strawberry.field(default=None, description="Where the file is.")
    expires_at: datetime | None = strawberry.field(
        default=None, description="Until when the link works: ten minutes."
    )

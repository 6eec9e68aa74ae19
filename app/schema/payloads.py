"""The payloads of mutations in groups: a result, null when refused, and the errors."""

from datetime import datetime

import strawberry

from app.domain.consents import Kept
from app.resolvers.group_row import GroupRow
from app.resolvers.invitations import InvitationRow
from app.resolvers.me import MeRow
from app.resolvers.member_row import MemberRow
from app.resolvers.refresh import RunRow
from app.schema.consents import Kept as KeptOfMember
from app.schema.cost_directives import costs
from app.schema.errors import Payload
from app.schema.groups import Group
from app.schema.invitations import Invitation
from app.schema.me import Me
from app.schema.members import Member
from app.schema.refresh import RefreshRun
from app.schema.reminders import SkippedReminders


@strawberry.type(description="Answer of mutations that change a group.")
class GroupPayload(Payload):
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None,
        default=None,
        description="The group as it is now; null if it is the viewer's no longer.",
    )


@strawberry.type(description="Answer of createGroup.")
class CreateGroupPayload(Payload):
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The new group."
    )
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, who owns it."
    )


@strawberry.type(description="Answer of dissolveGroup.")
class DissolveGroupPayload(Payload):
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="Its page as it was last."
    )
    dissolved_group_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which group is dissolved."
    )
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, without it."
    )


@strawberry.type(description="Answer of withdrawInvitation.")
class WithdrawInvitationPayload(Payload):
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The group as it is now."
    )
    withdrawn_invitation_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which invitation lets nobody in any more."
    )


@strawberry.type(description="Answer of setInvitationPolicy.")
class SetInvitationPolicyPayload(Payload):  # R9
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The group as it is now."
    )
    withdrawn_invitation_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Which invitations of admins let nobody in any more."
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
    already_member_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Those among them who were in before; a withdrawn consent given anew is a "
        "new joining.",
    )
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The group as who joined sees it now."
    )
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, who has one group more."
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
    retry_after_seconds: int | None = strawberry.field(
        default=None, description="After how many seconds a new run is possible."
    )


@strawberry.type(description="Answer of mutations that change a member.")
class MemberPayload(Payload):
    member: MemberRow | None = strawberry.field(
        graphql_type=Member | None,
        default=None,
        description="The member as they are now; null if they left before the answer was written.",
    )


@strawberry.type(description="Answer of dismissAdmin.")
class DismissAdminPayload(Payload):  # R7, R9
    member: MemberRow | None = strawberry.field(
        graphql_type=Member | None, default=None, description="The member as they are now."
    )
    withdrawn_invitation_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Which invitations that they made let nobody in any more."
    )


@strawberry.type(description="Answer of cancelLeave.")
class CancelLeavePayload(Payload):  # R32
    member: MemberRow | None = strawberry.field(
        graphql_type=Member | None, default=None, description="The member, who stays."
    )
    removed_leave_request_id: strawberry.ID | None = strawberry.field(
        default=None, description="The request that waits no more."
    )


@strawberry.type(description="Answer of removeMember and completeLeave.")
class DeparturePayload(Payload):  # R16, R33
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The group as it is now, without them."
    )
    removed_member_id: strawberry.ID | None = strawberry.field(
        default=None, description="Who is out."
    )
    removed_leave_request_id: strawberry.ID | None = strawberry.field(
        default=None, description="The leave request that ended with it, if one waited."
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
    me: MeRow | None = strawberry.field(
        graphql_type=Me | None, default=None, description="The viewer, with their consents."
    )


@strawberry.type(description="Answer of setAnomalyAlerts.")
class AnomalyAlertsPayload(Payload):
    enabled: bool | None = strawberry.field(
        default=None, description="Whether SMS about new anomalies are wanted."
    )
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The group as it is now."
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

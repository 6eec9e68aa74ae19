"""Every mutation with the right it needs: the rights page of what changes anything."""

from collections.abc import Callable
from typing import Annotated, Any

import strawberry
from strawberry.permission import BasePermission

from app.resolvers.context import Info
from app.resolvers.mutations import (
    accounts,
    families,
    groups,
    invitations,
    members,
    oversight,
    refresh,
)
from app.schema import inputs, payloads
from app.schema.errors import RefusalsAsErrors
from app.schema.permissions import (
    AcceptsGroup,
    ActsForMember,
    AppointsAdmins,
    EditsGroup,
    Exports,
    Invites,
    ManagesMembers,
    Public,
    Refreshes,
    Reminds,
    SignedIn,
    SwitchesAlerts,
)


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
        accounts.request_verification_code,
        inputs.RequestVerificationCodeInput,
        payloads.RequestVerificationCodePayload,
        Public,
        "Send a six-digit code by SMS; it lives five minutes. One a minute, ten a day a phone.",
    )
    sign_in = _mutation(
        accounts.sign_in,
        inputs.SignInInput,
        payloads.SessionPayload,
        Public,
        "Open a session by phone and code.",
    )
    refresh_session = _mutation(
        accounts.refresh_session,
        inputs.RefreshSessionInput,
        payloads.SessionPayload,
        Public,
        "Exchange a refresh token for new tokens.",
    )
    sign_out = _mutation(
        accounts.sign_out,
        None,
        payloads.SignOutPayload,
        SignedIn,
        "End the session; its tokens are dead at once.",
    )
    start_identity_verification = _mutation(
        accounts.start_identity_verification,
        inputs.StartIdentityVerificationInput,
        payloads.StartIdentityVerificationPayload,
        SignedIn,
        "Open a face check of a real person at the provider.",
    )
    confirm_identity = _mutation(
        accounts.confirm_identity,
        inputs.ConfirmIdentityInput,
        payloads.ConfirmIdentityPayload,
        SignedIn,
        "Become real-named by a passed verification.",
    )
    add_relative = _mutation(
        families.add_relative,
        inputs.AddRelativeInput,
        payloads.RelativePayload,
        SignedIn,
        "Put a relative on the family list by a check of their face.",
    )
    verify_relative = _mutation(
        families.verify_relative,
        inputs.VerifyRelativeInput,
        payloads.RelativePayload,
        SignedIn,
        "Verify a relative whom the registry lists unverified, by their face.",
    )
    sync_relatives = _mutation(
        families.sync_relatives,
        None,
        payloads.RelativesPayload,
        SignedIn,
        "Bring the family list in line with the outside registry.",
    )
    remove_relative = _mutation(
        families.remove_relative,
        inputs.RemoveRelativeInput,
        payloads.RelativesPayload,
        SignedIn,
        "Take a relative off the list; not while they are enrolled.",
    )
    create_group = _mutation(
        groups.create_group,
        inputs.CreateGroupInput,
        payloads.GroupPayload,
        SignedIn,
        "Create a group and own it; a real-named person owns five at most.",
    )
    set_requirement = _mutation(
        groups.set_requirement,
        inputs.SetRequirementInput,
        payloads.GroupPayload,
        EditsGroup,
        "Set what the group asks of its members; it is judged at once. The creator.",
    )
    update_group = _mutation(
        groups.update_group,
        inputs.UpdateGroupInput,
        payloads.GroupPayload,
        EditsGroup,
        "Edit name, type or address. The creator.",
    )
    set_invitation_policy = _mutation(
        groups.set_invitation_policy,
        inputs.SetInvitationPolicyInput,
        payloads.GroupPayload,
        EditsGroup,
        "Say who may invite and how people join. The creator.",
    )
    offer_group = _mutation(
        groups.offer_group,
        inputs.OfferGroupInput,
        payloads.GroupPayload,
        AppointsAdmins,
        "Offer the group to an admin for 24 hours. The creator, verified.",
    )
    withdraw_group_offer = _mutation(
        groups.withdraw_group_offer,
        inputs.WithdrawGroupOfferInput,
        payloads.GroupPayload,
        EditsGroup,
        "Take an offer of the group back. The creator.",
    )
    accept_group = _mutation(
        groups.accept_group,
        inputs.AcceptGroupInput,
        payloads.GroupPayload,
        AcceptsGroup,
        "Take over an offered group; the old creator becomes an admin. Verified.",
    )
    dissolve_group = _mutation(
        groups.dissolve_group,
        inputs.DissolveGroupInput,
        payloads.GroupPayload,
        EditsGroup,
        "Dissolve the group for good; answers its page as it was. The creator, verified.",
    )
    appoint_admin = _mutation(
        members.appoint_admin,
        inputs.AppointAdminInput,
        payloads.MemberPayload,
        AppointsAdmins,
        "Make a member an admin, five at most. The creator.",
    )
    dismiss_admin = _mutation(
        members.dismiss_admin,
        inputs.DismissAdminInput,
        payloads.MemberPayload,
        AppointsAdmins,
        "Make an admin a plain member; their invitations stop. The creator.",
    )
    create_invitation = _mutation(
        invitations.create_invitation,
        inputs.CreateInvitationInput,
        payloads.CreateInvitationPayload,
        Invites,
        "Make a link that lets people join for 24 hours. Creator; admins if they may invite.",
    )
    withdraw_invitation = _mutation(
        invitations.withdraw_invitation,
        inputs.WithdrawInvitationInput,
        payloads.GroupPayload,
        SignedIn,
        "Withdraw an invitation. Creator; admins if they may invite.",
    )
    join_group = _mutation(
        invitations.join_group,
        inputs.JoinGroupInput,
        payloads.JoinGroupPayload,
        SignedIn,
        "Join by an invitation, for oneself and relatives, with consent. Twice is harmless.",
    )
    update_member_remark = _mutation(
        members.update_member_remark,
        inputs.UpdateMemberRemarkInput,
        payloads.MemberPayload,
        ManagesMembers,
        "Edit a member's remark. Managers.",
    )
    remove_member = _mutation(
        members.remove_member,
        inputs.RemoveMemberInput,
        payloads.GroupPayload,
        ManagesMembers,
        "Remove a plain member, who is told. Managers.",
    )
    end_guardianship = _mutation(
        members.end_guardianship,
        inputs.EndGuardianshipInput,
        payloads.MemberPayload,
        ActsForMember,
        "End the guardians' hold on one's own membership.",
    )
    request_leave = _mutation(
        members.request_leave,
        inputs.RequestLeaveInput,
        payloads.MemberPayload,
        ActsForMember,
        "Ask to leave, for oneself or a ward; out after 24 hours. Verified.",
    )
    cancel_leave = _mutation(
        members.cancel_leave,
        inputs.CancelLeaveInput,
        payloads.MemberPayload,
        ActsForMember,
        "Take a leave request back while it waits.",
    )
    complete_leave = _mutation(
        members.complete_leave,
        inputs.CompleteLeaveInput,
        payloads.GroupPayload,
        ManagesMembers,
        "Let a member who asked out at once; nobody completes their own. Managers.",
    )
    refresh_group = _mutation(
        refresh.refresh_group,
        inputs.RefreshGroupInput,
        payloads.RefreshGroupPayload,
        Refreshes,
        "Fetch every member's data anew; within 30 minutes the same run is answered. Managers.",
    )
    set_anomaly_alerts = _mutation(
        oversight.set_anomaly_alerts,
        inputs.SetAnomalyAlertsInput,
        payloads.AnomalyAlertsPayload,
        SwitchesAlerts,
        "Switch one's own SMS about new anomalies on or off. Managers.",
    )
    send_health_reminders = _mutation(
        oversight.send_health_reminders,
        inputs.SendHealthRemindersInput,
        payloads.RemindersPayload,
        Reminds,
        "Remind members by SMS, nobody twice within an hour. Managers.",
    )
    export_report = _mutation(
        oversight.export_report,
        inputs.ExportReportInput,
        payloads.ExportPayload,
        Exports,
        "Export a day's report; the link works for ten minutes. Managers.",
    )
    export_my_data = _mutation(
        oversight.export_my_data,
        None,
        payloads.ExportPayload,
        SignedIn,
        "Export everything that is kept of the viewer; the link works for ten minutes.",
    )

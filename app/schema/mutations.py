"""Every mutation with the right it needs: the rights page of what changes anything.

An entry is the operation, its input, its payload, who may call it, and what it does.
"""

import strawberry

from app.schema import payloads
from app.schema.fields import mutation
from app.schema.operations import (
    accounts,
    alerts,
    exports,
    families,
    groups,
    invitations,
    leaves,
    members,
    ownership,
    refresh,
    reminders,
)
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


@strawberry.type(description="Everything that changes anything.")
class Mutation:
    request_verification_code = mutation(
        accounts.request_verification_code,
        accounts.RequestVerificationCodeInput,
        payloads.RequestVerificationCodePayload,
        Public,
        "Send a six-digit code by SMS; it lives five minutes. One a minute, ten a day a phone.",
    )
    sign_in = mutation(
        accounts.sign_in,
        accounts.SignInInput,
        payloads.SessionPayload,
        Public,
        "Open a session by phone and code.",
    )
    refresh_session = mutation(
        accounts.refresh_session,
        accounts.RefreshSessionInput,
        payloads.SessionPayload,
        Public,
        "Exchange a refresh token for new tokens.",
    )
    sign_out = mutation(
        accounts.sign_out,
        None,
        payloads.SignOutPayload,
        SignedIn,
        "End the session; its tokens are dead at once.",
    )
    start_identity_verification = mutation(
        accounts.start_identity_verification,
        accounts.StartIdentityVerificationInput,
        payloads.StartIdentityVerificationPayload,
        SignedIn,
        "Open a face check of a real person at the provider.",
    )
    confirm_identity = mutation(
        accounts.confirm_identity,
        accounts.ConfirmIdentityInput,
        payloads.ConfirmIdentityPayload,
        SignedIn,
        "Become real-named by a passed verification.",
    )
    add_relative = mutation(
        families.add_relative,
        families.AddRelativeInput,
        payloads.RelativePayload,
        SignedIn,
        "Put a relative on the family list by a check of their face.",
    )
    verify_relative = mutation(
        families.verify_relative,
        families.VerifyRelativeInput,
        payloads.RelativePayload,
        SignedIn,
        "Verify a relative whom the registry lists unverified, by their face.",
    )
    sync_relatives = mutation(
        families.sync_relatives,
        None,
        payloads.RelativesPayload,
        SignedIn,
        "Bring the family list in line with the outside registry.",
    )
    remove_relative = mutation(
        families.remove_relative,
        families.RemoveRelativeInput,
        payloads.RelativesPayload,
        SignedIn,
        "Take a relative off the list; not while they are enrolled.",
    )
    create_group = mutation(
        groups.create_group,
        groups.CreateGroupInput,
        payloads.GroupPayload,
        SignedIn,
        "Create a group and own it; a real-named person owns five at most.",
    )
    set_requirement = mutation(
        groups.set_requirement,
        groups.SetRequirementInput,
        payloads.GroupPayload,
        EditsGroup,
        "Set what the group asks of its members; it is judged at once. The creator.",
    )
    update_group = mutation(
        groups.update_group,
        groups.UpdateGroupInput,
        payloads.GroupPayload,
        EditsGroup,
        "Edit name, type or address. The creator.",
    )
    set_invitation_policy = mutation(
        groups.set_invitation_policy,
        groups.SetInvitationPolicyInput,
        payloads.GroupPayload,
        EditsGroup,
        "Say who may invite and how people join. The creator.",
    )
    offer_group = mutation(
        ownership.offer_group,
        ownership.OfferGroupInput,
        payloads.GroupPayload,
        AppointsAdmins,
        "Offer the group to an admin for 24 hours. The creator, verified.",
    )
    withdraw_group_offer = mutation(
        ownership.withdraw_group_offer,
        ownership.WithdrawGroupOfferInput,
        payloads.GroupPayload,
        EditsGroup,
        "Take an offer of the group back. The creator.",
    )
    accept_group = mutation(
        ownership.accept_group,
        ownership.AcceptGroupInput,
        payloads.GroupPayload,
        AcceptsGroup,
        "Take over an offered group; the old creator becomes an admin. Verified.",
    )
    dissolve_group = mutation(
        ownership.dissolve_group,
        ownership.DissolveGroupInput,
        payloads.GroupPayload,
        EditsGroup,
        "Dissolve the group for good; answers its page as it was. The creator, verified.",
    )
    appoint_admin = mutation(
        members.appoint_admin,
        members.AppointAdminInput,
        payloads.MemberPayload,
        AppointsAdmins,
        "Make a member an admin, five at most. The creator.",
    )
    dismiss_admin = mutation(
        members.dismiss_admin,
        members.DismissAdminInput,
        payloads.MemberPayload,
        AppointsAdmins,
        "Make an admin a plain member; their invitations stop. The creator.",
    )
    create_invitation = mutation(
        invitations.create_invitation,
        invitations.CreateInvitationInput,
        payloads.CreateInvitationPayload,
        Invites,
        "Make a link that lets people join for 24 hours. Creator; admins if they may invite.",
    )
    withdraw_invitation = mutation(
        invitations.withdraw_invitation,
        invitations.WithdrawInvitationInput,
        payloads.GroupPayload,
        SignedIn,
        "Withdraw an invitation. Creator; admins if they may invite.",
    )
    join_group = mutation(
        invitations.join_group,
        invitations.JoinGroupInput,
        payloads.JoinGroupPayload,
        SignedIn,
        "Join by an invitation, for oneself and relatives, with consent. Twice is harmless.",
    )
    update_member_remark = mutation(
        members.update_member_remark,
        members.UpdateMemberRemarkInput,
        payloads.MemberPayload,
        ManagesMembers,
        "Edit a member's remark. Managers.",
    )
    remove_member = mutation(
        members.remove_member,
        members.RemoveMemberInput,
        payloads.GroupPayload,
        ManagesMembers,
        "Remove a plain member, who is told. Managers.",
    )
    update_member_phone = mutation(
        members.update_member_phone,
        members.UpdateMemberPhoneInput,
        payloads.MemberPayload,
        ActsForMember,
        "Change the phone by which one's own membership, or a ward's, is reached.",
    )
    end_guardianship = mutation(
        members.end_guardianship,
        members.EndGuardianshipInput,
        payloads.MemberPayload,
        ActsForMember,
        "End the guardians' hold on one's own membership.",
    )
    request_leave = mutation(
        leaves.request_leave,
        leaves.RequestLeaveInput,
        payloads.MemberPayload,
        ActsForMember,
        "Ask to leave, for oneself or a ward; out after 24 hours. Verified.",
    )
    cancel_leave = mutation(
        leaves.cancel_leave,
        leaves.CancelLeaveInput,
        payloads.MemberPayload,
        ActsForMember,
        "Take a leave request back while it waits.",
    )
    withdraw_consent = mutation(
        leaves.withdraw_consent,
        leaves.WithdrawConsentInput,
        payloads.WithdrawConsentPayload,
        SignedIn,
        "Withdraw the consent for oneself or a ward: managers read nothing of their health from "
        "now on, and they are out within 24 hours.",
    )
    complete_leave = mutation(
        leaves.complete_leave,
        leaves.CompleteLeaveInput,
        payloads.GroupPayload,
        ManagesMembers,
        "Let a member who asked out at once; nobody completes their own. Managers.",
    )
    refresh_group = mutation(
        refresh.refresh_group,
        refresh.RefreshGroupInput,
        payloads.RefreshGroupPayload,
        Refreshes,
        "Fetch every member's data anew; within 30 minutes the same run is answered. Managers.",
    )
    set_anomaly_alerts = mutation(
        alerts.set_anomaly_alerts,
        alerts.SetAnomalyAlertsInput,
        payloads.AnomalyAlertsPayload,
        SwitchesAlerts,
        "Switch one's own SMS about new anomalies on or off. Managers.",
    )
    send_health_reminders = mutation(
        reminders.send_health_reminders,
        reminders.SendHealthRemindersInput,
        payloads.RemindersPayload,
        Reminds,
        "Remind members by SMS, nobody twice within an hour. Managers.",
    )
    export_report = mutation(
        exports.export_report,
        exports.ExportReportInput,
        payloads.ExportPayload,
        Exports,
        "Export a day's report; the link works for ten minutes. Managers.",
    )
    export_my_data = mutation(
        exports.export_my_data,
        None,
        payloads.ExportPayload,
        SignedIn,
        "Export everything that is kept of the viewer; the link works for ten minutes.",
    )

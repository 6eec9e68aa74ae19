"""Every mutation with the right it needs: the rights page of what changes anything.

Those about oneself are in ``own_mutations.py``, those about organisations in
``organisation_mutations.py``, those of sections in ``section_mutations.py``.

An entry is the operation, its input, its payload, who may call it, and what it does.
"""

import strawberry

from app.domain.costs import ASKING, REACHING_OUT
from app.domain.quotas import Quota
from app.schema import payloads
from app.schema.everyday_mutations import EverydayMutations
from app.schema.fields import mutation
from app.schema.operations import (
    alerts,
    exports,
    groups,
    invitations,
    leaves,
    members,
    ownership,
    refresh,
    reminders,
)
from app.schema.organisation_mutations import OrganisationMutations
from app.schema.own_mutations import OwnMutations
from app.schema.permissions import (
    AcceptsGroup,
    ActsForMember,
    AppointsAdmins,
    EditsGroup,
    Exports,
    Invites,
    ManagesMembers,
    Refreshes,
    Reminds,
    SignedIn,
    SwitchesAlerts,
)
from app.schema.section_mutations import SectionMutations


@strawberry.type(
    description="Everything that changes anything. Sent again with the same idempotency key, as "
    "the header Idempotency-Key or as extensions.idempotencyKey, it is done once within 24 hours "
    "of a session and answered as the first time."
)
class Mutation(OrganisationMutations, OwnMutations, SectionMutations, EverydayMutations):
    create_group = mutation(
        groups.create_group,
        groups.CreateGroupInput,
        payloads.CreateGroupPayload,
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
        payloads.SetInvitationPolicyPayload,
        EditsGroup,
        "Say who may invite and how people join. The creator.",
    )
    offer_group = mutation(
        ownership.offer_group,
        ownership.OfferGroupInput,
        payloads.GroupPayload,
        AppointsAdmins,
        "Offer the group to an admin for 24 hours. The creator, verified.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
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
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
    )
    dissolve_group = mutation(
        ownership.dissolve_group,
        ownership.DissolveGroupInput,
        payloads.DissolveGroupPayload,
        EditsGroup,
        "Dissolve the group for good; answers its page as it was. The creator, verified.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
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
        payloads.DismissAdminPayload,
        AppointsAdmins,
        "Make an admin a plain member; their invitations stop. The creator.",
    )
    create_invitation = mutation(
        invitations.create_invitation,
        invitations.CreateInvitationInput,
        payloads.CreateInvitationPayload,
        Invites,
        "Make a link that lets people join for 24 hours. Creator; admins if they may invite.",
        quota=Quota.INVITATIONS,
    )
    withdraw_invitation = mutation(
        invitations.withdraw_invitation,
        invitations.WithdrawInvitationInput,
        payloads.WithdrawInvitationPayload,
        SignedIn,
        "Withdraw an invitation. Creator; admins if they may invite.",
    )
    join_group = mutation(
        invitations.join_group,
        invitations.JoinGroupInput,
        payloads.JoinGroupPayload,
        SignedIn,
        "Join by an invitation, for oneself and relatives, with consent. Twice is harmless.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
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
        payloads.DeparturePayload,
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
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
    )
    cancel_leave = mutation(
        leaves.cancel_leave,
        leaves.CancelLeaveInput,
        payloads.CancelLeavePayload,
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
        payloads.DeparturePayload,
        ManagesMembers,
        "Let a member who asked out at once; nobody completes their own. Managers.",
    )
    refresh_group = mutation(
        refresh.refresh_group,
        refresh.RefreshGroupInput,
        payloads.RefreshGroupPayload,
        Refreshes,
        "Fetch every member's data anew; within 30 minutes the same run is answered. Managers.",
        weight=REACHING_OUT,
        quota=Quota.REFRESHES,
    )
    set_anomaly_alerts = mutation(
        alerts.set_anomaly_alerts,
        alerts.SetAnomalyAlertsInput,
        payloads.AnomalyAlertsPayload,
        SwitchesAlerts,
        "Choose whether SMS about new anomalies come, and when those that can wait. Managers.",
    )
    send_health_reminders = mutation(
        reminders.send_health_reminders,
        reminders.SendHealthRemindersInput,
        payloads.RemindersPayload,
        Reminds,
        "Remind members by SMS, nobody twice within an hour. Managers.",
        weight=REACHING_OUT,
        quota=Quota.REMINDERS,
    )
    export_report = mutation(
        exports.export_report,
        exports.ExportReportInput,
        payloads.ExportPayload,
        Exports,
        "Export a day's report; the link works for ten minutes. Managers.",
        quota=Quota.EXPORTS,
    )

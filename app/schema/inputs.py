"""The inputs of mutations, each named after its mutation."""

import datetime as dt

import strawberry

from app.schema.enums import (
    CodePurpose,
    GroupType,
    HealthCode,
    IdType,
    NatValidity,
    Relation,
    ReportFormat,
    VerificationPurpose,
)
from app.schema.oversight import ReminderCondition


@strawberry.input(description="To which phone a code goes, and for what.")
class RequestVerificationCodeInput:
    """Input of requestVerificationCode (R40)."""

    phone: str = strawberry.field(description="E.164, or a bare mainland number.")
    purpose: CodePurpose = strawberry.field(description="The code serves this purpose only.")


@strawberry.input(description="A phone and the code it was sent.")
class SignInInput:
    """Input of signIn (R40)."""

    phone: str = strawberry.field(description="E.164, or a bare mainland number.")
    code: str = strawberry.field(description="The six digits of the SMS.")


@strawberry.input(description="A refresh token, to be exchanged.")
class RefreshSessionInput:
    """Input of refreshSession (R40)."""

    refresh_token: str = strawberry.field(
        description="Serves once; used twice, it ends every session that descends from it."
    )


@strawberry.input(description="Who is to be verified by face, and for what.")
class StartIdentityVerificationInput:
    """Input of startIdentityVerification (R6, R11)."""

    purpose: VerificationPurpose = strawberry.field(description="It serves this purpose only.")
    name: str = strawberry.field(description="As on the document.")
    id_type: IdType = strawberry.field(description="The kind of document.")
    id_number: str = strawberry.field(description="The document's number.")


@strawberry.input(description="A passed identity verification.")
class ConfirmIdentityInput:
    """Input of confirmIdentity (R6)."""

    verification_id: strawberry.ID = strawberry.field(
        description="Of a verification for IDENTIFY that was passed within ten minutes."
    )


@strawberry.input(description="A new group.")
class CreateGroupInput:
    """Input of createGroup (R6)."""

    name: str = strawberry.field(description="1 to 60 characters.")
    type: GroupType = strawberry.field(description="The kind of organisation.")
    address: str = strawberry.field(description="1 to 200 characters.")
    consent: bool = strawberry.field(description="That the creator agrees to the terms.")
    nat_validity: NatValidity = strawberry.field(
        default=NatValidity.NONE, description="What the group requires from the start."
    )
    phone: str | None = strawberry.field(
        default=None, description="Another phone than the session's own; needs its code."
    )
    code: str | None = strawberry.field(
        default=None, description="The code that phone was sent for CREATE_GROUP."
    )


@strawberry.input(description="What a group asks of its members from now on.")
class SetRequirementInput:
    """Input of setRequirement (R7, R19)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")
    nat_validity: NatValidity = strawberry.field(description="How long a negative test holds.")
    anomalous_codes: list[HealthCode] | None = strawberry.field(
        default=None,
        description="The codes beside RED to list as anomalies; left out, they stay as they are.",
    )


@strawberry.input(description="Which group invites.")
class CreateInvitationInput:
    """Input of createInvitation (R9)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")


@strawberry.input(description="Which invitation is withdrawn.")
class WithdrawInvitationInput:
    """Input of withdrawInvitation (R10)."""

    invitation_id: strawberry.ID = strawberry.field(description="Which invitation.")


@strawberry.input(description="One person who joins.")
class PersonJoiningInput:
    """One of joinGroup's people (R11)."""

    self_: bool = strawberry.field(
        default=False, name="self", description="True: the viewer; else say which relative."
    )
    relative_id: strawberry.ID | None = strawberry.field(
        default=None, description="A verified relative of the viewer."
    )
    remark: str = strawberry.field(
        default="", description="Up to 60 characters; the group may require one."
    )
    verification_id: strawberry.ID | None = strawberry.field(
        default=None, description="For oneself: a verification for JOIN, passed within ten minutes."
    )


@strawberry.input(description="Who joins by which invitation.")
class JoinGroupInput:
    """Input of joinGroup (R11)."""

    token: str = strawberry.field(description="The invitation's token.")
    consent: bool = strawberry.field(description="That whoever joins agrees to the terms.")
    people: list[PersonJoiningInput] = strawberry.field(description="Who joins, each once.")
    phone: str | None = strawberry.field(
        default=None, description="Another phone than the session's own; needs its code."
    )
    code: str | None = strawberry.field(
        default=None, description="The code that phone was sent for JOIN."
    )


@strawberry.input(description="Which group is refreshed.")
class RefreshGroupInput:
    """Input of refreshGroup (R25)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")


@strawberry.input(description="What of a group's page is edited; left out, it stays as it is.")
class UpdateGroupInput:
    """Input of updateGroup (R7)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")
    name: str | None = strawberry.field(default=None, description="1 to 60 characters.")
    type: GroupType | None = strawberry.field(default=None, description="The kind of organisation.")
    address: str | None = strawberry.field(default=None, description="1 to 200 characters.")


@strawberry.input(description="Who may invite and how people join; left out, it stays as it is.")
class SetInvitationPolicyInput:
    """Input of setInvitationPolicy (R9)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")
    admins_may_invite: bool | None = strawberry.field(
        default=None,
        description="Whether admins may invite; once not, the invitations they made stop.",
    )
    open: bool | None = strawberry.field(
        default=None, description="Whether joining is open; pausing stops every invitation."
    )
    remark_prompt: str | None = strawberry.field(
        default=None, description="What the remark should say, up to 60 characters."
    )
    remark_required: bool | None = strawberry.field(
        default=None, description="Whether joining needs a remark."
    )


@strawberry.input(description="To which admin the group is offered.")
class OfferGroupInput:
    """Input of offerGroup (R16)."""

    member_id: strawberry.ID = strawberry.field(description="Which admin.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for TRANSFER, passed within ten minutes."
    )


@strawberry.input(description="Whose offer is taken back.")
class WithdrawGroupOfferInput:
    """Input of withdrawGroupOffer (R16)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")


@strawberry.input(description="Which offered group is taken over.")
class AcceptGroupInput:
    """Input of acceptGroup (R16)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for TRANSFER, passed within ten minutes."
    )


@strawberry.input(description="Which group is dissolved for good.")
class DissolveGroupInput:
    """Input of dissolveGroup (R8)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for DISSOLVE, passed within ten minutes."
    )
    risk_acknowledged: bool = strawberry.field(
        description="That it can't be undone, and everything will be erased."
    )


@strawberry.input(description="Who becomes an admin.")
class AppointAdminInput:
    """Input of appointAdmin (R3)."""

    member_id: strawberry.ID = strawberry.field(description="Which member.")


@strawberry.input(description="Which admin becomes a plain member.")
class DismissAdminInput:
    """Input of dismissAdmin (R16)."""

    member_id: strawberry.ID = strawberry.field(description="Which admin.")


@strawberry.input(description="Whose remark is edited.")
class UpdateMemberRemarkInput:
    """Input of updateMemberRemark (R16)."""

    member_id: strawberry.ID = strawberry.field(description="Which member.")
    remark: str = strawberry.field(description="Up to 60 characters.")


@strawberry.input(description="Who is removed.")
class RemoveMemberInput:
    """Input of removeMember (R16)."""

    member_id: strawberry.ID = strawberry.field(description="Which member.")


@strawberry.input(description="Whose guardians lose their hold.")
class EndGuardianshipInput:
    """Input of endGuardianship (R12)."""

    member_id: strawberry.ID = strawberry.field(description="One's own membership.")


@strawberry.input(description="Who wants to leave, and why.")
class RequestLeaveInput:
    """Input of requestLeave (R32, R35)."""

    member_id: strawberry.ID = strawberry.field(
        description="One's own membership, or one's ward's."
    )
    reason: str = strawberry.field(description="1 to 200 characters; the managers read it.")
    verification_id: strawberry.ID = strawberry.field(
        description="A verification of one's own face for LEAVE, passed within ten minutes."
    )


@strawberry.input(description="Whose leave request is taken back.")
class CancelLeaveInput:
    """Input of cancelLeave (R32)."""

    member_id: strawberry.ID = strawberry.field(
        description="One's own membership, or one's ward's."
    )


@strawberry.input(description="Whose leave is completed.")
class CompleteLeaveInput:
    """Input of completeLeave (R33)."""

    member_id: strawberry.ID = strawberry.field(description="A member who asked to leave.")


@strawberry.input(description="A relative, and the check of their face.")
class AddRelativeInput:
    """Input of addRelative (R12)."""

    name: str = strawberry.field(description="As on the document.")
    id_type: IdType = strawberry.field(description="The kind of document.")
    id_number: str = strawberry.field(description="The document's number.")
    relation: Relation = strawberry.field(description="What they are to the viewer.")
    verification_id: strawberry.ID = strawberry.field(
        description="Of the relative's face, for ADD_RELATIVE, passed within ten minutes."
    )
    student: bool = strawberry.field(default=False, description="Whether they are a student.")


@strawberry.input(description="Which relative of the registry is verified.")
class VerifyRelativeInput:
    """Input of verifyRelative (R12)."""

    relative_id: strawberry.ID = strawberry.field(description="Which relative.")
    verification_id: strawberry.ID = strawberry.field(
        description="Of the relative's face, for ADD_RELATIVE, passed within ten minutes."
    )


@strawberry.input(description="Who is taken off the list.")
class RemoveRelativeInput:
    """Input of removeRelative (R12)."""

    relative_id: strawberry.ID = strawberry.field(description="A relative who is enrolled nowhere.")


@strawberry.input(description="Whether the viewer gets alerts of a group.")
class SetAnomalyAlertsInput:
    """Input of setAnomalyAlerts (R28)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")
    enabled: bool = strawberry.field(description="Whether SMS about new anomalies are wanted.")


@strawberry.input(description="Whom a group reminds.")
class SendHealthRemindersInput:
    """Input of sendHealthReminders (R29, R30)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")
    condition: ReminderCondition = strawberry.field(description="Whom to remind.")


@strawberry.input(description="Which day is exported, and as what.")
class ExportReportInput:
    """Input of exportReport (R37)."""

    group_id: strawberry.ID = strawberry.field(description="Which group.")
    date: dt.date = strawberry.field(description="Today or one of the six days before.")
    format: ReportFormat = strawberry.field(description="The kind of file.")

"""The inputs of mutations, each named after its mutation."""

import strawberry

from app.schema.enums import (
    CodePurpose,
    GroupType,
    HealthCode,
    IdType,
    NatValidity,
    VerificationPurpose,
)


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

    self_: bool = strawberry.field(name="self", description="True: the viewer.")
    remark: str = strawberry.field(
        default="", description="Up to 60 characters; the group may require one."
    )
    verification_id: strawberry.ID | None = strawberry.field(
        default=None, description="A verification for JOIN, passed within ten minutes."
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

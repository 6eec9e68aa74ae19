"""The small parts of a group: what it asks, why it has its colour, who owns it."""

from datetime import datetime

import strawberry

from app.schema.enums import AnomalyReason, HealthCode, NatValidity


@strawberry.type(description="How many members of a group one reason applies to.")
class ColourReason:  # R21
    reason: AnomalyReason = strawberry.field(description="The reason.")
    count: int = strawberry.field(description="How many members it applies to.")


@strawberry.type(description="What a group asks of its members.")
class Requirement:  # R19
    nat_validity: NatValidity = strawberry.field(description="How long a negative test holds.")
    anomalous_codes: list[HealthCode] = strawberry.field(
        description=(
            "The codes beside RED that are listed as anomalies; the colour counts every code."
        )
    )


@strawberry.type(description="Who may invite, and how people join.")
class InvitationPolicy:  # R9
    admins_may_invite: bool = strawberry.field(description="Whether admins may invite.")
    open: bool = strawberry.field(description="Whether joining is open now.")
    remark_prompt: str = strawberry.field(description="What the remark should say.")
    remark_required: bool = strawberry.field(description="Whether joining needs a remark.")
    offers_sections: bool = strawberry.field(description="Whether who joins may choose a section.")


@strawberry.type(description="Who owns a group.")
class GroupCreator:  # R17
    name: str = strawberry.field(description="The creator's name.")


@strawberry.type(description="The group is offered to an admin, who may accept it.")
class GroupOffer:  # R16
    member_id: strawberry.ID = strawberry.field(description="The admin it is offered to.")
    until: datetime = strawberry.field(description="Until when it can be accepted.")

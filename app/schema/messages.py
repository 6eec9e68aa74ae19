"""SMS as managers see them, and who got them."""

from datetime import datetime

import strawberry

from app.domain.sms import SmsState, SmsTemplate
from app.schema.enums import describe
from app.schema.nodes import Node

describe(
    SmsTemplate,
    "What an SMS says.",
    name="MessageTemplate",
    VERIFICATION_CODE="A verification code.",
    LEAVE_REQUESTED="To managers: a member asks to leave.",
    RELATIVE_LEAVING="To other guardians and to an enrolled member: a request to leave for them.",
    RELATIVE_STAYING="To the same: that request was taken back.",
    LEAVE_COMPLETED="To a member: they are out, as they asked.",
    MEMBER_REMOVED="To a member: a manager removed them.",
    GUARDIANS_ENDED="To guardians: the member they enrolled ended their hold.",
    GROUP_OFFERED="To an admin: the group is offered to them.",
    GROUP_ACCEPTED="To the old creator: the admin took the group over.",
    ANOMALY_ALERT="To managers: new anomalies, in numbers.",
    DAILY_DIGEST="To a manager who wants it, once a day: how the group is, in numbers.",
    HEALTH_REMINDER="To a member or their guardian: the group's requirement isn't met.",
    HEALTH_REMINDERS="To a guardian: several members whom they enrolled don't meet it.",
    GROUP_DISSOLVED="To everyone in it: the group was dissolved.",
    GROUP_OVERSEEN="To everyone in it: an organisation sees the group's numbers from now on.",
    OVERSEER_APPOINTED="To whom an organisation asks to oversee it.",
    ORGANISATION_OFFERED="To an overseer: the organisation is offered to them.",
    ORGANISATION_ACCEPTED="To the old owner: the overseer took the organisation over.",
)
describe(
    SmsState,
    "What became of an SMS.",
    name="MessageState",
    QUEUED="It waits to be sent, or to be tried again.",
    SENT="The gateway took it.",
    FAILED="It failed for good.",
)


@strawberry.type(description="An SMS.")
class Message(Node):  # R39; what it said is not kept
    template: SmsTemplate = strawberry.field(description="What it says.")
    recipient: str = strawberry.field(description="The phone, its middle hidden.")
    state: SmsState = strawberry.field(description="What became of it.")
    attempts: int = strawberry.field(description="How often it was handed to the gateway.")
    group_name: str | None = strawberry.field(
        description="In which group something caused it; null for a verification code."
    )
    created_at: datetime = strawberry.field(description="When it was caused.")
    ended_at: datetime | None = strawberry.field(
        description="When it was sent, or failed for good."
    )

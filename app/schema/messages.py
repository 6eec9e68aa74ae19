"""SMS as managers see them, and who got them."""

from datetime import datetime

import strawberry

from app.schema.enums import SmsState
from app.schema.nodes import Node


@strawberry.type(description="An SMS.")
class Message(Node):  # R39; what it said is not kept
    template: str = strawberry.field(description="What kind of message it is.")
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

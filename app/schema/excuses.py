"""A member's excuse from tests."""

from datetime import datetime

import strawberry


@strawberry.type(description="For how long no test is asked of a member, and why.")
class Excuse:  # R20
    since: datetime = strawberry.field(name="from", description="When it begins.")
    until: datetime = strawberry.field(description="When a test is asked of them again.")
    reason: str = strawberry.field(description="Why, in a manager's words.")

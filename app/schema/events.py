"""The group's event log."""

from datetime import datetime
from typing import Annotated

import strawberry

from app.resolvers.events import EventRow, LaggedRow
from app.schema.enums import EventType


@strawberry.type(description="One event of a group: what happened, when, by whom, to what.")
class GroupEvent:
    """An event; ids only, no personal data but the actor's name (R34)."""

    number: int = strawberry.field(description="Its place in the log, without gaps.")
    type: EventType = strawberry.field(description="What happened.")
    at: datetime = strawberry.field(description="When.")
    actor: str | None = strawberry.field(
        description="The name of who did it; null for time itself, or who was erased since."
    )
    subject_id: strawberry.ID | None = strawberry.field(
        description="The id of the member, invitation or run it is about; null for the group."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        """Tell it from ``Lagged``."""
        return isinstance(value, EventRow)


@strawberry.type(description="Events are missing: they are older than what is kept.")
class Lagged:
    """A gap at the start of a replay."""

    number: int = strawberry.field(
        description="The last number that is missing; read the group's state anew."
    )

    @classmethod
    def is_type_of(cls, value: object, info: object) -> bool:
        """Tell it from ``GroupEvent``."""
        return isinstance(value, LaggedRow)


LoggedEvent = Annotated[
    GroupEvent | Lagged,
    strawberry.union("LoggedEvent", description="An event, or word that some are missing."),
]

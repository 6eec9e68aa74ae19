"""Many rows at once: what became of each."""

import strawberry

from app.domain.bulk import RowResult
from app.schema.enums import describe

describe(
    RowResult,
    "What became of one of many rows that were sent at once.",
    ADDED="It is new.",
    UPDATED="What was there is changed.",
    UNCHANGED="It was so already.",
    REPEATED="An earlier row says something of the same; this one was passed over.",
    NOT_A_MEMBER="Nobody of this group has that id.",
    NAME_INVALID="The name is empty, too long or illegible.",
    REMARK_INVALID="The remark is too long or illegible.",
    SECTION_INVALID="The section is too long or illegible.",
    ROSTER_FULL="The roster has as many names as a group has places.",
    TOO_MANY_SECTIONS="Its section would be one more than a group may have.",
)


@strawberry.type(description="What became of a row, by its place among those that were sent.")
class RowOutcome:
    row: int = strawberry.field(description="Which row, from 0.")
    result: RowResult = strawberry.field(description="What became of it.")


def outcomes(results: list[RowResult]) -> list[RowOutcome]:
    """Return the results with their places."""
    return [RowOutcome(row=at, result=result) for at, result in enumerate(results)]

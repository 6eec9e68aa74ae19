"""What was consented to, when and by whom."""

from datetime import datetime

import strawberry

from app.domain.consents import KeptData
from app.resolvers import consents as resolve
from app.schema.enums import describe
from app.schema.fields import computed
from app.schema.nodes import Node

describe(
    KeptData,
    "What is kept of someone for whom consent was withdrawn.",
    MEMBERSHIP="The membership, without anything of their health, until they are out.",
    FORMER_MEMBER="The entry among former members: name, remark, times; nothing of their health.",
    CONSENTS="That consent was given and withdrawn, when and by whom.",
    ACCESSES="Who looked at their data.",
    EVENTS="The group's log: ids, no personal data.",
    MESSAGES="SMS: the template, the phone and the times.",
    HEALTH_RECORD="The health record, for the other groups that it is shared with.",
)


@strawberry.type(description="One consent to share one person's data with one group.")
class Consent(Node):  # R11, R43
    terms: str | None = strawberry.field(
        description="What was agreed to, by Accept-Language; null for a version long gone."
    )
    version: str = strawberry.field(description="The version of the terms.")
    group_name: str = strawberry.field(description="With which group.")
    person_name: str = strawberry.field(description="For whom.")
    given_by: str = strawberry.field(description="The name of who gave it.")
    given_at: datetime = strawberry.field(description="When it was given.")
    withdrawn_at: datetime | None = strawberry.field(
        description="When it was withdrawn; null while it holds."
    )
    member_id: strawberry.ID | None = computed(
        resolve.member_of,
        "As which member the viewer can withdraw it; null once they are out or it was withdrawn, "
        "and for whom they don't answer.",
    )
    group_id: strawberry.ID | None = computed(
        resolve.group_of, "In which group the viewer can withdraw it; null where `memberId` is."
    )


@strawberry.type(description="One thing that is kept after a consent was withdrawn.")
class Kept:  # R42
    what: KeptData = strawberry.field(description="What is kept.")
    until: datetime | None = strawberry.field(
        description="Until when at the latest; null for as long as it is needed."
    )

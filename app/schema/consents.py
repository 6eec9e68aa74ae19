"""What was consented to, when and by whom."""

from datetime import datetime

import strawberry


@strawberry.type(description="One consent to share one person's data with one group.")
class Consent:  # R11, R43
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

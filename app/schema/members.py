"""Members, their health and their anomalies.

Nobody reaches a member but a manager of the group or the member: the fields that lead here
carry the right, so none is checked per row.
"""

import datetime as dt
from datetime import datetime
from typing import Annotated, Final

import strawberry

from app.domain.costs import STATEMENT
from app.domain.health import NucleicAcidTest as Test
from app.domain.health import newest_first
from app.resolvers import consents as resolve_consents
from app.resolvers import leaves as resolve_leaves
from app.resolvers import sections as resolve_sections
from app.resolvers.member_row import MemberRow
from app.schema.consents import Consent
from app.schema.cost_directives import costs
from app.schema.enums import AnomalyReason, DepartureCause, HealthCode, Role, TestResult
from app.schema.excuses import Excuse
from app.schema.fields import computed
from app.schema.nodes import Node
from app.schema.sections import Section

_TESTS_SHOWN: Final = 20


@strawberry.type(description="A nucleic acid test.")
class NucleicAcidTest:
    result: TestResult = strawberry.field(description="PENDING until the result is there.")
    sampled_at: datetime = strawberry.field(description="When the sample was taken.")
    tested_at: datetime | None = strawberry.field(
        description="When the result came; validity counts from here."
    )
    institution: str = strawberry.field(description="Who tested.")


@strawberry.type(description="A dose of vaccine received.")
class Vaccination:
    dose: int = strawberry.field(description="Which dose it was.")
    date: dt.date = strawberry.field(description="The day of the vaccination.")
    manufacturer: str = strawberry.field(description="Who made the vaccine.")


@strawberry.type(description="The real person behind a membership.")
class Person:
    name: str = strawberry.field(description="As on the identity document.")
    id_number_masked: str = strawberry.field(
        description="The document's number, the middle hidden."
    )
    student: bool = strawberry.field(description="Whether they were enrolled as a student.")


@strawberry.type(description="Who enrolled a member and answers for them.")
class Guardian:  # R12
    name: str = strawberry.field(description="The guardian's name.")


@strawberry.type(description="A member's request to leave, while it waits.")
class LeaveRequest(Node):  # R32, R33
    member: "Member" = strawberry.field(description="Who wants to leave.")
    reason: str = computed(
        resolve_leaves.reason,
        "Why, in the member's words; in the reader's language that consent was withdrawn.",
    )
    by_withdrawal: bool = strawberry.field(
        description="Whether a withdrawn consent asked for it, rather than the member: nobody "
        "takes it back then."
    )
    requested_at: datetime = strawberry.field(description="When it was asked for.")
    due_at: datetime = strawberry.field(description="When the member is out by time alone.")
    viewer_may_complete: bool = computed(
        resolve_leaves.viewer_may_complete,
        "Whether the viewer may let the member out now: managers, but not who asked for it.",
    )


@strawberry.type(description="The record behind a reason against a member.")
class Evidence:  # R20
    reason: AnomalyReason = strawberry.field(description="The reason.")
    since: datetime | None = strawberry.field(
        description="When the code was set, the result came, or the test lapsed."
    )
    code: HealthCode | None = strawberry.field(description="The code, where the reason is one.")
    test: NucleicAcidTest | None = strawberry.field(
        description="The newest test, where the reason is one."
    )
    as_of: datetime | None = strawberry.field(
        description="When the provider was last asked and answered."
    )


@strawberry.type(description="A member who doesn't meet the requirement, and why.")
class Anomaly(Node):  # R20, R23
    member: "Member" = strawberry.field(description="Who it is about.")
    reasons: list[AnomalyReason] = strawberry.field(description="Every reason against the member.")
    opened_at: datetime = strawberry.field(
        description="Since when there has been one, without a break."
    )
    evidence: list[Evidence] = strawberry.field(
        description="The record behind each reason.", directives=costs(size=2)
    )
    next_change_at: datetime | None = strawberry.field(
        description="When time alone will change the reasons; null if it won't."
    )


def _tests(
    root: MemberRow,
    first: Annotated[
        int | None,
        strawberry.argument(description=f"How many at most: {_TESTS_SHOWN} unless told."),
    ] = None,
) -> list[Test]:
    most = _TESTS_SHOWN if first is None else max(first, 0)
    return newest_first(root.tests)[:most]


@strawberry.type(description="One person's membership in one group.")
class Member(Node):  # R15
    person: Person = strawberry.field(description="Who they are.")
    phone: str = strawberry.field(
        description="The phone proved for the membership, E.164; masked if it is another "
        "guardian's, empty once it is somebody else's."
    )
    remark: str = strawberry.field(
        description="The remark given on joining, such as class and name."
    )
    role: Role = strawberry.field(description="What they are in the group.")
    joined_at: datetime = strawberry.field(description="When they joined.")
    enrolled_by: Guardian | None = strawberry.field(
        description="The guardian who enrolled them; null for who acts for themselves."
    )
    section: Section | None = strawberry.field(
        description="The section they are in; null for who is in none."
    )
    bound_to: list[Section] | None = computed(
        resolve_sections.bound_to,
        "Of an admin, the sections to which they are bound: they see and manage the members of "
        "these alone. Null for everybody else, and for an admin of the whole group.",
        size=3,
    )
    leave_request: LeaveRequest | None = strawberry.field(
        description="Null unless they asked to leave."
    )
    health_code: HealthCode = strawberry.field(
        description="The provider's colour; UNKNOWN while there is no data. WITHHELD once consent "
        "was withdrawn: nothing else of their health is told then, which is not that all is well."
    )
    health_code_at: datetime | None = strawberry.field(
        description="When the provider set the code."
    )
    latest_test: NucleicAcidTest | None = strawberry.field(
        description="The newest test with a result; a pending one only if there is no other. "
        "Null without any, and where healthCode is WITHHELD."
    )
    vaccinations: list[Vaccination] = strawberry.field(
        description="Every dose, in order; none where healthCode is WITHHELD.",
        directives=costs(size=3),
    )
    doses: int = strawberry.field(
        description="The number of the highest dose; 0 without any, and where healthCode is "
        "WITHHELD."
    )
    anomaly: Anomaly | None = strawberry.field(
        description="Null while the requirement is met. Null, too, while nothing can be judged: "
        "where healthCode is WITHHELD, and until the first data has come (asOf is null)."
    )
    excuse: Excuse | None = strawberry.field(
        description="Null unless a manager excused them from tests, for now or later."
    )
    as_of: datetime | None = strawberry.field(
        description="When the provider was last asked and answered: how old the health data is."
    )

    consents: list[Consent] | None = computed(
        resolve_consents.consents_of_member,
        "What was consented to for the member, newest first. The member and their guardians.",
        weight=STATEMENT,
        size=3,
    )
    tests: list[NucleicAcidTest] = computed(
        _tests,
        "Tests, newest first, pending ones included; none where healthCode is WITHHELD.",
        size=20,
        by="first",
    )


@strawberry.type(description="Someone who is out, as they were at that moment; kept 30 days.")
class FormerMember(Node):  # R34
    name: str = strawberry.field(description="The name.")
    remark: str = strawberry.field(description="The last remark.")
    section: Section | None = strawberry.field(
        description="The section they were in last; null for none, or one that is no more."
    )
    cause: DepartureCause = strawberry.field(description="How they came to be out.")
    reason: str | None = computed(
        resolve_leaves.reason,
        "The reason they gave for leaving; in the reader's language that consent was withdrawn.",
    )
    by_withdrawal: bool = strawberry.field(
        description="Whether a withdrawn consent asked for it, rather than the member."
    )
    joined_at: datetime = strawberry.field(description="When they joined.")
    left_at: datetime = strawberry.field(description="When they were out.")
    kept_until: datetime = strawberry.field(description="When this entry is erased.")
    health_code: HealthCode = strawberry.field(description="The code at that moment.")
    latest_test: NucleicAcidTest | None = strawberry.field(description="The test at that moment.")
    doses: int = strawberry.field(description="The doses at that moment.")
    as_of: datetime | None = strawberry.field(
        description="When the provider had last answered: how old the health data is."
    )

"""Every mutation with an effect outside has a quota, and the page on limits says the same."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from strawberry.types.field import StrawberryField

from app.domain.costs import ASKING
from app.domain.quotas import ALLOWANCES, Allowance, Quota, Whose
from app.schema import build_schema
from app.schema.cost_directives import Cost
from app.schema.metered import TakesQuota

MUTATION: Final = build_schema()._schema.mutation_type
PAGE: Final = Path(__file__).parent.parent.parent / "docs/limits.md"
# What has no quota, and what bounds its effects on others instead.
WITHOUT: Final = {
    "acceptOversight": "twenty of an organisation, each of which took a quota to be asked",
    "createOrganisation": "a hundred of an owner; a row",
    "detachGroup": "ends what took a quota",
    "detachOrganisation": "ends what took a quota",
    "dismissOverseer": "ends what took a quota",
    "updateOrganisation": "a row",
    "withdrawOrganisationOffer": "ends an offer, each of which took a face check",
    "assignSection": "rows of one group, 500 at once; sends nothing",
    "createSection": "fifty of a group; sends nothing",
    "removeSection": "deletes a row",
    "updateAdminSections": "rows of five; sends nothing",
    "updateSection": "a row",
    "appointAdmin": "five of a group; sends nothing",
    "cancelLeave": "ends a request, each of which took a face check",
    "clearReminderSchedule": "deletes a row",
    "clearRoster": "deletes what importing wrote",
    "completeLeave": "ends a request, each of which took a face check",
    "createGroup": "five of an owner; dissolving one takes a face check",
    "dismissAdmin": "five of a group; sends nothing",
    "endExcuse": "a row",
    "endGuardianship": "ends what each took a joining",
    "excuseMember": "a row; sends nothing",
    "removeMember": "one SMS to who is out by it; joining again takes a face check",
    "removeRelative": "deletes a row",
    "setAnomalyAlerts": "a switch",
    "setDailyDigest": "a row; one SMS a day to its owner",
    "setReminderSchedule": "a row; what it sends is once a day, and an hour apart a member",
    "setInvitationPolicy": "a row",
    "setRequirement": "a row; alerts nobody",
    "signOut": "ends a session",
    "updateGroup": "a row",
    "updateMemberPhone": "needs a code, of which a phone has ten a day",
    "updateMemberRemark": "a row",
    "withdrawConsent": "once a membership; joining again takes a face check",
    "withdrawGroupOffer": "ends an offer, each of which took a face check",
    "withdrawInvitation": "ends one",
}


def fields() -> dict[str, StrawberryField]:
    assert MUTATION is not None
    return {
        name: field.extensions["strawberry-definition"] for name, field in MUTATION.fields.items()
    }


def quota_of(field: StrawberryField) -> Quota | None:
    taking = [one for one in field.extensions if isinstance(one, TakesQuota)]
    return taking[0].quota if taking else None


def test_every_mutation_takes_a_quota_or_says_what_bounds_it() -> None:
    found = fields()
    assert {name for name, field in found.items() if quota_of(field) is None} == set(WITHOUT)
    for name, field in found.items():
        weights = [int(one.weight) for one in field.directives if isinstance(one, Cost)]
        if sum(weights) >= ASKING:
            assert quota_of(field) is not None, name


def test_every_quota_is_taken() -> None:
    assert (
        {quota_of(field) for field in fields().values()} - {None} == set(Quota) == set(ALLOWANCES)
    )


def test_the_page_on_limits_says_what_the_table_says() -> None:
    rows = re.findall(r"^\| ([A-Z_]+) \| (.*?) \|(.*)\|$", PAGE.read_text(), re.M)
    assert [Quota(name) for name, _, _ in rows] == list(Quota)
    for name, mutations, limits in rows:
        taken_by = {one for one, field in fields().items() if quota_of(field) == name}
        assert set(re.findall(r"`(\w+)`", mutations)) == taken_by
        for whose, said in zip(Whose, limits.split("|"), strict=True):
            meant = [one for one in ALLOWANCES[Quota(name)] if one.whose is whose]
            words = {1: "an hour", 24: "a day"}
            written = ", ".join(f"{one.most:,} {words[one.hours]}" for one in meant)
            assert said.split("(")[0].strip() == written, (name, whose)


@pytest.mark.parametrize(("hours", "begins"), [(1, 23), (24, 0)])
def test_a_window_ends_where_the_next_begins(hours: int, begins: int) -> None:
    allowance = Allowance(Whose.PERSON, 1, hours)
    now = datetime(2022, 9, 1, 23, 59, 58, tzinfo=UTC)
    assert allowance.window(now) == f"2022-09-01T{begins:02}"
    assert allowance.left(now) == timedelta(seconds=2)
    assert allowance.window(now + allowance.left(now)) == "2022-09-02T00"

"""Mutations carried out by functions made once answer as graphql-core does, and act once."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

import pytest

from app.domain.quotas import Quota
from app.domain.refusals import RateLimited
from app.services.groups import members
from app.services.kernel.env import Env
from tests.support.both_ways import BothWays, answer
from tests.support.executors import types_executed
from tests.support.members import Profile, appoint, group_of, member_id_of
from tests.support.selections import Selections
from tests.support.statements import counted_statements
from tests.support.waiting import settled
from tests.support.world import World

ROLES: Final = ("creator", "admin", "member", "outsider")
SEEDS: Final = range(4)  # of each mutation, a document a role
MOVING: Final = {"version", "nextAllowedAt"}  # with each mutation, or with time
_REMARK = 'updateMemberRemark(input: {memberId: $member, remark: "班长"})'
# What answers the same however often it is done, and what is refused each time.
MUTATIONS: Final = (
    (_REMARK, "MemberPayload"),
    ('updateGroup(input: {groupId: $id, name: "第一小学"})', "GroupPayload"),
    ("setRequirement(input: {groupId: $id, natValidity: H24})", "GroupPayload"),
    ("clearRoster(input: {groupId: $id})", "GroupPayload"),
    ("withdrawInvitation(input: {invitationId: $id})", "WithdrawInvitationPayload"),
    (
        'requestLeave(input: {memberId: $member, verificationId: "none", reason: "no"})',
        "MemberPayload",
    ),
    ('joinGroup(input: {token: "none", consent: true, people: []})', "JoinGroupPayload"),
    ("setAnomalyAlerts(input: {groupId: $id, enabled: true})", "AnomalyAlertsPayload"),
)


@dataclass(kw_only=True)
class Cast(BothWays):
    """A group with its managers, a member, and somebody who isn't in."""

    ids: dict[str, object]


@pytest.fixture(scope="module")
async def both(world: World) -> Cast:
    group_id, people = await group_of(
        world, Profile("王一"), Profile("李二", "一班"), Profile("张三", "二班")
    )
    creator, admin, member = people
    await appoint(creator, group_id, admin)
    await settled(world)
    ids: dict[str, object] = {"id": group_id, "member": await member_id_of(member, group_id)}
    named = dict(zip(ROLES, (*people, await world.real_person()), strict=True))
    return Cast(people=named, ids=ids)


@pytest.mark.parametrize("role", ROLES)
async def test_random_payloads_are_answered_alike(both: Cast, role: str) -> None:
    schema = both.reference._schema
    for seed in SEEDS:
        for root, payload in MUTATIONS:
            makes = Selections(schema, seed, without=MOVING)
            document = makes.operation(root, payload, 4, "mutation")
            given = {**both.ids, "yes": seed % 2 == 0, "no": seed % 2 == 1}
            expected, found = await both.answers(role, document, **given)
            assert found == expected, f"seed {seed}: {document}"


SEVERAL = f"""mutation($id: ID!, $member: ID!, $other: ID!, $yes: Boolean = true, $name: String) {{
  kind: __typename
  one: {_REMARK} {{ ...Shown errors {{ code }} }}
  two: {_REMARK.replace("$member", "$other")} {{ ...Shown errors {{ code path message }} }}
  three: updateGroup(input: {{groupId: $id, name: $name}}) {{ group {{ name }} errors {{ code }} }}
  four: clearRoster(input: {{groupId: $id}}) @include(if: $yes) {{
    group {{ id memberCount requirementPreview(natValidity: H24) {{ count }} }} }}
  five: {_REMARK} {{ __typename member {{ remark }} }}
}} fragment Shown on MemberPayload {{ member {{ id remark person {{ name }} }} }}"""


@pytest.mark.parametrize("role", ROLES)
async def test_of_several_each_is_answered_whatever_befell_the_others(
    both: Cast, role: str
) -> None:
    for given in (
        {"other": both.ids["member"], "name": "第一小学"},
        {"other": both.ids["id"], "name": ""},
        {"other": "nonsense", "name": "x" * 1000, "yes": False},
        {"other": "nonsense", "yes": None},
        {"other": None},
        {"other": both.ids["member"], "name": 7},
    ):
        expected, found = await both.answers(role, SEVERAL, **both.ids, **given)
        assert found == expected, given
        assert role != "creator" or '"remark": "班长"' in found or '"data": null' in found


async def test_a_mutation_is_answered_without_graphql_core(
    both: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    executed = types_executed(monkeypatch)
    query = f"mutation($member: ID!) {{ {_REMARK} {{ member {{ remark }} errors {{ code }} }} }}"
    expected, found = await both.answers("creator", query, member=both.ids["member"])
    assert found == expected and '"errors": []' in found
    assert executed.count("Mutation") == 1


# Who sees no preview: graphql-core says so of one that was carried out.
DENIED = (
    "clearRoster(input: {groupId: $id}) { group { requirementPreview(natValidity: H24) { count }"
)
BROKEN = {
    "nothing": f"{_REMARK} {{ member {{ remark }} }}",
    "the payload": f"{DENIED} }} }}",
    "the operation": f"{_REMARK} {{ member {{ remark }} }}",
    "the quota": 'exportReport(input: {groupId: $id, date: "2020-01-01", format: CSV}) { url }',
}
CALLED = {
    "nothing": ["act", "act", "act"],
    "the operation": ["act", "act", "act"],
    "the quota": ["act", "take", "act"],
}


@pytest.mark.parametrize("broken", BROKEN)
async def test_none_is_carried_out_twice(
    both: Cast, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """graphql-core is told what one came to, and goes on behind it."""
    called: list[str] = []
    act = members.update_remark

    async def counted(*given: Any) -> None:
        called.append("act")
        if broken == "the operation" and called.count("act") == 2:
            raise RuntimeError
        await act(*given)

    async def taken(env: Env, quota: Quota, subjects: Any) -> None:
        called.append("take")
        raise RateLimited(60)

    monkeypatch.setattr(members, "update_remark", counted)
    monkeypatch.setattr("app.schema.metered.take", taken)
    query = f"""mutation($id: ID!, $member: ID!) {{
      none: clearRoster(input: {{groupId: $id}}) {{ errors {{ code }} }}
      first: {_REMARK} {{ member {{ remark }} }}
      second: {BROKEN[broken]}
      third: {_REMARK} {{ member {{ remark }} }} }}"""
    answers = []
    for schema in (both.reference, both.compiled):
        called.clear()
        answers.append(await answer(schema, both.people["admin"], query, both.ids))
        assert called == CALLED.get(broken, ["act", "act"]), schema
    without_ids = [re.sub("[0-9a-f]{32}", "", one) for one in answers]
    assert without_ids[0] == without_ids[1]
    found = json.loads(answers[1])
    assert [*found["data"]] == ["none", "first", "second", "third"]
    assert found["data"]["third"] == {"member": {"remark": "班长"}}
    assert len(found.get("errors", [])) == (0 if broken == "nothing" else 1), found


async def test_who_asks_is_found_along_with_their_right_and_with_what_is_answered(
    both: Cast,
) -> None:
    roster = "mutation($id: ID!) { clearRoster(input: {groupId: $id}) { group { name } } }"
    remark = f"mutation($member: ID!) {{ {_REMARK} {{ member {{ remark }} }} }}"
    for query in (roster, remark):
        for role in ("creator", "admin"):
            with counted_statements() as statements:
                found = await answer(both.compiled, both.people[role], query, both.ids)
            assert "第一小学" in found or "班长" in found, found
            of_sessions = statements.of('"session"', " session ")
            assert len(of_sessions) == 2, of_sessions
            assert all('"membership"' in one for one in of_sessions)

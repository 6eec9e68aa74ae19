"""Withdrawing consent: from that moment managers read nothing of the person's health (R42)."""

from datetime import datetime, timedelta
from typing import Any

from app.models.health import HealthRecord
from tests.support.clock import pass_time, today
from tests.support.families import a_household, come_of_age, enrol, relatives_of
from tests.support.groups import a_group, offer_group
from tests.support.leaves import former_of, leave
from tests.support.members import Profile, appoint, member_id_of
from tests.support.person import Person
from tests.support.records import nat, shots
from tests.support.refreshes import refresh
from tests.support.reports import a_report, get, link
from tests.support.sms import sms_of, wait_for_sms
from tests.support.waiting import eventually, settled
from tests.support.world import World

WITHDRAWN = "member { id healthCode } kept { what until }"
# Whatever managers can read of members; names and counts, but no ids and no times of now.
HEALTH = """person { name } healthCode healthCodeAt latestTest { result } tests { result }
    vaccinations { dose } doses anomaly { reasons evidence { since } } asOf"""
EVERYTHING = f"""query($id: ID!) {{ group(id: $id) {{
    colour colourReasons {{ reason count }}
    members {{ nodes {{ {HEALTH} }} }}
    byCode: members(orderBy: {{field: HEALTH_CODE}}) {{ nodes {{ person {{ name }} }} }}
    byAge: members(orderBy: {{field: TEST_AGE, direction: DESC}}) {{ nodes {{
        person {{ name }} }} }}
    unknown: membersCount(where: {{healthCodes: [UNKNOWN]}})
    red: membersCount(where: {{healthCodes: [RED]}})
    withheld: membersCount(where: {{healthCodes: [WITHHELD]}})
    untested: membersCount(where: {{testWindows: [NONE]}})
    tested: membersCount(where: {{testWindows: [H24, H48, H72, D7, OLDER]}})
    positive: membersCount(where: {{testResults: [POSITIVE]}})
    without: membersCount(where: {{doses: [0]}})
    twice: membersCount(where: {{doses: [2]}})
    anomalous: membersCount(where: {{anomalous: true}})
    fine: membersCount(where: {{anomalous: false}})
    reasons: membersCount(where: {{anomalyReasons: [CODE_RED, TEST_POSITIVE, TEST_MISSING]}})
    anomalies {{ nodes {{ reasons member {{ {HEALTH} }} }} }}
    leaveRequests {{ nodes {{ member {{ {HEALTH} }} }} }}
    requirementPreview(natValidity: H24) {{ count anomalousAfter members {{ {HEALTH} }} }}
    red_: reminderAudience(condition: {{healthCodes: [RED, WITHHELD]}}) {{ count }}
    untested_: reminderAudience(condition: {{noNegativeWithin: H24}}) {{ count }}
    anomalous_: reminderAudience(condition: {{anomalous: true}}) {{ count }}
    statistics {{ total byHealthCode {{ healthCode count }} byTest {{ window result count }}
        byDoses {{ doses count }} }}
    statisticsTrend {{ statistics {{ total }} }}
    reports {{ statistics {{ total byHealthCode {{ healthCode count }}
        byDoses {{ doses count }} }} }}
    formerMembers {{ nodes {{ name healthCode latestTest {{ result }} doses asOf }} }}
}} }}"""
EVENTS = """subscription($id: ID!) { groupEvents(groupId: $id, after: 0) {
    ... on GroupEvent { number type subjectId } } }"""
RED = {"health_code": "RED", "vaccinations": shots(2)}


async def withdraw(person: Person, member_id: str) -> dict[str, Any]:
    return await person.change("withdrawConsent", WITHDRAWN, memberId=member_id)


async def view(manager: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await manager.ask(EVERYTHING, id=group_id))["group"]
    return group


def seen_of(name: str, nodes: list[dict[str, Any]]) -> dict[str, Any]:
    [node] = [one for one in nodes if one["person"]["name"] == name]
    return node


async def a_red_one(world: World) -> tuple[str, Person, Person]:
    """A group with reports, one of whose two members is red, tested positive and jabbed twice."""
    before = datetime.fromisoformat(await world.now())
    record = {**RED, "tests": [nat(before, 1, "POSITIVE")]}
    group_id, (creator, member) = await a_report(world, Profile("赵红", "红", record))
    now = datetime.fromisoformat(await world.now())  # on another day than before
    good = {"health_code": "GREEN", "tests": [nat(now, 1)], "vaccinations": shots(1)}
    await world.set_record(creator.id_number, **good)
    await pass_time(creator, member, minutes=31)
    await refresh(creator, group_id)
    await settled(world)
    return group_id, creator, member


async def test_from_that_moment_nothing_of_their_health_is_read(world: World) -> None:  # R42
    group_id, creator, member = await a_red_one(world)
    before = await view(creator, group_id)
    assert before["colour"] == "RED" and before["red"] == before["positive"] == 1
    assert before["reports"][0]["statistics"]["total"] == 2
    member_id = await member_id_of(member, group_id)
    made = await link(creator, group_id, await today(world))
    assert "赵红" in (await get(world, made)).text
    answer = await withdraw(member, member_id)
    assert answer["member"] == {"id": member_id, "healthCode": "WITHHELD"}
    after = await view(creator, group_id)
    shown = seen_of("赵红", after["members"]["nodes"])
    assert shown == {
        "person": {"name": "赵红"},
        **dict.fromkeys(("healthCodeAt", "latestTest", "anomaly", "asOf")),
        "healthCode": "WITHHELD",
        "tests": [],
        "vaccinations": [],
        "doses": 0,
    }
    assert after["leaveRequests"]["nodes"] == [{"member": shown}]
    assert (after["colour"], after["colourReasons"]) == ("GREEN", [])
    assert after["anomalies"]["nodes"] == [] and after["requirementPreview"]["count"] == 0
    found = ("unknown", "red", "untested", "positive", "without", "twice", "anomalous", "reasons")
    assert {after[name] for name in found} == {0}
    assert (after["withheld"], after["tested"], after["fine"]) == (1, 1, 1)
    assert {after[name]["count"] for name in ("red_", "untested_", "anomalous_")} == {0}
    assert after["statistics"]["total"] == 1
    for day in after["reports"]:
        if day["statistics"] is not None:
            assert day["statistics"]["total"] == 1
            assert [one["count"] for one in day["statistics"]["byDoses"]] == [1]
            assert "RED" not in {
                one["healthCode"] for one in day["statistics"]["byHealthCode"] if one["count"]
            }
    totals = [day["statistics"]["total"] for day in after["statisticsTrend"] if day["statistics"]]
    assert set(totals) == {1}  # R49: nor by the difference to what is kept longer
    assert "赵红" not in (await get(world, made)).text  # the link made before, too
    # What the provider says from now on changes nothing, and is kept for nobody.
    await world.set_record(member.id_number, health_code="YELLOW", tests=[], vaccinations=shots(3))
    await pass_time(creator, member, minutes=31)
    await refresh(creator, group_id)
    await settled(world)
    again = await view(creator, group_id)
    for name in ("members", "anomalies", "byCode", "byAge"):
        again[name], after[name] = str(again[name]), str(after[name])
        assert "YELLOW" not in again[name]
    assert {key: again[key] for key in found} == {key: after[key] for key in found}
    assert again["statistics"]["total"] == 1 and again["colour"] == "GREEN"
    records = HealthRecord.filter(person__memberships__withheld_at__isnull=False)
    assert await records.count() == 0


async def test_the_log_forgets_whose_the_anomalies_were(world: World) -> None:  # R34, R42
    group_id, creator, member = await a_red_one(world)
    member_id = await member_id_of(member, group_id)
    await withdraw(member, member_id)
    seen: list[dict[str, Any]] = []
    async with creator.socket() as socket:
        await socket.subscribe(EVENTS, id=group_id)
        while not seen or seen[-1]["type"] != "ANOMALY_CLOSED":
            seen.append((await socket.next())["groupEvents"])
    anomalies = [event for event in seen if event["type"].startswith("ANOMALY")]
    assert anomalies and all(event["subjectId"] is None for event in anomalies)
    assert [event["number"] for event in seen] == list(range(1, len(seen) + 1))
    assert ("CONSENT_WITHDRAWN", member_id) in [(one["type"], one["subjectId"]) for one in seen]


async def test_who_withdrew_is_out_after_a_day_and_leaves_no_health_behind(
    world: World,
) -> None:  # R33, R42
    group_id, creator, member = await a_red_one(world)
    # An earlier stay in the same group left an entry with their health.
    first_id = await leave(member, group_id, creator)
    assert [one["healthCode"] for one in await former_of(creator, group_id)] == ["RED"]
    second_id = await member.join(await creator.invite(group_id))
    await settled(world)
    answer = await withdraw(member, second_id)
    kept = {one["what"]: one["until"] for one in answer["kept"]}
    now = datetime.fromisoformat(await world.now())
    out_by = datetime.fromisoformat(kept["MEMBERSHIP"])
    assert timedelta(hours=23, minutes=59) < out_by - now <= timedelta(hours=24)
    former_until = datetime.fromisoformat(kept["FORMER_MEMBER"])
    assert former_until == out_by + timedelta(days=30)
    assert "HEALTH_RECORD" not in kept and kept["CONSENTS"] == kept["FORMER_MEMBER"]
    await eventually(lambda: sms_of(creator, "leave_requested"), lambda seen: len(seen) == 2)
    assert (await withdraw(member, second_id))["member"]["healthCode"] == "WITHHELD"  # harmless
    assert await member.refused("cancelLeave", memberId=second_id) == "CONSENT_WITHDRAWN"
    await pass_time(creator, member, hours=24)
    formers = await eventually(
        lambda: former_of(creator, group_id), lambda listed: len(listed) == 2
    )
    assert {one["id"] for one in formers} != {first_id}
    for former in formers:
        assert (former["healthCode"], former["latestTest"], former["doses"]) == (
            "WITHHELD",
            None,
            0,
        )
    assert "LEAVE_EXPIRED" in {one["cause"] for one in formers}


LEAVING = """query($id: ID!) { group(id: $id) {
    leaveRequests { nodes { reason byWithdrawal } }
    formerMembers { nodes { reason byWithdrawal } }
} }"""


async def test_a_leave_by_withdrawal_is_told_in_the_readers_language(world: World) -> None:  # R42
    group_id, creator, member = await a_red_one(world)
    member.language, creator.language = "en", "zh"
    await withdraw(member, await member_id_of(member, group_id))
    by_withdrawal = {"nodes": [{"reason": "撤回同意", "byWithdrawal": True}]}
    seen = (await creator.ask(LEAVING, id=group_id))["group"]
    assert seen == {"leaveRequests": by_withdrawal, "formerMembers": {"nodes": []}}
    await pass_time(creator, member, hours=24)
    await eventually(lambda: former_of(creator, group_id), lambda listed: len(listed) == 1)
    seen = (await creator.ask(LEAVING, id=group_id))["group"]
    assert seen == {"leaveRequests": {"nodes": []}, "formerMembers": by_withdrawal}
    creator.language = "en"
    [former] = (await creator.ask(LEAVING, id=group_id))["group"]["formerMembers"]["nodes"]
    assert former == {"reason": "Consent withdrawn", "byWithdrawal": True}


async def test_a_new_consent_ends_it(world: World) -> None:  # R13, R42
    creator, group_id, (member,) = await a_group(world, record=RED)
    await settled(world)
    member_id = await member_id_of(member, group_id)
    await withdraw(member, member_id)
    assert (await view(creator, group_id))["withheld"] == 1
    assert await member.join(await creator.invite(group_id)) == member_id
    await settled(world)
    after = await view(creator, group_id)
    assert (after["colour"], after["red"], after["withheld"]) == ("RED", 2, 0)
    assert after["leaveRequests"]["nodes"] == []
    consents = "{ me { consents { nodes { givenAt withdrawnAt } } } }"
    newest, oldest = (await member.ask(consents))["me"]["consents"]["nodes"]
    assert newest["withdrawnAt"] is None and oldest["withdrawnAt"] is not None
    await pass_time(creator, member, hours=25)
    assert [one["person"]["name"] for one in (await view(creator, group_id))["members"]["nodes"]]


async def test_another_group_goes_on_reading_what_it_may(world: World) -> None:  # R42
    creator, group_id, (member,) = await a_group(world, record=RED)
    other_id = await creator.create_group(name="别的")
    other_member = await member.join(await creator.invite(other_id))
    await settled(world)
    answer = await withdraw(member, await member_id_of(member, group_id))
    assert ("HEALTH_RECORD", None) in [(one["what"], one["until"]) for one in answer["kept"]]
    assert (await view(creator, other_id))["red"] == 2
    await withdraw(member, other_member)
    assert (await view(creator, other_id))["red"] == 1


async def ways_out(person: Person) -> list[dict[str, Any]]:
    query = "{ me { consents { nodes { memberId groupId } } } }"
    ways: list[dict[str, Any]] = (await person.ask(query))["me"]["consents"]["nodes"]
    return ways


async def test_only_they_and_their_guardians_withdraw(world: World) -> None:  # R12, R42
    household = await a_household(world, parents=2)
    mother, father = household.parents
    given = {"memberId": household.member_id}
    assert await household.creator.denied("withdrawConsent", **given) == "FORBIDDEN"
    assert await (await world.real_person()).denied("withdrawConsent", **given) == "NOT_FOUND"
    answer = await withdraw(father, household.member_id)
    assert answer["member"]["healthCode"] == "WITHHELD"
    await wait_for_sms(mother, "relative_leaving")
    creator_id = await member_id_of(household.creator, household.group_id)
    refused = await household.creator.refused("withdrawConsent", memberId=creator_id)
    assert refused == "CREATOR_CANNOT_LEAVE"


async def test_a_consent_leads_to_where_it_can_be_withdrawn(world: World) -> None:  # R42
    household = await a_household(world)
    guardian, creator, child = household.parent, household.creator, household.child
    await come_of_age(child)
    there = {"memberId": household.member_id, "groupId": household.group_id}
    nowhere = {"memberId": None, "groupId": None}
    assert await ways_out(guardian) == await ways_out(child) == [there]
    assert await ways_out(creator) == [nowhere]  # who hands the group over first
    one = await guardian.ask("{ me { consents { nodes { id } } } }")
    [consent] = one["me"]["consents"]["nodes"]
    query = "query($id: ID!) { node(id: $id) { ... on Consent { memberId } } }"
    assert (await guardian.ask(query, **consent))["node"] == {"memberId": household.member_id}
    await child.change("endGuardianship", "__typename", memberId=household.member_id)
    assert await ways_out(guardian) == [nowhere]  # given by them, and no more theirs to withdraw
    assert await ways_out(child) == [there]
    await withdraw(child, household.member_id)
    assert await ways_out(child) == [nowhere]
    await creator.change("removeMember", "__typename", memberId=household.member_id)
    again = await child.join(await creator.invite(household.group_id))
    assert await ways_out(child) == [{**there, "memberId": again}, nowhere]
    await creator.change("removeMember", "__typename", memberId=again)
    assert await ways_out(child) == [nowhere, nowhere]


async def test_who_is_out_withdraws_what_is_kept_of_their_health(world: World) -> None:  # R34, R42
    household = await a_household(world)
    creator, guardian, child = household.creator, household.parent, household.child
    await creator.change("removeMember", "", memberId=household.member_id)
    assert await creator.denied("withdrawConsent", memberId=household.member_id) == "FORBIDDEN"
    answer = await withdraw(guardian, household.member_id)
    assert answer["member"] is None and "MEMBERSHIP" not in [one["what"] for one in answer["kept"]]
    [former] = await former_of(creator, household.group_id)
    assert (former["healthCode"], former["doses"]) == ("WITHHELD", 0)
    await come_of_age(child)
    await withdraw(child, household.member_id)  # theirs, too; harmless
    consents = (await guardian.ask("{ me { consents { nodes { withdrawnAt } } } }"))["me"]
    assert all(one["withdrawnAt"] for one in consents["consents"]["nodes"])
    # Enrolled anew by a new consent, that one holds whatever becomes of the earlier.
    token = await creator.invite(household.group_id)
    [again_id] = await enrol(guardian, token, (await relatives_of(guardian))[0]["id"])
    await withdraw(guardian, household.member_id)
    own = "query($id: ID!) { node(id: $id) { ... on Member { healthCode } } }"
    await settled(world)
    assert (await creator.ask(own, id=again_id))["node"]["healthCode"] == "GREEN"


async def test_an_admin_who_withdrew_takes_no_group_over(world: World) -> None:  # R16, R42
    creator, group_id, (admin,) = await a_group(world)
    [admin_id] = await appoint(creator, group_id, admin)
    await offer_group(creator, admin_id)
    await withdraw(admin, admin_id)
    given = {"groupId": group_id, "verificationId": await admin.verify("TRANSFER")}
    assert await admin.refused("acceptGroup", **given) == "CONSENT_WITHDRAWN"
    given = {"memberId": admin_id, "verificationId": await creator.verify("TRANSFER")}
    assert await creator.refused("offerGroup", **given) == "CONSENT_WITHDRAWN"


async def test_withheld_is_no_code_that_a_group_asks_for(world: World) -> None:  # R19, R42
    creator, group_id, _ = await a_group(world)
    given = {"groupId": group_id, "natValidity": "NONE", "anomalousCodes": ["WITHHELD"]}
    assert await creator.refused("setRequirement", **given) == "HEALTH_CODE_NOT_CHOOSABLE"

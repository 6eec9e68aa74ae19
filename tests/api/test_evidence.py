"""Why a member is anomalous, by which records, and who would be under another requirement."""

from datetime import datetime, timedelta
from itertools import product
from typing import Any

import pytest

from app.domain.groups import NatValidity
from tests.support.clock import pass_time
from tests.support.members import Profile, group_of, member_id_of
from tests.support.person import Person
from tests.support.records import nat
from tests.support.waiting import settled
from tests.support.world import World

ANOMALY = """anomaly { reasons openedAt nextChangeAt evidence { reason since code asOf
    test { result testedAt } } }"""
WAYS = [  # as a manager; each with the path to the members
    (f"members {{ nodes {{ person {{ name }} asOf {ANOMALY} }} }}", ("members", "nodes")),
    (f"members {{ edges {{ node {{ person {{ name }} {ANOMALY} }} }} }}", ("members", "edges")),
    (
        f"anomalies {{ nodes {{ {ANOMALY[10:-2]} member {{ person {{ name }} }} }} }}",
        ("anomalies", "nodes"),
    ),
    (
        f"anomalies {{ edges {{ node {{ member {{ person {{ name }} {ANOMALY} }} }} }} }}",
        ("anomalies", "edges"),
    ),
]
OWN = f"query($id: ID!) {{ group(id: $id) {{ viewerMembers {{ {ANOMALY} }} }} }}"
NODE = f"query($id: ID!) {{ node(id: $id) {{ ... on Member {{ {ANOMALY} }} }} }}"
PREVIEW = """query($id: ID!, $validity: NatValidity!, $codes: [HealthCode!]) { group(id: $id) {
    requirementPreview(natValidity: $validity, anomalousCodes: $codes) { count anomalousAfter
        members { person { name } remark anomaly { reasons evidence { reason } } } } } }"""
STATE = """query($id: ID!) { group(id: $id) { colour version requirement { natValidity }
    colourReasons { reason count } members(where: {anomalous: true}) {
        nodes { person { name } anomaly { reasons openedAt } } } } }"""
CREATOR = "欧阳创"


def moment(text: str | None) -> datetime:
    assert text is not None
    return datetime.fromisoformat(text)


def found_at(group: dict[str, Any], way: tuple[str, str]) -> dict[str, dict[str, Any]]:
    """Everyone's anomaly by name, whichever way it was queried."""
    anomalies: dict[str, dict[str, Any]] = {}
    for one in group[way[0]][way[1]]:
        node = one.get("node", one)
        member = node.get("member", node)
        anomaly = member.get("anomaly", node)
        if anomaly is not None:
            name = member["person"]["name"]
            anomalies[name] = {key: anomaly[key] for key in anomaly if key != "member"}
    return anomalies


async def anomalies_of(manager: Person, group_id: str) -> dict[str, dict[str, Any]]:
    """Every anomaly by name; the same whichever way a manager looks."""
    seen = []
    for fields, way in WAYS:
        data = await manager.ask(
            f"query($id: ID!) {{ group(id: $id) {{ {fields} }} }}", id=group_id
        )
        seen.append(found_at(data["group"], way))
    for one in seen:
        assert one == seen[0]
    return seen[0]


async def require(creator: Person, group_id: str, validity: str) -> None:
    await creator.change("setRequirement", "__typename", groupId=group_id, natValidity=validity)


async def test_every_reason_shows_the_record_it_stands_by(world: World) -> None:  # R20
    now = datetime.fromisoformat(await world.now())
    set_at = now - timedelta(hours=5)
    coded = {"health_code_at": set_at.isoformat(), "tests": [nat(now, 1)]}
    positive, older = nat(now, 3, "POSITIVE"), nat(now, 90)
    group_id, people = await group_of(
        world,
        Profile(CREATOR, "", {"tests": [nat(now, 2)]}),
        Profile("红", "", coded | {"health_code": "RED"}),
        Profile("黄", "", coded | {"health_code": "YELLOW"}),
        Profile("灰", "", coded | {"health_code": "UNKNOWN"}),
        Profile("无", "", None),
        Profile("过", "", {"tests": [older, nat(now, 30), nat(now, 0, "PENDING")]}),
        Profile("阳", "", {"tests": [older, positive]}),
    )
    creator, red, *_ = people
    await require(creator, group_id, "H24")
    found = await anomalies_of(creator, group_id)
    assert {name: anomaly["reasons"] for name, anomaly in found.items()} == {
        "红": ["CODE_RED"],
        "黄": ["CODE_YELLOW"],
        "灰": ["CODE_UNKNOWN"],
        "无": ["CODE_UNKNOWN", "TEST_MISSING"],
        "过": ["TEST_EXPIRED"],
        "阳": ["TEST_POSITIVE"],
    }
    for name, code in (("红", "RED"), ("黄", "YELLOW"), ("灰", "UNKNOWN")):
        (evidence,) = found[name]["evidence"]
        assert (evidence["code"], evidence["test"]) == (code, None)
        assert moment(evidence["since"]) == set_at and moment(evidence["asOf"]) >= now
        # A code goes by news only; beside it the test will lapse.
        assert moment(found[name]["nextChangeAt"]) == now + timedelta(hours=23)
    unknown, missing = found["无"]["evidence"]
    nothing = {"since": None, "test": None, "asOf": None}
    assert unknown == nothing | {"reason": "CODE_UNKNOWN", "code": "UNKNOWN"}
    assert missing == nothing | {"reason": "TEST_MISSING", "code": None}
    (expired,) = found["过"]["evidence"]
    assert moment(expired["since"]) == now - timedelta(hours=6)
    assert expired["test"]["result"] == "NEGATIVE" and expired["code"] is None
    assert moment(expired["test"]["testedAt"]) == now - timedelta(hours=30)
    (tested,) = found["阳"]["evidence"]
    assert tested["test"]["result"] == "POSITIVE" and tested["code"] is None
    assert moment(tested["since"]) == moment(tested["test"]["testedAt"]) == now - timedelta(hours=3)
    for name in ("无", "过", "阳"):
        assert found[name]["nextChangeAt"] is None
    # R17: the member sees the same of themself, and nothing of anyone else.
    for person, name in zip(people[1:], found, strict=True):
        (own,) = (await person.ask(OWN, id=group_id))["group"]["viewerMembers"]
        node = (await person.ask(NODE, id=await member_id_of(person, group_id)))["node"]
        assert own["anomaly"] == node["anomaly"] == found[name]
    others = await member_id_of(people[2], group_id)
    assert await red.error_code(NODE, id=others) == "NOT_FOUND"
    listed = f"query($id: ID!) {{ group(id: $id) {{ {WAYS[0][0]} }} }}"
    assert await red.error_code(listed, id=group_id) == "FORBIDDEN"


@pytest.mark.parametrize("order", [1, -1])
async def test_of_two_results_at_once_the_positive_one_is_shown(  # R20
    world: World, order: int
) -> None:
    now = datetime.fromisoformat(await world.now())
    tests = [nat(now, 3, "POSITIVE"), nat(now, 3)][::order]
    group_id, people = await group_of(world, Profile(CREATOR), Profile("阳", "", {"tests": tests}))
    found = await anomalies_of(people[0], group_id)
    assert found["阳"]["reasons"] == ["TEST_POSITIVE"]
    assert found["阳"]["evidence"][0]["test"]["result"] == "POSITIVE"
    query = "query($id: ID!) { group(id: $id) { viewerMembers { latestTest { result } } } }"
    (own,) = (await people[1].ask(query, id=group_id))["group"]["viewerMembers"]
    assert own["latestTest"]["result"] == "POSITIVE"


async def test_a_request_to_leave_shows_the_members_evidence(world: World) -> None:  # R20, R32
    group_id, (creator, leaver) = await group_of(
        world, Profile(CREATOR), Profile("黄", "备注", {"health_code": "YELLOW"})
    )
    verification_id = await leaver.verify("LEAVE")
    member_id = await member_id_of(leaver, group_id)
    leaving = {"memberId": member_id, "reason": "毕业", "verificationId": verification_id}
    await leaver.change("requestLeave", "member { id }", **leaving)
    way_back = "leaveRequest { reason member { remark anomaly { member { role } } } }"
    query = f"""query($id: ID!) {{ group(id: $id) {{
        leaveRequests {{ nodes {{ member {{ {ANOMALY} {way_back} }} }} }}
        members(last: 1) {{ nodes {{ {way_back} }} }} }} }}"""
    group = (await creator.ask(query, id=group_id))["group"]
    (request,) = group["leaveRequests"]["nodes"]
    assert [one["code"] for one in request["member"]["anomaly"]["evidence"]] == ["YELLOW"]
    back = {"remark": "备注", "anomaly": {"member": {"role": "MEMBER"}}}
    for member in (request["member"], group["members"]["nodes"][0]):
        assert member["leaveRequest"] == {"reason": "毕业", "member": back}


async def test_evidence_follows_time_and_an_anomaly_stays_open(world: World) -> None:  # R22, R23
    now = datetime.fromisoformat(await world.now())
    record = {"health_code": "YELLOW", "tests": [nat(now, 23)]}
    group_id, (creator, *_) = await group_of(world, Profile(CREATOR), Profile("黄", "", record))
    await require(creator, group_id, "H24")
    before = (await anomalies_of(creator, group_id))["黄"]
    lapses_at = now + timedelta(hours=1)
    assert moment(before["nextChangeAt"]) == lapses_at
    await pass_time(creator, hours=1)
    after = (await anomalies_of(creator, group_id))["黄"]
    assert after["reasons"] == ["CODE_YELLOW", "TEST_EXPIRED"]
    assert after["openedAt"] == before["openedAt"] and after["nextChangeAt"] is None
    code, test = after["evidence"]
    assert (code["code"], test["code"]) == ("YELLOW", None)
    assert moment(test["since"]) == lapses_at and code["since"] == before["evidence"][0]["since"]


async def state(creator: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await creator.ask(STATE, id=group_id))["group"]
    return group


async def test_a_preview_says_what_setting_it_then_does(world: World) -> None:  # R19
    now = datetime.fromisoformat(await world.now())
    ages = {"一": 1, "二": 30, "三": 60, "四": 100, "五": 200}
    group_id, (creator, *_) = await group_of(
        world,
        Profile(CREATOR),
        *(Profile(name, "", {"tests": [nat(now, age)]}) for name, age in ages.items()),
        Profile("红", "", {"health_code": "RED", "tests": [nat(now, 40)]}),
        Profile("阳", "", {"tests": [nat(now, 1, "POSITIVE"), nat(now, 40)]}),
        Profile("灰", "", None),
    )
    await settled(world)
    turned: set[int] = set()
    for codes, current, wanted in product(([], ["YELLOW", "UNKNOWN"]), NatValidity, NatValidity):
        before = {"groupId": group_id, "natValidity": current, "anomalousCodes": codes}
        await creator.change("setRequirement", "__typename", **before)
        await settled(world)
        was = await state(creator, group_id)
        data = await creator.ask(PREVIEW, id=group_id, validity=wanted)
        assert await state(creator, group_id) == was  # looking changes nothing
        await require(creator, group_id, wanted)
        anomalous = [
            [one["person"]["name"] for one in group["members"]["nodes"]]
            for group in (was, await state(creator, group_id))
        ]
        preview = data["group"]["requirementPreview"]
        names = [one["person"]["name"] for one in preview["members"]]
        assert names == [name for name in anomalous[1] if name not in anomalous[0]]
        assert (preview["count"], preview["anomalousAfter"]) == (len(names), len(anomalous[1]))
        assert all(one["anomaly"] is None for one in preview["members"])
        turned.add(len(names))
    assert {0, 1, 2, 3, 4} <= turned  # all kinds of outcomes were met


async def test_a_preview_tells_what_both_choices_do_together(world: World) -> None:  # R19
    now = datetime.fromisoformat(await world.now())
    group_id, (creator, *_) = await group_of(
        world,
        Profile(CREATOR),
        Profile("黄", "", {"health_code": "YELLOW", "tests": [nat(now, 1)]}),
        Profile("旧", "", {"tests": [nat(now, 40)]}),
        Profile("灰", "", None),
    )
    await settled(world)
    before = {"groupId": group_id, "natValidity": "NONE", "anomalousCodes": []}
    await creator.change("setRequirement", "__typename", **before)
    tried: list[tuple[str, list[str] | None]] = [
        *product(NatValidity, ([], ["YELLOW"], ["UNKNOWN", "RED"], ["YELLOW", "UNKNOWN"])),
        ("H24", None),
    ]
    for wanted, codes in tried:
        given = {"id": group_id, "validity": wanted, "codes": codes}
        preview = (await creator.ask(PREVIEW, **given))["group"]["requirementPreview"]
        changes = {**before, "natValidity": wanted, "anomalousCodes": codes or []}
        await creator.change("setRequirement", "__typename", **changes)
        members = (await state(creator, group_id))["members"]["nodes"]
        await creator.change("setRequirement", "__typename", **before)
        names = [member["person"]["name"] for member in members]
        assert [member["person"]["name"] for member in preview["members"]] == names
        assert preview["count"] == preview["anomalousAfter"] == len(names)
    refused = {"id": group_id, "validity": "H24", "codes": ["GREEN"]}
    assert await creator.error_code(PREVIEW, **refused) == "BAD_USER_INPUT"


async def test_only_the_creator_previews_a_requirement(world: World) -> None:  # R7, R17
    group_id, (creator, admin, member) = await group_of(world, *map(Profile, (CREATOR, "管", "员")))
    member_id = await member_id_of(admin, group_id)
    await creator.change("appointAdmin", "member { id }", memberId=member_id)
    await settled(world)
    given = {"id": group_id, "validity": "H24"}
    assert (await creator.ask(PREVIEW, **given))["group"]["requirementPreview"]["count"] == 3
    outsider = await world.real_person()
    for person, code in ((admin, "FORBIDDEN"), (member, "FORBIDDEN"), (outsider, "NOT_FOUND")):
        assert await person.error_code(PREVIEW, **given) == code
    assert await creator.error_code(PREVIEW, id=group_id, validity="H12") == "BAD_USER_INPUT"

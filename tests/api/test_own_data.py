"""What people learn of exports: who exported them, and all that is kept of them (R17, R37)."""

import json
import logging

from tests.support.clock import today
from tests.support.logs import logged
from tests.support.members import Profile, group_of, member_id_of
from tests.support.reports import CREATOR, OWN_DATA, a_report, get, link, works
from tests.support.world import World

ACCESSES = "{ me { accesses { nodes { by kind groupName } } } }"


async def test_who_counts_someone_by_name_has_looked_at_them(world: World) -> None:  # R17
    group_id, (creator, member) = await group_of(world, Profile(CREATOR), Profile("员"))
    count = """query($id: ID!, $search: String!) { group(id: $id) {
        membersCount(search: $search, exact: true, where: {healthCodes: [UNKNOWN, GREEN]}) } }"""
    await creator.ask(count, id=group_id, search="")
    assert (await member.ask(ACCESSES))["me"]["accesses"]["nodes"] == []
    await creator.ask(count, id=group_id, search="员")
    [seen] = (await member.ask(ACCESSES))["me"]["accesses"]["nodes"]
    assert (seen["by"], seen["kind"]) == (CREATOR, "VIEWED")


async def test_members_see_who_exported_them(world: World) -> None:  # R17, R37
    group_id, (creator, member) = await a_report(world, Profile("员"))
    exported = {"by": CREATOR, "kind": "EXPORTED", "groupName": "第一小学"}
    made = await link(creator, group_id, await today(world))
    seen = (await member.ask(ACCESSES))["me"]["accesses"]["nodes"]
    assert exported not in seen  # a link alone shows nobody anything
    assert await works(world, made)
    seen = (await member.ask(ACCESSES))["me"]["accesses"]["nodes"]
    assert seen.count(exported) == 1
    assert await works(world, made)
    assert (await member.ask(ACCESSES))["me"]["accesses"]["nodes"].count(exported) == 1
    assert exported not in (await creator.ask(ACCESSES))["me"]["accesses"]["nodes"]


async def test_ones_own_data_is_ones_own_alone(world: World) -> None:  # R17
    record = {"health_code": "YELLOW", "tests": [{}], "vaccinations": [{"dose": 2}]}
    group_id, (creator, member, other) = await a_report(
        world, Profile("诸葛孔明", "三年二班靠窗", record), Profile("司马懿", "三年三班靠门")
    )
    answer = await get(world, (await member.ask(OWN_DATA))["exportMyData"])
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-disposition"] == 'attachment; filename="my-data.json"'
    data = json.loads(answer.content)
    assert data["account"]["phone"] == member.phone
    assert data["person"]["name"] == "诸葛孔明"
    assert data["person"]["idNumber"] == member.id_number
    assert data["healthRecord"]["healthCode"] == "YELLOW"
    assert [test["result"] for test in data["healthRecord"]["tests"]] == ["NEGATIVE"]
    (membership,) = data["memberships"]
    assert (membership["group"], membership["remark"]) == ("第一小学", "三年二班靠窗")
    (consent,) = data["consents"]
    assert (consent["group"], consent["givenBy"]) == ("第一小学", "诸葛孔明")
    assert data["relatives"] == data["formerMemberships"] == []
    for secret in (
        other.name,
        "三年三班靠门",
        other.id_number,
        other.phone,
        creator.phone,
        CREATOR,
    ):
        assert secret not in answer.text
    # Who leaves finds themself as they left; who never was anybody finds their account.
    member_id = await member_id_of(member, group_id)
    await creator.change("removeMember", "__typename", memberId=member_id)
    data = (await get(world, (await member.ask(OWN_DATA))["exportMyData"])).json()
    assert data["memberships"] == [] and data["healthRecord"] is None
    assert [former["cause"] for former in data["formerMemberships"]] == ["REMOVED"]
    nobody = await world.someone()
    data = (await get(world, (await nobody.ask(OWN_DATA))["exportMyData"])).json()
    assert set(data) == {"madeAt", "account"} and data["account"]["phone"] == nobody.phone
    assert await world.stranger().error_code(OWN_DATA) == "UNAUTHENTICATED"


async def test_links_are_not_in_the_log(world: World) -> None:  # R34, R37
    group_id, (creator,) = await a_report(world)
    with logged() as log:
        logging.getLogger("uvicorn.error").warning("that a log is kept")
        made = await link(creator, group_id, await today(world))
        own = (await creator.ask(OWN_DATA))["exportMyData"]
        for one in (made, own):
            assert await works(world, one)
        assert not await works(world, {"url": made["url"][:-3]})
    assert "that a log is kept" in log.getvalue()
    for one in (made, own):
        token = one["url"].rsplit("/", 1)[1]
        assert not any(part in log.getvalue() for part in token.split(".")[1:])

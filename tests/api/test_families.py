"""The family list: who comes onto it by their face, and who may be taken off it (R12)."""

from typing import Any

import pytest

from tests.support.families import (
    a_household,
    add_relative,
    relative_input,
    relatives_of,
    request_leave,
    sync,
    verify_relative,
)
from tests.support.person import Person
from tests.support.sms import wait_for_sms
from tests.support.world import World

NODE = "query($id: ID!) { node(id: $id) { ... on Relative { name } } }"
FIELDS = "relative { id name idType idNumberMasked relation student verified }"


async def names_of(guardian: Person) -> list[str]:
    return [relative["name"] for relative in await relatives_of(guardian)]


async def test_a_relative_comes_onto_the_list_by_their_face(world: World) -> None:  # R12
    guardian, child = await world.real_person(), world.stranger()
    entered = relative_input(
        child, student=True, verificationId=await verify_relative(guardian, child)
    )
    added = (await guardian.change("addRelative", FIELDS, **entered))["relative"]
    number = child.id_number
    assert {key: added[key] for key in added if key != "id"} == {
        "name": child.name,
        "idType": "RESIDENT_ID",
        "idNumberMasked": f"{number[:4]}{'*' * 10}{number[-4:]}",
        "relation": "CHILD",
        "student": True,
        "verified": True,
    }
    assert await relatives_of(guardian) == [added]
    assert await relatives_of(await world.real_person()) == []


async def test_nobody_comes_onto_the_list_without_their_own_face(world: World) -> None:  # R12
    guardian, child, other = await world.real_person(), world.stranger(), world.stranger()
    misnamed = world.stranger()
    misnamed.id_number = child.id_number
    failing = await verify_relative(guardian, child)
    await world.faults(identity={"result": "FAILED"})
    try:
        failed = await guardian.refused(
            "addRelative", **relative_input(child, verificationId=failing)
        )
    finally:
        await world.faults()
    assert failed == "VERIFICATION_FAILED"
    used = await verify_relative(guardian, other)
    await guardian.change("addRelative", FIELDS, **relative_input(other, verificationId=used))
    for verification, refusal in (
        (await verify_relative(guardian, other), "VERIFICATION_MISMATCH"),
        (await verify_relative(guardian, misnamed), "VERIFICATION_MISMATCH"),  # not their name
        (await verify_relative(guardian, guardian), "VERIFICATION_MISMATCH"),
        (await verify_relative(guardian, child, "IDENTIFY"), "VERIFICATION_MISMATCH"),
        (await verify_relative(guardian, child, "JOIN"), "VERIFICATION_MISMATCH"),
        (await verify_relative(await world.real_person(), child), "VERIFICATION_REQUIRED"),
        ("garbage", "VERIFICATION_REQUIRED"),
    ):
        request = relative_input(child, verificationId=verification)
        assert await guardian.refused("addRelative", **request) == refusal
    again = relative_input(other, verificationId=used)
    assert await guardian.refused("addRelative", **again) == "VERIFICATION_USED"
    assert await names_of(guardian) == [other.name]


async def test_nobody_is_their_own_relative_nor_has_any_before_a_name(world: World) -> None:  # R12
    guardian, unnamed, child = await world.real_person(), await world.someone(), world.stranger()
    own = relative_input(guardian, verificationId=await verify_relative(guardian, guardian))
    assert await guardian.refused("addRelative", **own) == "RELATIVE_IS_SELF"
    early = relative_input(child, verificationId=await verify_relative(unnamed, child))
    assert await unnamed.refused("addRelative", **early) == "VERIFICATION_REQUIRED"
    assert await sync(unnamed) == ["VERIFICATION_REQUIRED"]
    assert await relatives_of(guardian) == await relatives_of(unnamed) == []


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"idNumber": "440100000000000000"}, "ID_NUMBER_INVALID"),
        ({"name": " "}, "NAME_INVALID"),
        ({"name": "张\u0000"}, "NAME_INVALID"),
        ({"name": "张" * 61}, "NAME_INVALID"),
    ],
)
async def test_what_no_document_says_is_refused(  # R12
    world: World, wrong: dict[str, Any], refusal: str
) -> None:
    guardian, child = await world.real_person(), world.stranger()
    verification = await verify_relative(guardian, child)
    request = relative_input(child, verificationId=verification, **wrong)
    assert await guardian.refused("addRelative", **request) == refusal
    await guardian.change(
        "addRelative", FIELDS, **relative_input(child, verificationId=verification)
    )


async def test_added_twice_a_relative_is_one_as_told_last(world: World) -> None:  # R12
    guardian, child = await world.real_person(), world.stranger()
    first = await add_relative(guardian, child)
    assert await add_relative(guardian, child, student=True) == first
    [listed] = await relatives_of(guardian)
    assert (listed["id"], listed["student"]) == (first, True)


async def test_who_is_enrolled_stays_on_the_list_until_they_left(world: World) -> None:  # R12
    household = await a_household(world)
    guardian, other = household.parent, world.stranger()
    other_id = await add_relative(guardian, other)
    [child_id] = [one["id"] for one in await relatives_of(guardian) if one["id"] != other_id]
    left = await guardian.change("removeRelative", "relatives { id }", relativeId=other_id)
    assert left["relatives"] == [{"id": child_id}]
    assert await guardian.refused("removeRelative", relativeId=child_id) == "RELATIVE_ENROLLED"
    await request_leave(guardian, household.member_id)
    assert await guardian.refused("removeRelative", relativeId=child_id) == "RELATIVE_ENROLLED"
    await household.creator.change("completeLeave", "__typename", memberId=household.member_id)
    await wait_for_sms(guardian, "leave_completed")
    assert await guardian.change("removeRelative", "relatives { id }", relativeId=child_id)
    assert await relatives_of(guardian) == []


async def test_anothers_relative_is_out_of_reach(world: World) -> None:  # R12
    guardian, other, child = await world.real_person(), await world.real_person(), world.stranger()
    relative_id = await add_relative(guardian, child)
    verification = await verify_relative(other, child)
    reach = {"relativeId": relative_id}
    assert await other.refused("removeRelative", **reach) == "RELATIVE_NOT_FOUND"
    verify = reach | {"verificationId": verification}
    assert await other.refused("verifyRelative", **verify) == "RELATIVE_NOT_FOUND"
    assert await other.error_code(NODE, id=relative_id) == "NOT_FOUND"
    assert await other.denied("removeRelative", relativeId="garbage") == "BAD_USER_INPUT"
    assert (await guardian.ask(NODE, id=relative_id))["node"] == {"name": child.name}
    gone = world.stranger()
    assert await gone.error_code("{ me { relatives { id } } }") == "UNAUTHENTICATED"
    assert await gone.denied("removeRelative", **reach) == "UNAUTHENTICATED"

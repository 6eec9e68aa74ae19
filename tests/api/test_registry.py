"""Relatives out of the outside registry: when they come, stay and go (R12)."""

import asyncio
from datetime import timedelta

from tortoise.queryset import QuerySet

from app.models.due import DueWork, WorkKind
from tests.support.families import (
    a_household,
    add_relative,
    enrol,
    enrolling,
    register,
    registry_entry,
    relative_input,
    relatives_of,
    sync,
    verify_relative,
)
from tests.support.in_process import env_of
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

NODE = "query($id: ID!) { node(id: $id) { ... on Relative { name } } }"
FIELDS = "relative { id name idType idNumberMasked relation student verified }"


async def names_of(guardian: Person) -> list[str]:
    return [relative["name"] for relative in await relatives_of(guardian)]


async def test_an_unverified_entry_of_the_registry_needs_the_relatives_face(  # R12
    world: World,
) -> None:
    guardian, child, other = await world.real_person(), world.stranger(), world.stranger()
    creator = await world.real_person()
    token = await creator.invite(await creator.create_group())
    await register(guardian, registry_entry(child, verified=False))
    assert await sync(guardian) == [child.name]
    [listed] = await relatives_of(guardian)
    assert not listed["verified"]
    request = enrolling(token, listed["id"])
    assert await guardian.refused("joinGroup", **request) == "RELATIVE_NOT_VERIFIED"
    misnamed = world.stranger()
    misnamed.id_number = child.id_number
    for face, purpose in ((other, "ADD_RELATIVE"), (misnamed, "ADD_RELATIVE"), (child, "JOIN")):
        verification = await verify_relative(guardian, face, purpose)
        given = {"relativeId": listed["id"], "verificationId": verification}
        assert await guardian.refused("verifyRelative", **given) == "VERIFICATION_MISMATCH"
    given = {"relativeId": listed["id"], "verificationId": await verify_relative(guardian, child)}
    verified = (await guardian.change("verifyRelative", FIELDS, **given))["relative"]
    assert verified == listed | {"verified": True}
    assert await sync(guardian) == [child.name]  # the registry still says unverified
    assert await relatives_of(guardian) == [verified]
    assert len(await enrol(guardian, token, listed["id"])) == 1


async def test_relatives_come_by_themselves_once_one_has_a_name(world: World) -> None:  # R12
    guardian, child, mother = await world.someone(), world.stranger(), world.stranger()
    await register(
        guardian,
        registry_entry(child, student=True),
        registry_entry(mother, relation="PARENT", verified=False),
        registry_entry(guardian, relation="OTHER"),  # a registry may list who was queried
    )
    await guardian.identify()
    listed = await eventually(lambda: relatives_of(guardian), bool)
    seen = {(r["name"], r["relation"], r["student"], r["verified"]) for r in listed}
    expected = {(child.name, "CHILD", True, True), (mother.name, "PARENT", False, False)}
    assert (seen, len(listed)) == (expected, 2)


async def test_relatives_come_by_themselves_to_who_got_a_name_by_joining(  # R6, R12
    world: World,
) -> None:
    creator, guardian, child = await world.real_person(), await world.someone(), world.stranger()
    await register(guardian, registry_entry(child))
    await guardian.join(await creator.invite(await creator.create_group()))
    assert await eventually(lambda: names_of(guardian), bool) == [child.name]


async def nobody_is_fetched_for() -> QuerySet[DueWork]:
    """Wait until nobody's relatives are still to be fetched; return the rows of that work."""
    waiting = DueWork.filter(kind=WorkKind.FETCH_FAMILY)
    await eventually(waiting.count, lambda left: left == 0)
    return waiting


async def test_relatives_come_later_when_the_registry_was_down(world: World) -> None:  # R12
    guardian, child = await world.someone(), world.stranger()
    await register(guardian, registry_entry(child))
    waiting = await nobody_is_fetched_for()
    await world.faults(family={"status": 503})
    try:
        await guardian.identify()
        clock = env_of(world).clock
        # Claimed it would be due in 30 seconds: what is due earlier was tried and put off.
        put_off = waiting.filter(attempts=1).filter
        await eventually(
            lambda: put_off(due_at__lte=clock.now() + timedelta(seconds=15)).count(), bool
        )
        assert await relatives_of(guardian) == []
    finally:
        await world.faults()
    await world.advance(seconds=15)
    assert await eventually(lambda: names_of(guardian), bool) == [child.name]


async def test_a_registry_that_refuses_is_not_asked_again(world: World) -> None:  # R12
    guardian, child = await world.someone(), world.stranger()
    await register(guardian, registry_entry(child))
    waiting = await nobody_is_fetched_for()
    await world.faults(family={"status": 403})
    try:
        await guardian.identify()
        await eventually(waiting.count, lambda left: left == 0)
    finally:
        await world.faults()
    assert await relatives_of(guardian) == []
    assert await sync(guardian) == [child.name]  # by hand at any time


async def test_the_list_follows_the_registry(world: World) -> None:  # R12
    household = await a_household(world)
    guardian, enrolled, token = household.parent, household.child, household.token
    pupil, stays, goes, comes = (world.stranger() for _ in range(4))
    await register(guardian, *(registry_entry(one) for one in (pupil, stays, goes)))
    assert set(await sync(guardian)) == {one.name for one in (enrolled, pupil, stays, goes)}
    [pupil_id] = [one["id"] for one in await relatives_of(guardian) if one["name"] == pupil.name]
    await enrol(guardian, token, pupil_id)
    before = {one["name"]: one["id"] for one in await relatives_of(guardian)}
    await register(
        guardian, registry_entry(stays, relation="SIBLING", student=True), registry_entry(comes)
    )
    # Gone is only who is neither enrolled nor was added by hand.
    assert set(await sync(guardian)) == {one.name for one in (enrolled, pupil, stays, comes)}
    after = {one["name"]: one for one in await relatives_of(guardian)}
    assert all(after[one.name]["id"] == before[one.name] for one in (enrolled, pupil, stays))
    assert (after[stays.name]["relation"], after[stays.name]["student"]) == ("SIBLING", True)
    await register(guardian)  # nobody at all
    assert set(await sync(guardian)) == {enrolled.name, pupil.name}


async def test_what_was_entered_by_hand_is_not_the_registrys_to_change(world: World) -> None:  # R12
    guardian, child, pupil = await world.real_person(), world.stranger(), world.stranger()
    await register(guardian, registry_entry(child))
    assert await sync(guardian) == [child.name]
    for relative in (child, pupil):
        await add_relative(guardian, relative, student=True)
    before = await relatives_of(guardian)
    await register(guardian, *(registry_entry(one, relation="OTHER") for one in (child, pupil)))
    assert await sync(guardian) == [child.name, pupil.name]
    await register(guardian)
    assert await sync(guardian) == [child.name, pupil.name]
    assert await relatives_of(guardian) == before
    assert all(relative["student"] for relative in before)


async def test_a_registry_that_is_down_leaves_the_list_as_it_was(world: World) -> None:  # R12
    guardian, child, other = await world.real_person(), world.stranger(), world.stranger()
    await register(guardian, registry_entry(child))
    assert await sync(guardian) == [child.name]
    await nobody_is_fetched_for()
    await register(guardian, registry_entry(other))
    await world.faults(family={"status": 503})
    try:
        assert await sync(guardian) == ["FAMILY_REGISTRY_UNAVAILABLE"]
    finally:
        await world.faults()
    assert await names_of(guardian) == [child.name]
    assert await sync(guardian) == [other.name]


async def test_one_failed_answer_of_the_registry_is_not_noticed(world: World) -> None:  # R12
    guardian, child = await world.real_person(), world.stranger()
    await register(guardian, registry_entry(child))
    await world.faults(family={"status": 503, "times": 1})
    assert await sync(guardian) == [child.name]


async def test_the_registry_asked_several_times_at_once_answers_each(world: World) -> None:  # R12
    guardian, children = await world.real_person(), [world.stranger() for _ in range(5)]
    await register(guardian, *map(registry_entry, children))
    face = await verify_relative(guardian, children[0])
    request = relative_input(children[0], verificationId=face)
    *answers, _ = await asyncio.gather(
        *(sync(guardian) for _ in range(4)), guardian.change("addRelative", FIELDS, **request)
    )
    for names in (*answers, await names_of(guardian)):
        assert sorted(names) == sorted(child.name for child in children)


async def test_entries_that_make_no_sense_are_left_out(world: World) -> None:  # R12
    guardian, child, *others = await world.real_person(), *(world.stranger() for _ in range(5))
    malformed, misnumbered, illegible, endless = others
    misnumbered.id_number = "440101190001011234"
    illegible.name, endless.name = "李\u0007", "李" * 61
    await register(
        guardian,
        registry_entry(malformed, relation="NEIGHBOUR"),
        registry_entry(misnumbered),
        registry_entry(illegible),
        registry_entry(endless),
        registry_entry(child),
    )
    assert await sync(guardian) == [child.name]


async def test_a_family_list_ends_somewhere(world: World) -> None:  # R12
    guardian, child = await world.real_person(), world.stranger()
    await register(guardian, *(registry_entry(world.stranger()) for _ in range(51)))
    assert len(await sync(guardian)) == 50
    verification = await verify_relative(guardian, child)
    request = relative_input(child, verificationId=verification)
    assert await guardian.refused("addRelative", **request) == "FAMILY_TOO_LARGE"
    first = (await relatives_of(guardian))[0]
    await guardian.change("removeRelative", "relatives { id }", relativeId=first["id"])
    await guardian.change("addRelative", FIELDS, **request)  # the verification was not used up
    assert child.name in await names_of(guardian)

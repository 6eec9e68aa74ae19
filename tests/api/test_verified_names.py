"""A person's name is the newest one verified, everywhere at once (R6)."""

from tests.support.families import (
    a_household,
    add_relative,
    members_listed,
    register,
    registry_entry,
    relatives_of,
    sync,
)
from tests.support.groups import a_group
from tests.support.leaves import former_of, leave
from tests.support.person import Person
from tests.support.verifications import confirm, end
from tests.support.world import World

NEW = "张晓明"
CREATOR = "query($id: ID!) { group(id: $id) { creator { name } } }"


async def names_in(manager: Person, group_id: str) -> set[str]:
    return {member["person"]["name"] for member in await members_listed(manager, group_id)}


async def own_name(person: Person) -> str:
    name: str = (await person.ask("{ me { name } }"))["me"]["name"]
    return name


async def name_listed(guardian: Person) -> str:
    """The name of the only relative on a family list."""
    [relative] = await relatives_of(guardian)
    name: str = relative["name"]
    return name


async def test_a_new_name_on_the_same_document_is_the_persons_everywhere(world: World) -> None:
    creator, admin, spouse = await world.real_person(), await world.someone(), await world.someone()
    group_id, elsewhere = await creator.create_group(), await creator.create_group()
    for group in (group_id, elsewhere):
        await admin.join(await creator.invite(group))
    await leave(admin, elsewhere, creator)
    await spouse.identify()
    await add_relative(spouse, admin)
    admin.name = NEW
    await admin.identify()
    assert await own_name(admin) == await name_listed(spouse) == NEW
    assert await names_in(creator, group_id) == {creator.name, NEW}
    assert [former["name"] for former in await former_of(creator, elsewhere)] == [NEW]
    creator.name = "李新名"
    await creator.identify()
    assert (await admin.ask(CREATOR, id=group_id))["group"]["creator"]["name"] == "李新名"


async def test_a_face_check_for_any_purpose_tells_the_name(world: World) -> None:
    creator, member = await world.real_person(), await world.someone()
    group_id, elsewhere = await creator.create_group(), await creator.create_group()
    await member.join(await creator.invite(group_id))
    member.name = NEW
    await member.join(await creator.invite(elsewhere))
    assert await names_in(creator, group_id) == await names_in(creator, elsewhere)
    assert NEW in await names_in(creator, group_id)


async def test_what_the_registry_corrects_reaches_the_managers(world: World) -> None:  # R12
    household = await a_household(world, parents=2)
    parent, child = household.parent, household.child
    child.name = NEW
    await register(parent, registry_entry(child))
    await sync(parent)
    assert NEW in await names_in(household.creator, household.group_id)
    for guardian in household.parents:
        assert await name_listed(guardian) == NEW


async def test_an_entry_that_is_not_verified_renames_nobody(world: World) -> None:  # R12
    household = await a_household(world)
    parent, stranger, child = household.parent, await world.real_person(), household.child
    before = child.name
    child.name = NEW
    for guardian in (parent, stranger):
        await register(guardian, registry_entry(child, verified=False))
        await sync(guardian)
    assert before in await names_in(household.creator, household.group_id)
    assert await name_listed(parent) == before
    assert await name_listed(stranger) == NEW  # as their registry lists somebody unverified


async def test_the_newest_name_counts_and_not_the_last_to_be_used(world: World) -> None:
    creator, group_id, [person] = await a_group(world)
    first = await person.start_verification("IDENTIFY")
    await end(first, world, "PASSED")
    await world.advance(minutes=1)
    person.name = NEW
    second = await person.start_verification("IDENTIFY")
    await end(second, world, "PASSED")
    assert await confirm(person, second["id"]) == "DONE"
    await world.advance(minutes=1)
    assert await confirm(person, first["id"]) == "DONE"
    assert await own_name(person) == NEW
    assert NEW in await names_in(creator, group_id)


async def test_a_relatives_face_tells_their_name(world: World) -> None:  # R12
    household = await a_household(world)
    guardian, child = await world.real_person(), household.child
    child.name = NEW
    await add_relative(guardian, child)
    assert NEW in await names_in(household.creator, household.group_id)
    assert await name_listed(household.parent) == await name_listed(guardian) == NEW

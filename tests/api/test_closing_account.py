"""Closing an account: at once by its owner, after three years by itself (R34)."""

from app.models.accounts import Account, Device, Session
from app.models.people import Person as PersonRow
from app.models.relatives import Relative
from app.models.verifications import Verification
from tests.support.clock import pass_time
from tests.support.erased import places_of
from tests.support.families import a_household, add_relative
from tests.support.groups import a_group
from tests.support.leaves import former_of, group_view
from tests.support.person import Person
from tests.support.waiting import eventually, settled
from tests.support.world import World

THREE_YEARS = 3 * 365
ME = "{ me { name } }"


async def proved(person: Person) -> dict[str, str]:
    """A code to the account's own phone, for closing it."""
    given = await person.prove("CLOSE_ACCOUNT")
    del given["phone"]
    return given


async def accounts_of(person: Person) -> int:
    return sum(account.phone == person.phone for account in await Account.all())


async def names() -> list[str]:
    return [str(name) for name in await PersonRow.all().values_list("name", flat=True)]


async def test_who_is_in_no_group_is_erased_at_once(world: World) -> None:
    person = await world.real_person()
    await add_relative(person, world.stranger())
    [account_id] = [one.id for one in await Account.all() if one.phone == person.phone]
    relatives = await Relative.all().count()
    payload = await person.change("closeAccount", "kept { what }", **await proved(person))
    assert payload["kept"] == []
    assert await person.error_code(ME) == "UNAUTHENTICATED"
    assert await person.refused("refreshSession", refreshToken=person.refresh_token) == (
        "REFRESH_TOKEN_INVALID"
    )
    assert await accounts_of(person) == 0
    assert person.name not in await names()
    assert await places_of(person.id_number) == set()
    assert await Relative.all().count() == relatives - 1
    for table in (Session, Device, Verification):
        assert await table.filter(account_id=account_id).count() == 0


async def test_the_same_phone_begins_anew_afterwards(world: World) -> None:
    person = await world.real_person()
    await person.change("closeAccount", "kept { what }", **await proved(person))
    await world.advance(minutes=2)
    await person.sign_in()
    assert await person.ask(ME) == {"me": {"name": None}}


async def test_a_face_serves_as_well_as_a_code(world: World) -> None:
    person = await world.real_person()
    passed = await person.verify("CLOSE_ACCOUNT")
    await person.change("closeAccount", "kept { what }", verificationId=passed)
    assert await person.error_code(ME) == "UNAUTHENTICATED"


async def test_nobody_closes_it_without_a_proof(world: World) -> None:
    person, other = await world.real_person(), await world.real_person()
    assert await person.refused("closeAccount") == "CODE_REQUIRED"
    given = await proved(person)
    assert await person.refused("closeAccount", **given | {"code": "000000"}) == "CODE_WRONG"
    assert await person.refused("closeAccount", **await proved(other)) == "CODE_WRONG"
    await world.advance(minutes=2)
    for_signing_in = await person.prove()
    del for_signing_in["phone"]
    assert await person.refused("closeAccount", **for_signing_in) == "CODE_WRONG"
    for_leaving = await person.verify("LEAVE")
    assert (
        await person.refused("closeAccount", verificationId=for_leaving) == "VERIFICATION_MISMATCH"
    )
    assert await world.stranger().denied("closeAccount") == "UNAUTHENTICATED"
    assert await person.ask(ME) == {"me": {"name": person.name}}


async def test_a_member_is_withheld_at_once_and_out_within_a_day(world: World) -> None:  # R42
    creator, group_id, (member,) = await a_group(world, members=1)
    payload = await member.change("closeAccount", "kept { what until }", **await proved(member))
    assert {one["what"] for one in payload["kept"]} >= {"MEMBERSHIP", "FORMER_MEMBER", "MESSAGES"}
    assert await accounts_of(member) == 0
    view = await group_view(creator, group_id)
    assert view["pendingLeaveCount"] == 1
    await pass_time(creator, hours=24)
    await eventually(lambda: former_of(creator, group_id), bool)
    assert (await group_view(creator, group_id))["memberCount"] == 1
    await world.advance(days=30)
    await settled(world)
    await eventually(names, lambda known: member.name not in known)


async def test_a_creator_hands_over_or_dissolves_first(world: World) -> None:  # R16
    creator, group_id, _ = await a_group(world, members=1)
    given = await proved(creator)
    assert await creator.refused("closeAccount", **given) == "CREATOR_CANNOT_LEAVE"
    assert (await group_view(creator, group_id))["memberCount"] == 2
    dissolved = {"verificationId": await creator.verify("DISSOLVE"), "riskAcknowledged": True}
    await creator.change("dissolveGroup", "__typename", groupId=group_id, **dissolved)
    await creator.change("closeAccount", "kept { what }", **given)  # the code wasn't used up
    assert await accounts_of(creator) == 0


async def test_a_child_leaves_with_the_only_guardian_and_stays_with_another(
    world: World,
) -> None:  # R35
    home = await a_household(world, parents=2)
    one, two = home.parents
    await one.change("closeAccount", "kept { what }", **await proved(one))
    assert (await group_view(home.creator, home.group_id))["pendingLeaveCount"] == 0
    await two.change("closeAccount", "kept { what }", **await proved(two))
    assert (await group_view(home.creator, home.group_id))["pendingLeaveCount"] == 1


async def test_who_has_another_account_stays_in_their_groups(world: World) -> None:  # R6
    creator, group_id, (member,) = await a_group(world, members=1)
    other = world.stranger()
    other.name, other.id_number = member.name, member.id_number
    await other.sign_in()
    await other.identify()
    await other.change("closeAccount", "kept { what }", **await proved(other))
    assert (await group_view(creator, group_id))["pendingLeaveCount"] == 0
    assert await member.ask(ME) == {"me": {"name": member.name}}


async def test_what_nobody_used_for_three_years_is_erased(world: World) -> None:
    unused, nobody = await world.real_person(), await world.someone()
    creator, _, (member,) = await a_group(world, members=1)
    await world.advance(days=THREE_YEARS - 1)
    used = await world.real_person()
    await settled(world)
    assert await accounts_of(unused) == await accounts_of(nobody) == 1
    await world.advance(days=2)
    await settled(world)
    await eventually(lambda: accounts_of(unused), lambda left: left == 0)
    assert await accounts_of(nobody) == 0
    known = await names()
    assert unused.name not in known
    assert {used.name, creator.name, member.name} <= set(known)
    assert await accounts_of(creator) == await accounts_of(member) == await accounts_of(used) == 1

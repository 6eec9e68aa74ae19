"""Who someone is: their phone, and the real person behind it (R6, R11)."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from operator import itemgetter
from typing import Any

import pytest

from app.client import resident_id
from tests.support.clock import move_to, today
from tests.support.person import Person
from tests.support.verifications import confirm, end
from tests.support.world import World

ME = "{ me { name realNamed groups { nodes { id viewerRole } } } }"
GROUP = "query($id: ID!) { group(id: $id) { viewerRole } }"
DAY = timedelta(days=1)
shown = itemgetter(slice(20))
X_IDS = (id for id in map(resident_id, itertools.count(700_000)) if id.endswith("X"))


def same_human(other: Person, person: Person) -> Person:
    """The other phone in the hands of this person."""
    other.id_number, other.name = person.id_number, person.name
    return other


async def page(person: Person) -> tuple[Any, bool, dict[str, str]]:
    """What the API shows someone of themselves: name, real-named, roles by group."""
    me = (await person.ask(ME))["me"]
    groups = {group["id"]: group["viewerRole"] for group in me["groups"]["nodes"]}
    return me["name"], me["realNamed"], groups


async def opened(person: Person, **document: str) -> str:
    """Start a verification with a document other than one's own; return its id or the refusal."""
    given = {"idType": "RESIDENT_ID", "idNumber": person.id_number, "name": person.name}
    payload = await person.payload(
        "startIdentityVerification", "verification { id }", purpose="IDENTIFY", **given | document
    )
    found = payload["errors"][0]["code"] if payload["errors"] else payload["verification"]["id"]
    return str(found)


def with_check_digit(first: str) -> str:
    checksum = (1 - 2 * int(first, 13)) % 11
    return first + ("X" if checksum == 10 else str(checksum))


@pytest.mark.parametrize("form", ["{0}", " {1} {2} {3} ", "+86 {1}-{2}-{3}", "86{0}"])
async def test_a_mainland_phone_is_taken_in_every_usual_form(world: World, form: str) -> None:
    person = await world.someone()
    await world.advance(minutes=1)
    bare = person.phone.removeprefix("+86")
    typed = form.format(bare, bare[:3], bare[3:7], bare[7:])
    given = await person.prove() | {"phone": typed}
    payload = await world.stranger().change("signIn", "me { id phone }", **given)
    me = (await person.ask("{ me { id phone } }"))["me"]
    assert payload["me"] == me and me["phone"] == person.phone


async def test_only_a_passed_verification_makes_someone_real_named(world: World) -> None:  # R6
    person = await world.someone()
    verification = await person.start_verification("IDENTIFY")
    await end(verification, world, "FAILED")
    assert await confirm(person, verification["id"]) == "VERIFICATION_FAILED"
    assert await page(person) == (None, False, {})
    await person.identify()
    assert await page(person) == (person.name, True, {})
    await (await person.second_device()).identify()  # the same person again: no session ends
    assert await page(person) == (person.name, True, {})


async def test_with_another_phone_one_is_the_same_person(world: World) -> None:  # R6
    person = await world.real_person()
    group_id = await person.create_group()
    other = same_human(await world.someone(), person)
    assert await other.error_code(GROUP, id=group_id) == "NOT_FOUND"
    await other.identify()
    assert await page(other) == await page(person) == (person.name, True, {group_id: "CREATOR"})
    await other.invite(group_id)


async def test_a_phone_unused_for_90_days_shows_nothing_of_its_person(world: World) -> None:  # R6
    person = await world.real_person()
    group_id = await person.create_group()
    before = await page(person)
    await world.advance(days=89, hours=23)
    await person.sign_in()
    assert await page(person) == before
    await world.advance(days=90)
    await person.sign_in()
    assert await page(person) == (None, False, {})
    assert await person.error_code(GROUP, id=group_id) == "NOT_FOUND"
    assert await person.denied("createInvitation", groupId=group_id) == "NOT_FOUND"
    await person.identify()
    assert await page(person) == before == (person.name, True, {group_id: "CREATOR"})


@pytest.mark.parametrize("days", [0, 90])
async def test_another_person_takes_a_phone_over(world: World, days: int) -> None:  # R6
    person = await world.real_person()
    group_id = await person.create_group()
    await world.advance(days=days)
    old_session = await person.second_device()
    new_owner = same_human(await person.second_device(), world.stranger())
    assert (await page(old_session))[0] == (None if days else person.name)
    await new_owner.identify()
    assert await page(new_owner) == (new_owner.name, True, {})
    assert await new_owner.error_code(GROUP, id=group_id) == "NOT_FOUND"
    for mine in (person, old_session):
        assert await mine.error_code(ME) == "UNAUTHENTICATED"
        seen = await mine.refused("refreshSession", refreshToken=mine.refresh_token)
        assert seen == "REFRESH_TOKEN_INVALID"
    new_phone = same_human(await world.someone(), person)
    await new_phone.identify()
    assert await page(new_phone) == (person.name, True, {group_id: "CREATOR"})


async def test_a_verification_serves_once_also_when_used_twice_at_once(world: World) -> None:  # R6
    person = await world.someone()
    verification_id = await person.verify("IDENTIFY")
    outcomes = await asyncio.gather(*(confirm(person, verification_id) for _ in range(3)))
    assert Counter(outcomes) == {"DONE": 1, "VERIFICATION_USED": 2}
    assert await confirm(person, verification_id) == "VERIFICATION_USED"


async def test_a_verification_serves_ten_minutes(world: World) -> None:  # R6
    person = await world.someone()
    early, late = [await person.start_verification("IDENTIFY") for _ in range(2)]
    await asyncio.gather(*(end(verification, world, "PASSED") for verification in (early, late)))
    await world.advance(minutes=9, seconds=50)
    assert await confirm(person, early["id"]) == "DONE"
    await world.advance(seconds=10)
    assert await confirm(person, late["id"]) == "VERIFICATION_EXPIRED"


async def test_only_a_verification_of_ones_own_for_this_purpose_serves(world: World) -> None:  # R6
    person, other = await world.someone(), await world.real_person()
    theirs = await other.start_verification("IDENTIFY")
    for given in (theirs["id"], "garbage", await other.create_group()):
        assert await confirm(person, given) == "VERIFICATION_REQUIRED"
    for purpose in ("JOIN", "LEAVE", "DISSOLVE", "TRANSFER", "ADD_RELATIVE"):
        verification_id = await person.verify(purpose)
        assert await confirm(person, verification_id) == "VERIFICATION_MISMATCH"
    assert await page(person) == (None, False, {})
    assert await confirm(other, theirs["id"]) == "DONE"


async def test_while_the_identity_provider_is_down_one_is_told_so(world: World) -> None:  # R6
    person = await world.someone()
    verification_id = await person.verify("IDENTIFY")
    try:
        await world.faults(identity={"status": 503})
        assert await opened(person) == "IDENTITY_SERVICE_UNAVAILABLE"
        await world.faults(identity={"status": 403})
        assert await confirm(person, verification_id) == "IDENTITY_SERVICE_UNAVAILABLE"
    finally:
        await world.faults()
    assert await confirm(person, verification_id) == "DONE"


SPELLINGS: dict[str, Callable[[str], str]] = {
    "lower case": str.lower,
    "full width": lambda number: "".join(chr(ord(char) + 0xFEE0) for char in number),
    "spaced": " ".join,
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS)
async def test_a_resident_id_is_the_same_in_every_spelling(
    world: World, spell: Callable[[str], str]
) -> None:  # R6
    person, other = await world.someone(), await world.someone()
    person.id_number = next(X_IDS)
    await person.identify()
    group_id = await person.create_group()
    assert await confirm(other, await opened(other, idNumber=spell(person.id_number))) == "DONE"
    assert (await page(other))[2] == {group_id: "CREATOR"}


GOOD, BEHIND = resident_id(1), " " * 80 + "1"
WRONG_CHECK_DIGIT = GOOD[:17] + ("0" if GOOD[17] == "1" else "1")
WRONG_LENGTHS_OF_ID = ["", GOOD[1:], GOOD + "0", GOOD[:6] + GOOD[8:17], "1" * 10_000]
BIRTHDAYS = ("21990101", "19800230", "19801301", "20230229", "00000000")
IMPOSSIBLE_BIRTHDAYS = [with_check_digit(f"440101{day}001") for day in BIRTHDAYS]
NO_IDS = [WRONG_CHECK_DIGIT, *WRONG_LENGTHS_OF_ID, *IMPOSSIBLE_BIRTHDAYS, "A" * 18, GOOD + BEHIND]


async def test_a_newborn_is_born_by_the_calendar_of_the_zone(world: World) -> None:  # R11
    await move_to(world, hour=1)  # in Shanghai; still the day before in UTC
    born = await today(world)
    numbers = [with_check_digit(f"440101{day:%Y%m%d}001") for day in (born, born + DAY)]
    newborn = await opened(await world.someone(), idNumber=numbers[0])
    assert newborn != "ID_NUMBER_INVALID"
    assert await opened(await world.someone(), idNumber=numbers[1]) == "ID_NUMBER_INVALID"


NO_PASSPORTS = [
    "",
    "1234",
    "-----",
    "E1234;678",
    "护照12345",
    "E" * 41,
    "E" * 10_000,
    "E1234" + BEHIND,
]


@pytest.mark.parametrize("number", NO_IDS, ids=shown)
async def test_what_is_no_resident_id_is_refused(world: World, number: str) -> None:  # R11
    assert await opened(await world.someone(), idNumber=number) == "ID_NUMBER_INVALID"


@pytest.mark.parametrize("number", NO_PASSPORTS, ids=shown)
async def test_what_is_no_passport_is_refused(world: World, number: str) -> None:  # R11
    document = {"idType": "PASSPORT", "idNumber": number}
    assert await opened(await world.someone(), **document) == "ID_NUMBER_INVALID"


OTHER_DOCUMENTS = [
    ("HK_MACAO_PERMIT", "H12345678"),
    ("TAIWAN_PERMIT", "01234567"),
    ("PASSPORT", "e12345678"),
    ("PASSPORT", "ＥＡ1234567"),
    ("FOREIGN_RESIDENT_CARD", "CHN110198001015"),
]


@pytest.mark.parametrize(("id_type", "number"), OTHER_DOCUMENTS)
async def test_every_document_makes_real_named(world: World, id_type: str, number: str) -> None:
    person = await world.someone()  # R11
    verification = await opened(person, idType=id_type, idNumber=number)
    assert await confirm(person, verification) == "DONE"
    assert (await page(person))[:2] == (person.name, True)


async def test_what_is_no_name_is_refused(world: World) -> None:  # R6
    person = await world.someone()
    for name in ("", "   ", "\u3000", "张\n三", "张\x00三", "x" * 61, "x" * 10_000):
        assert await opened(person, name=name) == "NAME_INVALID", name[:80]
    assert await confirm(person, await opened(person, name=f" {'x' * 60} ")) == "DONE"
    assert (await page(person))[0] == "x" * 60


async def test_a_page_waits_for_the_person_before_the_camera_by_reading(world: World) -> None:
    person = await world.someone()
    check = "verification { id url status }"
    given = {"idType": "RESIDENT_ID", "idNumber": person.id_number, "name": person.name}
    started = await person.change("startIdentityVerification", check, purpose="IDENTIFY", **given)
    verification = started["verification"]
    status = "query($id: ID!) { node(id: $id) { ... on IdentityVerification { status } } }"

    async def read() -> str:
        await world.advance(seconds=2)  # sooner nobody is asked
        told: str = (await person.ask(status, id=verification["id"]))["node"]["status"]
        return told

    await world.http.get(verification["url"])  # somebody looks at it
    assert await read() == "PENDING"
    await world.faults(identity={"status": 503, "times": 4})
    assert await read() == "PENDING"
    await world.faults()
    await world.http.post(verification["url"], json={"status": "FAILED"})
    assert await read() == "FAILED"

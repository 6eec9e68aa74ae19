"""Texts as real people have them: new characters, and marks that nobody sees (R6, R9, R11, R32)."""

from typing import Any

import pytest

from app.client import resident_id
from tests.support.families import (
    register,
    registry_entry,
    relative_input,
    relatives_of,
    sync,
    verify_relative,
)
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World

NEW: dict[str, Any] = {
    "name": "第一小学",
    "type": "SCHOOL",
    "address": "天河路 1 号",
    "consent": True,
}
NUMBERS = [resident_id(serial) for serial in range(640_000, 640_100)]
NEW_CHARACTERS = ["李\U0002ebf1", "王\U00031351", "陈\U000323b1"]


async def refusal(person: Person, **fields: Any) -> tuple[str, str]:
    """Why a group isn't created: the code and the sentence."""
    payload = await person.payload("createGroup", "group { id }", **NEW | fields)
    (error,) = payload["errors"]
    return error["code"], error["message"]


@pytest.mark.parametrize("name", NEW_CHARACTERS)
async def test_a_name_of_new_characters_is_a_name(world: World, name: str) -> None:  # R6
    person = await world.someone()
    person.name = name
    await person.identify()
    assert (await person.ask("{ me { name } }"))["me"]["name"] == name
    assert await person.create_group(name=name)


async def test_a_child_whose_name_is_new_comes_from_the_registry(world: World) -> None:  # R12
    guardian, children = await world.real_person(), [world.stranger() for _ in NEW_CHARACTERS]
    for child, name in zip(children, NEW_CHARACTERS, strict=True):
        child.name = name
    await register(guardian, *map(registry_entry, children))
    assert sorted(await sync(guardian)) == sorted(NEW_CHARACTERS)


@pytest.mark.parametrize("blank", ["\u3164", "\u2800", "\u115f\u1160", "\u200b\ufeff", "\u034f"])
async def test_what_shows_nothing_is_no_text(world: World, blank: str) -> None:  # R6, R9, R32
    creator, member = await world.real_person(), await world.someone()
    assert await refusal(creator, name=blank) == (
        "NAME_INVALID",
        "The name can't be taken: it is empty.",
    )
    assert (await refusal(creator, address=blank))[0] == "ADDRESS_INVALID"
    group_id = await creator.create_group()
    policy = {"remarkPrompt": blank, "remarkRequired": True}
    changed = await creator.change(
        "setInvitationPolicy",
        "group { invitationPolicy { remarkPrompt } }",
        groupId=group_id,
        **policy,
    )
    assert changed["group"]["invitationPolicy"] == {"remarkPrompt": ""}
    token = await creator.invite(group_id)
    me = {"self": True, "remark": blank, "verificationId": await member.verify("JOIN")}
    joining = {"token": token, "consent": True, "people": [me]}
    assert await member.refused("joinGroup", **joining) == "REMARK_REQUIRED"


async def test_what_nobody_sees_reaches_no_name_and_no_sms(world: World) -> None:  # R6
    creator = await world.real_person()
    group_id = await creator.create_group(name="第一\u202e小学\u2066", address="天河\u200b路")
    group = await creator.ask("query($id: ID!) { group(id: $id) { name address } }", id=group_id)
    assert group["group"] == {"name": "第一小学", "address": "天河路"}


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("张\u0007", "The name can't be taken: it holds a character that can't be used: U+0007."),
        ("张\ue000", "The name can't be taken: it holds a character that can't be used: U+E000."),
        ("张\ufdd0", "The name can't be taken: it holds a character that can't be used: U+FDD0."),
        ("校" * 61, "The name can't be taken: it can have 60 characters at most."),
        (" ", "The name can't be taken: it is empty."),
    ],
)
async def test_the_reason_given_is_the_true_one(world: World, name: str, reason: str) -> None:
    assert await refusal(await world.real_person(), name=name) == ("NAME_INVALID", reason)
    chinese = await world.real_person()
    chinese.language = "zh"
    code, sentence = await refusal(chinese, name=name)
    assert code == "NAME_INVALID" and sentence.startswith("名称不可用") and "fault" not in sentence


async def test_a_phone_is_read_however_it_was_copied(world: World) -> None:
    person = await world.someone()
    await world.advance(minutes=1)
    bare = person.phone.removeprefix("+86")
    wide = "".join(chr(ord(digit) + 0xFEE0) for digit in bare)
    for typed in (
        f"\u202a+86\u00a0{bare}\u202c",
        f"＋８６{wide}",
        f"{bare[:3]}\u2011{bare[3:]}\u200b",
    ):
        await world.advance(minutes=1)
        entered = {"phone": typed, "purpose": "SIGN_IN"}
        payload = await world.stranger().payload("requestVerificationCode", "__typename", **entered)
        assert payload["errors"] == [], typed


FACES = [("阿依古丽·买买提", "阿依古丽•买买提"), ("Anne-Marie O’Brien", "ANNE MARIE  O'BRIEN")]


@pytest.mark.parametrize(("listed", "face"), FACES)
async def test_a_face_may_spell_a_name_in_its_own_way(
    world: World, listed: str, face: str
) -> None:  # R6, R12
    guardian, child = await world.real_person(), world.stranger()
    child.name = listed
    await register(guardian, registry_entry(child, verified=False))
    await sync(guardian)
    [relative] = await relatives_of(guardian)
    child.name = face
    given = {"relativeId": relative["id"], "verificationId": await verify_relative(guardian, child)}
    await guardian.change("verifyRelative", "relative { id }", **given)
    other = world.stranger()
    other.name = listed
    check = await verify_relative(guardian, other)
    entered = relative_input(other, verificationId=check) | {"name": face}
    await guardian.change("addRelative", "relative { id }", **entered)


async def test_a_renewed_permit_makes_nobody_new(world: World) -> None:  # R6
    person, other = await world.someone(), await world.someone()

    async def passes(by: Person, number: str) -> str:
        document = {"idType": "HK_MACAO_PERMIT", "idNumber": number, "name": person.name}
        opened = await by.change(
            "startIdentityVerification", "verification { id }", purpose="IDENTIFY", **document
        )
        check: str = opened["verification"]["id"]
        await by.change("confirmIdentity", "me { id }", verificationId=check)
        return check

    number = f"H{resident_id(31_000)[-8:-1].replace('X', '0')}1"
    await passes(person, number)
    group_id = await person.create_group()
    await passes(other, f"{number.lower()}02")
    group = await other.ask("query($id: ID!) { group(id: $id) { viewerRole } }", id=group_id)
    assert group["group"] == {"viewerRole": "CREATOR"}


async def test_an_answer_is_about_whom_was_asked_however_it_is_written(world: World) -> None:
    creator, member = await world.real_person(), await world.someone()  # R6, R20
    member.id_number = next(number for number in NUMBERS if number.endswith("X"))
    token = await creator.invite(group_id := await creator.create_group())
    await world.set_record(member.id_number.lower(), health_code="RED")
    await member.join(token)
    await eventually(lambda: colour_of(creator, group_id), lambda colour: colour == "RED")


async def colour_of(person: Person, group_id: str) -> str:
    group = await person.ask("query($id: ID!) { group(id: $id) { colour } }", id=group_id)
    colour: str = group["group"]["colour"]
    return colour


def copied(secret: str) -> str:
    """A secret as it comes out of a message: wrapped, marked, in full width here and there."""
    return f"\u2068{secret[:5]}\n{secret[5:9]}\u200b{secret[9:-1]}{chr(ord(secret[-1]) + 0xFEE0)} "


async def test_a_token_is_read_however_it_was_copied(world: World) -> None:  # R10, R40
    creator, member = await world.real_person(), await world.someone()
    token = await creator.invite(await creator.create_group())
    await member.join(copied(token))
    entered = {"refreshToken": copied(member.refresh_token)}
    payload = await world.stranger().payload("refreshSession", "__typename", **entered)
    assert payload["errors"] == []

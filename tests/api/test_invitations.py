"""Invitations: made, shown, listed, withdrawn, expired (R9, R10, R11)."""

import json
from datetime import datetime, timedelta
from xml.etree import ElementTree

import pytest

from app.domain.sharing import SharedData
from app.domain.terms import CURRENT
from tests.support.person import Person
from tests.support.world import World

WHOLE = "invitation { id token url qrSvg invitedBy createdAt expiresAt }"
PREVIEW = """query($token: String!) { invitation(token: $token) {
    group { name type address } invitedBy expiresAt state remarkPrompt remarkRequired sharedData
} }"""
STATE = "query($token: String!) { invitation(token: $token) { state } }"
LIST = """query($id: ID!) { group(id: $id) {
    invitations { nodes { id token url invitedBy expiresAt } }
} }"""


async def group_of(world: World) -> tuple[Person, str]:
    """Someone who owns a group, and its id."""
    creator = await world.real_person()
    return creator, await creator.create_group()


async def make(person: Person, group_id: str) -> dict[str, str]:
    payload = await person.change("createInvitation", WHOLE, groupId=group_id)
    made: dict[str, str] = payload["invitation"]
    return made


async def withdraw(person: Person, invitation: dict[str, str]) -> None:
    payload = await person.change(
        "withdrawInvitation", "group { name }", invitationId=invitation["id"]
    )
    assert payload["group"] == {"name": "第一小学"}


async def listed(person: Person, group_id: str) -> list[str]:
    """The ids of the invitations that a manager sees."""
    group = (await person.ask(LIST, id=group_id))["group"]
    return [invitation["id"] for invitation in group["invitations"]["nodes"]]


async def state(person: Person, invitation: dict[str, str]) -> str:
    found: str = (await person.ask(STATE, token=invitation["token"]))["invitation"]["state"]
    return found


async def member_of(creator: Person, group_id: str) -> Person:
    member = await creator.world.someone()
    await member.join(await creator.invite(group_id))
    return member


async def join(person: Person, invitation: dict[str, str]) -> str:
    """``DONE``, or the code of the refusal."""
    joining = await person.joining(invitation["token"])
    payload = await person.payload("joinGroup", "members { id }", **joining)
    return str(payload["errors"][0]["code"]) if payload["errors"] else "DONE"


async def test_an_invitation_is_a_link_and_a_qr_image_for_24_hours(world: World) -> None:  # R9, R10
    creator, group_id = await group_of(world)
    made, other = [await make(creator, group_id) for _ in range(2)]
    assert made["token"] in made["url"] and made["url"].startswith("http")
    assert len(made["token"]) >= 32 and made["token"] != other["token"]
    made_at, until = (datetime.fromisoformat(made[name]) for name in ("createdAt", "expiresAt"))
    assert until - made_at == timedelta(hours=24)
    assert made["invitedBy"] == creator.name
    for invitation in (made, other):
        image = ElementTree.fromstring(invitation["qrSvg"])
        assert image.tag == "{http://www.w3.org/2000/svg}svg"
        width, height = (
            float(image.attrib[side].removesuffix("px")) for side in ("width", "height")
        )
        assert image.attrib["viewBox"].split() == ["0", "0", f"{width:g}", f"{height:g}"]
        ground, modules = image.findall(".//{*}path")  # white under black, on whatever page
        assert ground.attrib["fill"] in ("#fff", "white") and modules.attrib["stroke"] == "#000"
    assert made["qrSvg"] != other["qrSvg"]


async def test_someone_about_to_join_sees_by_whom_and_to_what(world: World) -> None:  # R11
    creator, group_id = await group_of(world)
    made = await make(creator, group_id)
    someone = await world.someone()
    assert (await someone.ask(PREVIEW, token=made["token"]))["invitation"] == {
        "group": {"name": "第一小学", "type": "SCHOOL", "address": "广州"},
        "invitedBy": creator.name,
        "expiresAt": made["expiresAt"],
        "state": "OPEN",
        "remarkPrompt": "",
        "remarkRequired": False,
        "sharedData": [data.value for data in SharedData],  # R11: all that managers see
    }
    terms = "query($token: String!) { invitation(token: $token) { terms { version text } } }"
    for language in ("zh", "en"):
        someone.language = language
        shown = (await someone.ask(terms, token=made["token"]))["invitation"]["terms"]
        assert shown == {"version": CURRENT.version, "text": CURRENT.texts[language]}
        public = (await world.stranger(language).ask("{ terms { version text } }"))["terms"]
        assert public == shown
    signed_out = world.stranger()
    assert await signed_out.error_code(PREVIEW, token=made["token"]) == "UNAUTHENTICATED"
    joining = {"token": made["token"], "consent": True, "people": [{"self": True}]}
    assert await signed_out.denied("joinGroup", **joining) == "UNAUTHENTICATED"


async def test_many_join_by_one_invitation_for_24_hours(world: World) -> None:  # R10
    creator, group_id = await group_of(world)
    made = await make(creator, group_id)
    assert [await join(await world.someone(), made) for _ in range(2)] == ["DONE", "DONE"]
    await world.advance(hours=23, minutes=59)
    in_time, late = await world.someone(), await world.someone()
    assert await state(in_time, made) == "OPEN"
    assert await join(in_time, made) == "DONE"
    await world.advance(minutes=1)
    assert await state(late, made) == "EXPIRED"
    assert await join(late, made) == "INVITATION_EXPIRED"
    await creator.sign_in()
    assert await join(late, await make(creator, group_id)) == "DONE"


async def test_nobody_joins_by_a_withdrawn_invitation(world: World) -> None:  # R10
    creator, group_id = await group_of(world)
    withdrawn, other = [await make(creator, group_id) for _ in range(2)]
    late = await world.someone()
    for _ in range(2):  # twice is harmless
        await withdraw(creator, withdrawn)
        assert await state(late, withdrawn) == "WITHDRAWN"
        assert await join(late, withdrawn) == "INVITATION_WITHDRAWN"
    assert await state(late, other) == "OPEN"
    assert await join(late, other) == "DONE"


async def test_an_invitation_withdrawn_after_its_time_is_harmless(world: World) -> None:  # R10
    creator, group_id = await group_of(world)
    made = await make(creator, group_id)
    await world.advance(hours=24)
    await creator.sign_in()
    await withdraw(creator, made)
    assert await join(await world.someone(), made) in ("INVITATION_WITHDRAWN", "INVITATION_EXPIRED")


@pytest.mark.parametrize("token", ["", "x", "../..", "A" * 43, "x" * 10_000], ids=len)
async def test_a_made_up_token_leads_nowhere(world: World, token: str) -> None:  # R10
    person = await world.someone()
    assert await person.error_code(PREVIEW, token=token) == "NOT_FOUND"
    assert await join(person, {"token": token}) == "INVITATION_NOT_FOUND"


SECRETS = {
    "query($half: String!) { it: invitation(token: $half) { state } }": "NOT_FOUND",
    """mutation($half: String!) { it: joinGroup(input: {
        token: $half, consent: true, people: [{self: true}]
    }) { errors { code } } }""": "INVITATION_NOT_FOUND",
    """mutation($half: String!) { it: signIn(input: {
        phone: "PHONE", code: $half, challenge: $half
    }) { errors { code } } }""": "CODE_WRONG",
    """mutation($half: String!) { it: refreshSession(input: {refreshToken: $half}) {
        errors { code }
    } }""": "REFRESH_TOKEN_INVALID",
}


@pytest.mark.parametrize(("query", "refusal"), SECRETS.items(), ids=SECRETS.values())
async def test_half_an_emoji_is_nobodys_secret(world: World, query: str, refusal: str) -> None:
    person = await world.someone()  # R10, R40
    await world.advance(minutes=1)
    await person.prove()
    half = {"half": "\ud83d"}  # which JSON can say and UTF-8 can't
    body = json.dumps({"query": query.replace("PHONE", person.phone), "variables": half})
    headers = {"authorization": f"Bearer {person.token}", "content-type": "application/json"}
    answer = await world.http.post(f"{world.url}/graphql", content=body, headers=headers)
    seen = answer.json()
    if "errors" in seen:
        assert seen["errors"][0]["extensions"]["code"] in (refusal, "BODY_NOT_JSON")
    else:
        assert seen["data"]["it"]["errors"] == [{"code": refusal}]


async def test_managers_see_the_invitations_that_still_let_people_in(world: World) -> None:  # R9
    creator, group_id = await group_of(world)
    old = await make(creator, group_id)
    assert await listed(creator, group_id) == [old["id"]]
    await world.advance(hours=23)
    await creator.sign_in()
    new, withdrawn = [await make(creator, group_id) for _ in range(2)]
    await withdraw(creator, withdrawn)
    assert await listed(creator, group_id) == [old["id"], new["id"]]
    await world.advance(hours=1)
    await creator.sign_in()
    (only,) = (await creator.ask(LIST, id=group_id))["group"]["invitations"]["nodes"]
    assert only == {name: new[name] for name in ("id", "token", "url", "invitedBy", "expiresAt")}


async def test_only_managers_see_invitations(world: World) -> None:  # R9
    creator, group_id = await group_of(world)
    member, outsider = await member_of(creator, group_id), await world.real_person()
    body = await member.send(LIST, id=group_id)
    assert body["data"] == {"group": {"invitations": None}}
    people = (member, outsider, world.stranger())
    denials = [await person.error_code(LIST, id=group_id) for person in people]
    assert denials == ["FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED"]


async def test_only_managers_make_and_withdraw_invitations(world: World) -> None:  # R9
    creator, group_id = await group_of(world)
    member, outsider = await member_of(creator, group_id), await world.real_person()
    made = await make(creator, group_id)
    live = await listed(creator, group_id)
    for operation, given in (
        ("createInvitation", {"groupId": group_id}),
        ("withdrawInvitation", {"invitationId": made["id"]}),
    ):
        people = (member, outsider, world.stranger())
        denials = [await person.denied(operation, **given) for person in people]
        assert denials == ["FORBIDDEN", "NOT_FOUND", "UNAUTHENTICATED"]
    assert await listed(creator, group_id) == live
    assert await state(outsider, made) == "OPEN"


async def test_the_creator_of_another_group_has_no_say(world: World) -> None:  # R9
    creator, group_id = await group_of(world)
    made = await make(creator, group_id)
    other, _ = await group_of(world)
    assert await other.denied("withdrawInvitation", invitationId=made["id"]) == "NOT_FOUND"
    assert await other.denied("createInvitation", groupId=group_id) == "NOT_FOUND"
    assert await creator.denied("createInvitation", groupId=made["id"]) == "BAD_USER_INPUT"
    assert await creator.denied("withdrawInvitation", invitationId=group_id) == "BAD_USER_INPUT"

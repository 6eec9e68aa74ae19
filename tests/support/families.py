"""Families to test with: guardians, their relatives, and what they enrol them by.

A relative is a ``Person`` too: a stranger with a document and a face, until they sign in.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from tests.support.leaves import leave_request
from tests.support.person import Person, Socket
from tests.support.world import World

RELATIVES = """{ me { relatives {
    id name idType idNumberMasked relation student verified } } }"""

SYNC = """mutation { syncRelatives {
    relatives { id name relation student verified } errors { code } } }"""

PAGE = "query($id: ID!) { group(id: $id) { name type address colour creator { name } } }"

GROUPS = "{ me { groups { nodes { id viewerRole viewerMembers { id } } } } }"

OWN = """query($id: ID!) { group(id: $id) { viewerRole viewerMembers {
    id role remark phone enrolledBy { name } person { name student }
    leaveRequest { reason } } } }"""

MEMBERS = """query($id: ID!) { group(id: $id) { memberCount members { nodes {
    id role phone remark enrolledBy { name } person { name student } } } } }"""


def face_of(guardian: Person, relative: Person) -> Person:
    """The guardian's session, before the relative's camera."""
    return replace(guardian, name=relative.name, id_number=relative.id_number)


async def verify_relative(guardian: Person, relative: Person, purpose: str = "ADD_RELATIVE") -> str:
    """Start a verification of a relative's face in the guardian's session; return its id."""
    return await face_of(guardian, relative).verify(purpose)


def relative_input(relative: Person, **fields: Any) -> dict[str, Any]:
    """What a guardian enters of a relative."""
    return {**relative.document, "relation": "CHILD", **fields}


async def add_relative(guardian: Person, relative: Person, **fields: Any) -> str:
    """Put a relative on the family list by their face; return the relative's id."""
    entered = relative_input(relative, verificationId=await verify_relative(guardian, relative))
    payload = await guardian.change("addRelative", "relative { id }", **entered, **fields)
    relative_id: str = payload["relative"]["id"]
    return relative_id


async def relatives_of(guardian: Person) -> list[dict[str, Any]]:
    """The family list as its owner reads it."""
    relatives: list[dict[str, Any]] = (await guardian.ask(RELATIVES))["me"]["relatives"]
    return relatives


def registry_entry(relative: Person, **fields: Any) -> dict[str, Any]:
    """How the registry lists a relative."""
    document = {"id_type": "RESIDENT_ID", "id_number": relative.id_number}
    return {"name": relative.name, **document, "relation": "CHILD", **fields}


async def register(guardian: Person, *entries: Mapping[str, Any]) -> None:
    """Have the outside registry list these as someone's relatives from now on."""
    world = guardian.world
    path = f"{world.sandbox}/relatives/RESIDENT_ID/{guardian.id_number}"
    (await world.http.put(path, json=list(entries))).raise_for_status()


async def sync(guardian: Person) -> list[str]:
    """Bring the list in line with the registry; return the names on it, or the refusal's code."""
    payload = (await guardian.ask(SYNC))["syncRelatives"]
    listed = payload["relatives"] or ()
    return [error["code"] for error in payload["errors"]] or [one["name"] for one in listed]


def enrolling(token: str, *relative_ids: str) -> dict[str, Any]:
    """The input with which these relatives are enrolled."""
    people = [{"relativeId": relative_id, "remark": "一年级"} for relative_id in relative_ids]
    return {"token": token, "consent": True, "people": people}


async def enrolling_too(guardian: Person, token: str, *relative_ids: str) -> dict[str, Any]:
    """The same with the guardian themself ahead of them, by a new verification of their face."""
    own = await guardian.joining(token)
    return own | {"people": own["people"] + enrolling(token, *relative_ids)["people"]}


async def join_with(guardian: Person, request: Mapping[str, Any]) -> list[str]:
    """Join by this input; return the memberships' ids."""
    payload = await guardian.change("joinGroup", "members { id }", **request)
    return [member["id"] for member in payload["members"]]


async def enrol(guardian: Person, token: str, *relative_ids: str) -> list[str]:
    """Enrol relatives, without the guardian; return the memberships' ids."""
    return await join_with(guardian, enrolling(token, *relative_ids))


async def group_seen_by(person: Person, group_id: str) -> dict[str, Any]:
    """What someone sees of a group of their own and their wards."""
    group: dict[str, Any] = (await person.ask(OWN, id=group_id))["group"]
    return group


async def members_listed(creator: Person, group_id: str) -> list[dict[str, Any]]:
    """The members whom the creator sees, in the order of joining; the count agrees."""
    group = (await creator.ask(MEMBERS, id=group_id))["group"]
    members: list[dict[str, Any]] = group["members"]["nodes"]
    assert len(members) == group["memberCount"]
    return members


async def groups_of(person: Person) -> list[dict[str, Any]]:
    """The groups that someone is shown as theirs."""
    groups: list[dict[str, Any]] = (await person.ask(GROUPS))["me"]["groups"]["nodes"]
    return groups


async def is_out(person: Person, group_id: str) -> bool:
    """Whether someone finds the group nowhere any more."""
    gone = await person.error_code(PAGE, id=group_id) == "NOT_FOUND"
    return gone and group_id not in [group["id"] for group in await groups_of(person)]


async def code_at_the_end(socket: Socket) -> str:
    """Wait for the coded end of the one subscription."""
    message = await socket.receive()
    while not (errors := message["payload"].get("errors")):
        message = await socket.receive()
    code: str = errors[0]["extensions"]["code"]
    assert (await socket.receive())["type"] == "complete"
    return code


@dataclass
class Household:
    """A group that a child was enrolled in, by one guardian or by both."""

    creator: Person
    group_id: str
    token: str
    parents: list[Person]
    child: Person
    member_id: str

    @property
    def parent(self) -> Person:
        """The guardian who enrolled the child first."""
        return self.parents[0]


async def a_household(world: World, parents: int = 1) -> Household:
    """A group, and a child without an account whom each of the parents enrolled in it."""
    creator, *guardians = await asyncio.gather(*(world.real_person() for _ in range(parents + 1)))
    group_id = await creator.create_group()
    token, child = await creator.invite(group_id), world.stranger()
    for guardian in guardians:
        [member_id] = await enrol(guardian, token, await add_relative(guardian, child))
    return Household(creator, group_id, token, guardians, child, member_id)


async def come_of_age(child: Person) -> None:
    """Have an enrolled child sign in with a phone of their own and show their document."""
    await child.sign_in()
    await child.identify()


async def request_leave(person: Person, member_id: str, **fields: Any) -> None:
    """Ask for oneself or a ward to leave, with one's own face."""
    request = await leave_request(person, member_id, **fields)
    await person.change("requestLeave", "member { id }", **request)


async def enrol_child(guardian: Person, token: str, child: Person) -> str:
    """Have a real-named guardian enrol a child; return the child's membership."""
    [member_id] = await enrol(guardian, token, await add_relative(guardian, child))
    return member_id

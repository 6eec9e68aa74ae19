"""Quotas: what costs money or reaches other systems, tried by many at once."""

import asyncio
from collections import Counter
from typing import Any, Final

import pytest

from app import models
from app.client import mutation
from app.domain.limits import LIVE_INVITATIONS, LIVE_INVITATIONS_OF_ONE
from app.domain.quotas import ALLOWANCES, Quota, Whose
from app.models.statements import dialect
from tests.support.clock import move_to
from tests.support.person import Person
from tests.support.statements import counted_statements
from tests.support.world import World

INVITE: Final = mutation("createInvitation", "invitation { id }")


async def outcome(person: Person, query: str, **variables: Any) -> str:
    """OK, or the code of what was refused."""
    body = await person.send(query, **variables)
    if body.get("errors"):
        [error] = body["errors"]
        if error["extensions"]["code"] == "RATE_LIMITED":
            assert error["extensions"]["retryAfterSeconds"] > 0
        return str(error["extensions"]["code"])
    [payload] = body["data"].values()
    return str(payload["errors"][0]["code"]) if payload["errors"] else "OK"


async def at_once(times: int, person: Person, query: str, **variables: Any) -> Counter[str]:
    return Counter(
        await asyncio.gather(*(outcome(person, query, **variables) for _ in range(times)))
    )


def hourly(quota: Quota, whose: Whose = Whose.PERSON) -> int:
    return next(one.most for one in ALLOWANCES[quota] if one.whose is whose and one.hours == 1)


async def test_face_checks_are_bounded_a_person_however_many_at_once(world: World) -> None:
    await move_to(world)  # to the beginning of an hour
    person, other = world.stranger(), await world.real_person()
    await person.sign_in()
    await person.identify()
    opened = 1  # to be real-named
    query = mutation("startIdentityVerification", "verification { id }")
    asked = {"purpose": "JOIN", "name": person.name, **person.document}
    found = await at_once(200, person, query, input=asked)
    most = hourly(Quota.FACE_CHECKS)
    assert found == {"OK": most - opened, "RATE_LIMITED": 200 - most + opened}
    others = {"purpose": "JOIN", "name": other.name, **other.document}
    assert await outcome(other, query, input=others) == "OK"
    await world.advance(hours=1)
    await person.renew()
    assert await outcome(person, query, input=asked) == "OK"


@pytest.mark.parametrize(
    ("query", "quota"),
    [
        ("mutation { syncRelatives { errors { code } } }", Quota.FAMILY_LOOKUPS),
        ("mutation { exportMyData { errors { code } } }", Quota.OWN_EXPORTS),
    ],
    ids=["syncRelatives", "exportMyData"],
)
async def test_what_reaches_out_for_oneself_is_bounded(
    world: World, query: str, quota: Quota
) -> None:
    await move_to(world)
    person = await world.real_person()
    found = await at_once(100, person, query)
    assert found == {"OK": hourly(quota), "RATE_LIMITED": 100 - hourly(quota)}


async def test_invitations_that_work_are_bounded_a_manager_and_a_group(world: World) -> None:  # R9
    await move_to(world)
    creator = await world.real_person()
    group = await creator.create_group()
    asked = {"groupId": group}
    found = await at_once(150, creator, INVITE, input=asked)
    assert found == {"OK": LIVE_INVITATIONS_OF_ONE, "TOO_MANY_INVITATIONS": 50}
    [one, *_] = (
        await creator.ask(
            "query($id: ID!) { group(id: $id) { invitations { nodes { id } } } }", id=group
        )
    )["group"]["invitations"]["nodes"]
    await creator.change("withdrawInvitation", "group { id }", invitationId=one["id"])
    assert await outcome(creator, INVITE, input=asked) == "OK"
    await world.advance(hours=25)
    await creator.sign_in_again()
    assert await outcome(creator, INVITE, input=asked) == "OK"
    assert LIVE_INVITATIONS > LIVE_INVITATIONS_OF_ONE


async def test_a_quota_is_of_who_may_act_at_all(world: World) -> None:
    """Nobody uses up what is another's by asking for what they have no right to."""
    await move_to(world)
    creator, stranger = await world.real_person(), await world.real_person()
    group = await creator.create_group()
    query = mutation("refreshGroup", "run { id }")
    most = hourly(Quota.REFRESHES, Whose.GROUP)
    found = await at_once(most + 20, stranger, query, input={"groupId": group})
    assert found == {"NOT_FOUND": most + 20}
    assert await outcome(creator, query, input={"groupId": group}) == "OK"


async def test_the_same_request_again_takes_nothing(world: World) -> None:
    await move_to(world)
    person = await world.real_person()
    query = "mutation { exportMyData { url errors { code } } }"
    urls = {(await person.ask(query, "the-same"))["exportMyData"]["url"] for _ in range(50)}
    assert len(urls) == 1


async def test_who_asks_is_found_along_with_their_quota(world: World) -> None:
    """And whose session has ended takes none."""
    person = await world.real_person()
    export = "mutation { exportMyData { errors { code } } }"
    with counted_statements() as statements:
        assert await outcome(person, export) == "OK"
        asked = [one for one in statements.of("quota") if "ended_at" in one]
        assert len(asked) == (1 if dialect() == "postgres" else 0)
    await person.ask("mutation { signOut { errors { code } } }")
    used = await models.Quota.all().values_list("used", flat=True)
    assert await outcome(person, export) == "UNAUTHENTICATED"
    assert await models.Quota.all().values_list("used", flat=True) == used

"""Records that can't be read, or not wholly: one spoils no other, and every code counts."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.support.gates import provider_replaced
from tests.support.groups import a_group
from tests.support.person import Person
from tests.support.records import GREEN
from tests.support.refreshes import refresh
from tests.support.world import World

SHOWN = """query($id: ID!) { group(id: $id) { colour
    refresh { run { status missing { person { name } } partlyReadCount
        partlyRead { person { name } } } }
    members { nodes { person { name } healthCode } } } }"""
AT = "2022-09-01T08:00:00Z"
PLAIN = {"health_code": "GREEN", "health_code_at": AT, "tests": [], "vaccinations": []}
TEST = {"sampled_at": AT, "tested_at": AT, "result": "NEGATIVE", "institution": "市第一人民医院"}
DOSE = {"dose": 1, "date": "2021-06-01", "manufacturer": "北京生物"}

Asked = list[dict[str, str]]


def provider(answer: Callable[[Asked], Response]) -> Starlette:
    """A provider that answers questions about these people."""

    async def query(request: Request) -> Response:
        return answer((await request.json())["people"])

    return Starlette(routes=[Route("/records:query", query, methods=["POST"])])


def telling(*records: Any) -> Starlette:
    """A provider that answers these records, whoever is asked about."""
    body = json.dumps({"records": records})
    return provider(lambda _: PlainTextResponse(body))


def about(person: Person, **changes: Any) -> dict[str, Any]:
    return {"id_type": "RESIDENT_ID", "id_number": person.id_number, **PLAIN, **changes}


async def shown(creator: Person, group_id: str) -> dict[str, Any]:
    group: dict[str, Any] = (await creator.ask(SHOWN, id=group_id))["group"]
    return group


def names(members: list[dict[str, Any]]) -> set[str]:
    return {member["person"]["name"] for member in members}


async def test_someone_whom_the_provider_refuses_hides_nobody_else(world: World) -> None:
    creator, group_id, (red, refused, other) = await a_group(world, 3, GREEN)

    def answer(asked: Asked) -> Response:
        numbers = [person["id_number"] for person in asked]
        if refused.id_number in numbers:
            return PlainTextResponse("no such document", 400)
        records = [about(one) for one in (creator, other)] + [about(red, health_code="RED")]
        found = [record for record in records if record["id_number"] in numbers]
        return PlainTextResponse(json.dumps({"records": found}))

    async with provider_replaced(world, provider(answer)):
        assert await refresh(creator, group_id) == "PARTLY_DONE"  # R25
    group = await shown(creator, group_id)
    assert names(group["refresh"]["run"]["missing"]) == {refused.name}
    assert group["colour"] == "RED"


async def test_half_an_emoji_leaves_every_record_readable(world: World) -> None:
    creator, group_id, (red,) = await a_group(world, 1, GREEN)
    records = [
        about(creator, tests=[{**TEST, "institution": "\ud83d"}]),
        about(red, health_code="RED"),
    ]
    async with provider_replaced(world, telling(*records)):
        assert await refresh(creator, group_id) == "DONE"
    assert (await shown(creator, group_id))["colour"] == "RED"


@pytest.mark.parametrize(
    ("beside", "partly"),
    [
        ({"vaccinations": [{**DOSE, "manufacturer": None}]}, True),
        ({"vaccinations": [{**DOSE, "dose": 0}]}, True),
        ({"tests": [{**TEST, "result": "INCONCLUSIVE"}]}, True),
        ({"tests": None, "vaccinations": "none"}, True),
        ({"health_code_at": "yesterday"}, True),
        ({"vaccinations": [{**DOSE, "date": "2021-06-01T00:00:00Z"}]}, False),
        ({"health_code_at": AT.lower()}, False),
        ({"tests": [{**TEST, "tested_at": "2022-09-01T07:59:60Z"}]}, False),
    ],
)
async def test_a_red_code_counts_whatever_stands_beside_it(
    world: World, beside: dict[str, Any], partly: bool
) -> None:  # R20
    creator, group_id, (red,) = await a_group(world, 1, GREEN)
    records = [about(red, health_code="RED", **beside), about(creator)]
    async with provider_replaced(world, telling(*records)):
        assert await refresh(creator, group_id) == "DONE"
    group = await shown(creator, group_id)
    run = group["refresh"]["run"]
    assert group["colour"] == "RED"
    assert names(run["partlyRead"]) == ({red.name} if partly else set())
    assert run["partlyReadCount"] == int(partly)


async def test_a_code_that_cannot_be_read_is_not_green(world: World) -> None:  # R20
    creator, group_id, (member,) = await a_group(world, 1, GREEN)
    async with provider_replaced(world, telling(about(member, health_code="CYAN"), about(creator))):
        assert await refresh(creator, group_id) == "DONE"
    group = await shown(creator, group_id)
    codes = {node["person"]["name"]: node["healthCode"] for node in group["members"]["nodes"]}
    assert codes == {creator.name: "GREEN", member.name: "UNKNOWN"}
    assert names(group["refresh"]["run"]["partlyRead"]) == {member.name}


@pytest.mark.parametrize("first", [True, False])
async def test_of_two_records_of_one_person_the_later_code_counts(
    world: World, first: bool
) -> None:  # R20
    creator, group_id, (red,) = await a_group(world, 1, GREEN)
    doubles = [
        about(red, health_code="RED", health_code_at="2022-09-01T09:00:00Z"),
        about(red, health_code="GREEN", id_number=f" {red.id_number.lower()}"),
    ]
    records = doubles if first else doubles[::-1]
    async with provider_replaced(world, telling(*records, about(creator))):
        assert await refresh(creator, group_id) == "DONE"
    assert (await shown(creator, group_id))["colour"] == "RED"


async def test_a_provider_that_knows_nobody_has_answered(world: World) -> None:  # R25
    creator, group_id, (member,) = await a_group(world, 1, GREEN)
    async with provider_replaced(world, telling()):
        assert await refresh(creator, group_id) == "DONE"
    group = await shown(creator, group_id)
    assert names(group["refresh"]["run"]["missing"]) == {creator.name, member.name}
    assert group["colour"] == "GREEN"  # what is stored stays


async def test_what_can_be_read_only_in_part_is_told_of_each_run(world: World) -> None:  # R25
    creator, group_id, (red,) = await a_group(world, 1, GREEN)
    odd = {"health_code": "RED", "tests": [{**TEST, "result": "INCONCLUSIVE"}]}
    async with provider_replaced(world, telling(about(red, **odd), about(creator))):
        for _ in range(2):
            await refresh(creator, group_id)
            run = (await shown(creator, group_id))["refresh"]["run"]
            assert run["partlyReadCount"] == 1
            await world.advance(minutes=31)
            await creator.renew()

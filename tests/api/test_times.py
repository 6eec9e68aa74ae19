"""One shape for times: in every field, in the file of one's own data, and in the sandbox."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final

from graphql import (
    GraphQLField,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from app.domain.times import read_time
from app.schema import build_schema
from tests.support.groups import a_group
from tests.support.leaves import request_leave
from tests.support.members import Profile, group_of
from tests.support.person import Person
from tests.support.records import nat, shots
from tests.support.reports import OWN_DATA, get
from tests.support.waiting import settled
from tests.support.world import World

TYPES: Final = build_schema()._schema.type_map
A_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ].*")
SHAPE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", re.ASCII)


def times_below(kind: GraphQLObjectType, above: tuple[str, ...] = ()) -> str:
    """Select every time that is found below a type, each type once on the way."""
    selected = [_below(name, field, (*above, kind.name)) for name, field in kind.fields.items()]
    return " ".join(filter(None, selected))


def _below(name: str, field: GraphQLField, above: tuple[str, ...]) -> str:
    kind = get_named_type(field.type)
    if any(is_required_argument(one) for one in field.args.values()):
        return ""
    if is_leaf_type(kind):
        return name if kind.name == "DateTime" else ""
    if not isinstance(kind, GraphQLObjectType) or kind.name in above or name == "nodes":
        return ""
    below = times_below(kind, above)
    return f"{name} {{ {below} }}" if below else ""


def texts(value: Any) -> Iterator[str]:
    """Every text and name in an answer."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for name, entry in value.items():
            yield from (*texts(name), *texts(entry))
    elif isinstance(value, list):
        for entry in value:
            yield from texts(entry)


def times(answer: Any) -> list[str]:
    """Every time in an answer; each must have the one shape."""
    found = [text for text in texts(answer) if A_TIME.match(text)]
    assert [text for text in found if not SHAPE.fullmatch(text)] == []
    return found


async def a_full_group(world: World) -> tuple[str, Person, Person]:
    """A group with all that has a time, to the microsecond; its creator and a member."""
    now = read_time(await world.now()) - timedelta(microseconds=7)
    record = {"tests": [nat(now, 1), nat(now, 60, "POSITIVE")], "vaccinations": shots(1)}
    profiles = [Profile("创", "", record), Profile("张三", "三班", record), Profile("李四")]
    group_id, (creator, member, leaver) = await group_of(world, *profiles)
    await creator.change("setRequirement", "__typename", groupId=group_id, natValidity="H24")
    await request_leave(leaver, group_id)
    await creator.change("refreshGroup", "__typename", groupId=group_id)
    await settled(world)
    return group_id, creator, member


async def test_every_time_has_one_shape(world: World) -> None:
    group_id, creator, member = await a_full_group(world)
    group, me = TYPES["Group"], TYPES["Me"]
    assert isinstance(group, GraphQLObjectType) and isinstance(me, GraphQLObjectType)
    found = []
    for name, field in group.fields.items():
        if selected := _below(name, field, ("Group",)):
            query = f"query($id: ID!) {{ group(id: $id) {{ {selected} }} }}"
            answer = await creator.send(query, id=group_id)  # consents are the members' own
            found += times(answer["data"]["group"])
    for name, field in me.fields.items():
        if name != "groups" and (selected := _below(name, field, ("Me",))):
            found += times(await member.ask(f"{{ me {{ {selected} }} }}"))
    assert len(found) > 40
    made = await creator.change("createInvitation", "invitation { expiresAt }", groupId=group_id)
    assert len(times(made)) == 1


async def test_ones_own_file_has_the_times_of_the_api(world: World) -> None:
    _, _, member = await a_full_group(world)
    answer = await get(world, (await member.ask(OWN_DATA))["exportMyData"])
    data = answer.json()
    assert len(times(data)) > 8
    test = data["healthRecord"]["tests"][0]
    assert set(test) == {"sampledAt", "testedAt", "result", "institution"}
    assert SHAPE.fullmatch(test["testedAt"])


async def test_the_sandbox_tells_times_like_the_api(world: World) -> None:
    person = world.stranger()
    await person.sign_in()
    assert SHAPE.fullmatch(await world.now())
    [sms] = await world.messages(person.phone)
    assert SHAPE.fullmatch(sms["at"])
    moved = await world.http.post(f"{world.sandbox}/clock", json={"advance_seconds": 0.0001234})
    assert SHAPE.fullmatch(moved.json()["now"])


async def test_a_moment_that_is_shown_is_the_moment_that_is_meant(world: World) -> None:  # R25
    creator, group_id, _ = await a_group(world)
    refreshed = await creator.change(
        "refreshGroup", "run { id startedAt } nextAllowedAt", groupId=group_id
    )
    started, allowed = refreshed["run"]["startedAt"], refreshed["nextAllowedAt"]
    assert read_time(allowed) == read_time(started) + timedelta(minutes=30)
    left = read_time(allowed) - read_time(await world.now())
    await world.advance(seconds=left.total_seconds())
    await creator.sign_in_again()
    again = await creator.change("refreshGroup", "run { id }", groupId=group_id)
    assert again["run"]["id"] != refreshed["run"]["id"]


async def test_pages_count_by_the_clock_that_the_servers_times_count_by(world: World) -> None:
    stranger = world.stranger()  # a page to sign in counts down, too
    before = (await stranger.ask("{ now }"))["now"]
    assert SHAPE.fullmatch(before)
    await world.advance(seconds=3600)
    after = (await stranger.ask("{ now }"))["now"]
    assert read_time(after) - read_time(before) >= timedelta(hours=1)
    creator, group_id, _ = await a_group(world)
    refreshed = await creator.change("refreshGroup", "run { startedAt }", groupId=group_id)
    assert read_time(refreshed["run"]["startedAt"]) >= read_time(after)

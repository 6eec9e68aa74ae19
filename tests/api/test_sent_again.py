"""What is sent again with the same idempotency key is done once, and answered as it was."""

import asyncio
import json
from dataclasses import replace
from typing import Any
from uuid import uuid4

import pytest

from app.client import Refused, mutation
from app.models.keyed_requests import KeyedRequest
from app.models.statements import fetch
from app.services.kernel.turns import Turns
from tests.support.groups import a_group
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.statements import counted_statements
from tests.support.waiting import eventually
from tests.support.world import World

OWN = "{ me { groups { nodes { id name } } } }"
CREATE = mutation("createGroup", "group { id name }")
NEW = {"name": "第一小学", "type": "SCHOOL", "address": "广州", "consent": True}


def a_key() -> str:
    return str(uuid4())


async def names(person: Person) -> list[str]:
    """The groups that somebody is in."""
    return [group["name"] for group in (await person.ask(OWN))["me"]["groups"]["nodes"]]


async def lose_answers() -> None:
    """As when the server dies between the commit and the answer."""
    await KeyedRequest.all().update(answer=None)


async def code(person: Person, query: str, key: str, **variables: Any) -> str:
    """Send one operation that must fail as a whole; return its error's code."""
    body = await person.send(query, key, **variables)
    assert not body.get("data") and len(body["errors"]) == 1, body
    found: str = body["errors"][0]["extensions"]["code"]
    return found


async def test_a_group_is_created_once_and_answered_as_the_first_time(world: World) -> None:
    person, key = await world.real_person(), a_key()
    first = await person.send(CREATE, key, input=NEW)
    group_id = first["data"]["createGroup"]["group"]["id"]
    assert await person.send(CREATE, key, input=NEW) == first
    await person.change("updateGroup", "group { id }", groupId=group_id, name="第二小学")
    assert await person.send(CREATE, key, input=NEW) == first
    assert await names(person) == ["第二小学"]
    await person.send(CREATE, a_key(), input=NEW)
    await person.send(CREATE, input=NEW)
    assert await names(person) == ["第二小学", "第一小学", "第一小学"]


async def test_another_request_under_the_key_is_refused(world: World) -> None:
    person, key = await world.real_person(), a_key()
    await person.send(CREATE, key, input=NEW)
    again = (CREATE.replace("id name", "id"), {"input": NEW})
    for query, variables in ((CREATE, {"input": NEW | {"name": "别的"}}), again):
        assert await code(person, query, key, **variables) == "IDEMPOTENCY_KEY_REUSED"
    spaced = CREATE.replace("{", "{\n # the same\n")
    assert "errors" not in await person.send(spaced, key, input=dict(reversed(NEW.items())))
    assert await names(person) == ["第一小学"]


async def test_keys_are_a_sessions_own(world: World) -> None:
    person, other, key = await world.real_person(), await world.real_person(), a_key()
    await person.send(CREATE, key, input=NEW)
    await other.send(CREATE, key, input=NEW | {"name": "别的"})
    await (await person.second_device()).send(CREATE, key, input=NEW)
    assert await names(other) == ["别的"]
    assert await names(person) == ["第一小学", "第一小学"]
    assert await world.stranger().error_code(CREATE, key, input=NEW) == "UNAUTHENTICATED"


async def test_what_was_refused_was_not_done_and_may_be_tried_again(world: World) -> None:
    person, key = await world.real_person(), a_key()
    refused = await person.send(CREATE, key, input=NEW | {"name": ""})
    assert refused["data"]["createGroup"]["errors"][0]["code"] == "NAME_INVALID"
    assert not (await person.send(CREATE, key, input=NEW))["data"]["createGroup"]["errors"]
    assert await names(person) == ["第一小学"]


async def test_a_lost_answer_is_made_anew_under_the_rights_of_now(world: World) -> None:
    person, key, other_key = await world.real_person(), a_key(), a_key()
    first = await person.send(CREATE, key, input=NEW)
    group_id = first["data"]["createGroup"]["group"]["id"]
    dissolving = {
        "groupId": group_id,
        "verificationId": await person.verify("DISSOLVE"),
        "riskAcknowledged": True,
    }
    await lose_answers()
    assert await person.send(CREATE, key, input=NEW) == first
    dissolve = mutation("dissolveGroup", "group { id }")
    dissolved = await person.send(dissolve, other_key, input=dissolving)
    assert dissolved["data"]["dissolveGroup"] == {"group": {"id": group_id}, "errors": []}
    assert await person.send(dissolve, other_key, input=dissolving) == dissolved
    await lose_answers()
    for query, used, given in ((CREATE, key, NEW), (dissolve, other_key, dissolving)):
        [payload] = (await person.send(query, used, input=given))["data"].values()
        assert payload == {"group": None, "errors": []}
    assert await names(person) == []


async def test_of_several_mutations_those_not_done_go_on(world: World) -> None:
    person, key = await world.real_person(), a_key()
    both = """mutation($first: CreateGroupInput!, $second: CreateGroupInput!) {
        one: createGroup(input: $first) { group { id } errors { code } }
        two: createGroup(input: $second) { group { id } errors { code } } }"""
    given = {"first": NEW, "second": NEW | {"name": "第二小学"}}
    for _ in range(4):
        await person.create_group(name="早先")
    begun = (await person.send(both, key, **given))["data"]
    assert begun["two"]["errors"] == [{"code": "GROUP_LIMIT_REACHED"}]
    [dissolved, *_] = (await person.ask(OWN))["me"]["groups"]["nodes"]
    await person.change(
        "dissolveGroup",
        "__typename",
        groupId=dissolved["id"],
        verificationId=await person.verify("DISSOLVE"),
        riskAcknowledged=True,
    )
    ended = (await person.send(both, key, **given))["data"]
    assert ended["one"] == begun["one"] and not ended["two"]["errors"]
    assert (await person.send(both, key, **given))["data"] == ended
    assert sorted(await names(person))[-2:] == ["第一小学", "第二小学"]
    assert len(await names(person)) == 5


@pytest.mark.parametrize("apart", [False, True])
async def test_of_two_at_once_one_acts(
    world: World, monkeypatch: pytest.MonkeyPatch, apart: bool
) -> None:
    if apart:  # as at two servers: the database alone decides
        monkeypatch.setattr(Turns, "of", lambda turns, key: asyncio.Lock())
    person, key = await world.real_person(), a_key()
    answers = await asyncio.gather(*(person.send(CREATE, key, input=NEW) for _ in range(6)))
    assert all(answer == answers[0] for answer in answers), answers
    assert not answers[0]["data"]["createGroup"]["errors"]
    assert await names(person) == ["第一小学"]
    bodies = [NEW | {"name": name} for name in ("甲", "乙")]
    other = a_key()
    raced = await asyncio.gather(*(person.send(CREATE, other, input=body) for body in bodies))
    failed = [answer["errors"][0]["extensions"]["code"] for answer in raced if "errors" in answer]
    assert failed == ["IDEMPOTENCY_KEY_REUSED"]
    assert len(await names(person)) == 2


async def test_a_removal_sent_twice_at_once_is_no_error(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Turns, "of", lambda turns, key: asyncio.Lock())
    creator, group_id, [member] = await a_group(world)
    given = {"memberId": await member_id_of(member, group_id)}
    key, remove = a_key(), mutation("removeMember", "group { memberCount }")
    answers = await asyncio.gather(*(creator.send(remove, key, input=given) for _ in range(4)))
    done = {"removeMember": {"group": {"memberCount": 1}, "errors": []}}
    assert [(answer["data"], answer.get("errors")) for answer in answers] == [(done, None)] * 4


async def test_over_a_websocket_and_in_the_body_the_key_stands_in_extensions(world: World) -> None:
    person, key = await world.real_person(), a_key()
    first = await person.send(CREATE, key, input=NEW)
    request = {
        "query": CREATE,
        "variables": {"input": NEW},
        "extensions": {"idempotencyKey": key},
    }
    headers = {"authorization": f"Bearer {person.token}", "accept-language": "en"}
    answer = await world.http.post(f"{world.url}/graphql", json=request, headers=headers)
    assert answer.json() == first
    async with person.socket() as socket:
        for operation in ("1", "2"):
            await socket.send(id=operation, type="subscribe", payload=request)
            assert await socket.next(operation) == first["data"]
            assert (await socket.receive())["type"] == "complete"
        other = {**request, "variables": {"input": NEW | {"name": "别的"}}}
        await socket.send(id="3", type="subscribe", payload=other)
        assert await socket.error("3") == "IDEMPOTENCY_KEY_REUSED"
        await socket.send(id="4", type="subscribe", payload={**other, "extensions": None})
        assert (await socket.next("4"))["createGroup"]["group"]["name"] == "别的"
    assert await names(person) == ["第一小学", "别的"]


async def test_keys_are_taken_quoted_or_bare_and_refused_malformed(world: World) -> None:
    person, key = await world.real_person(), a_key()
    url = f"{world.url}/graphql"
    request: dict[str, Any] = {"query": CREATE, "variables": {"input": NEW}}

    async def send(header: str, within: object = None) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {person.token}", "idempotency-key": header}
        body = {**request, "extensions": {"idempotencyKey": within}}
        answer: dict[str, Any] = (await world.http.post(url, json=body, headers=headers)).json()
        return answer

    first = await send(f'"{key}"')
    assert await send(key) == await send(f"{key}", key) == first
    for header, within in (
        ("", None),
        ('""', None),
        ("a b", None),
        ('"a', None),
        ("a" * 256, None),
        (key, "another"),
        (key, 7),
    ):
        body = await send(header, within)
        assert "data" not in body or body["data"] is None
        assert body["errors"][0]["extensions"]["code"] == "IDEMPOTENCY_KEY_INVALID", header
    assert await names(person) == ["第一小学"]
    # A query isn't changed by being sent again: what it carries is nobody's concern.
    assert (await person.send(OWN, "a b"))["data"]["me"]["groups"]["nodes"]


async def test_after_a_day_nothing_is_known_of_it_any_more(world: World) -> None:
    person, key = await world.real_person(), a_key()
    await person.send(CREATE, key, input=NEW)
    mine = KeyedRequest.all()
    assert await mine.count() >= 1
    kept = "SELECT steps, answer FROM keyed_request WHERE answer IS NOT NULL"
    for value in (value for row in await fetch(kept) for value in row.values()):
        assert isinstance(value, bytes) and "第一小学".encode() not in value
    await world.advance(hours=25)
    await eventually(mine.count, lambda count: count == 0)
    await person.renew()
    await person.send(CREATE, key, input=NEW)
    assert await names(person) == ["第一小学", "第一小学"]


async def test_signing_out_forgets_what_the_session_was_answered(world: World) -> None:
    person, key = await world.real_person(), a_key()
    await person.send(CREATE, key, input=NEW)
    other = replace(await person.second_device())
    await other.send(CREATE, key, input=NEW)
    kept = await KeyedRequest.all().count()
    await person.ask("mutation { signOut { errors { code } } }")
    assert await KeyedRequest.all().count() == kept - 1
    assert await person.error_code(CREATE, key, input=NEW) == "UNAUTHENTICATED"


async def test_a_session_is_renewed_once_by_a_token_whose_answer_was_lost(world: World) -> None:
    person, key = await world.someone(), a_key()  # R40
    renew = mutation("refreshSession", "accessToken refreshToken")
    given = {"refreshToken": person.refresh_token}
    before = replace(person, token="")
    lost = (await before.send(renew, key, input=given))["data"]["refreshSession"]
    await world.advance(minutes=20)  # the access token's time is over, too
    again = (await before.send(renew, key, input=given))["data"]["refreshSession"]
    assert again["refreshToken"] == lost["refreshToken"] and not again["errors"]
    person.token = again["accessToken"]
    assert (await person.ask("{ me { phone } }"))["me"]["phone"] == person.phone
    # Once the new token was used, the old one is in wrong hands: the session ends.
    newest = {"refreshToken": again["refreshToken"]}
    assert not (await person.payload("refreshSession", "__typename", **newest))["errors"]
    assert await person.refused("refreshSession", **given) == "REFRESH_TOKEN_INVALID"
    assert await person.error_code("{ me { phone } }") == "UNAUTHENTICATED"


async def test_a_used_refresh_token_without_its_key_ends_the_session(world: World) -> None:
    person = await world.someone()  # R40
    given = {"refreshToken": person.refresh_token}
    await person.change("refreshSession", "refreshToken", a_key(), **given)
    with pytest.raises(Refused):
        await person.change("refreshSession", "refreshToken", a_key(), **given)
    assert await person.error_code("{ me { phone } }") == "UNAUTHENTICATED"


async def test_an_answer_about_someone_who_withdraws_consent_is_not_repeated(world: World) -> None:
    creator, group_id, [member] = await a_group(world, record={"health_code": "YELLOW"})  # R42
    member_id, key = await member_id_of(member, group_id), a_key()
    given = {"memberId": member_id, "remark": "新"}
    fields = "member { remark healthCode }"
    told = await creator.change("updateMemberRemark", fields, key, **given)
    assert told["member"]["healthCode"] == "YELLOW"
    await member.change("withdrawConsent", "kept { what }", memberId=member_id)
    again = await creator.change("updateMemberRemark", fields, key, **given)
    assert again["member"] == {"remark": "新", "healthCode": "WITHHELD"}


async def test_over_an_event_stream_the_key_stands_in_the_header_or_in_extensions(
    world: World,
) -> None:
    person, key = await world.real_person(), a_key()
    first = (await person.send(CREATE, key, input=NEW))["data"]
    headers = {"authorization": f"Bearer {person.token}", "accept": "text/event-stream"}
    request = {"query": CREATE, "variables": {"input": NEW}}
    for headers_too, extensions in (
        ({"idempotency-key": key}, None),
        ({}, {"idempotencyKey": key}),
    ):
        answer = await world.http.post(
            f"{world.url}/graphql/stream",
            json={**request, "extensions": extensions},
            headers=headers | headers_too,
        )
        [data] = [line for line in answer.text.splitlines() if line.startswith("data: {")]
        assert json.loads(data.removeprefix("data: "))["data"] == first
    assert await names(person) == ["第一小学"]


async def test_only_mutations_with_a_key_pay_for_it(world: World) -> None:
    person = await world.real_person()
    with counted_statements() as statements:

        def asked(*tables: str) -> list[str]:  # old rows are erased at any time
            return [one for one in statements.of(*tables) if "DELETE FROM" not in one]

        await person.send(CREATE, input=NEW)
        await person.send(OWN, a_key())
        assert asked("keyed_request") == []
        statements.seen.clear()
        key = a_key()
        await person.send(CREATE, key, input=NEW)
        # With who asks, which is found along with the key, and once more with what is answered.
        assert len(asked("keyed_request", "session")) == 4
        statements.seen.clear()
        await person.send(CREATE, key, input=NEW)
        assert len(asked("keyed_request", "session")) == 2
        assert statements.of('INSERT INTO "groups"') == []

"""Where waiting helps, clients are told for how long: in the answer and by Retry-After."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx
import pytest

from app.client import mutation
from tests.support.families import sync
from tests.support.groups import a_group
from tests.support.person import Person
from tests.support.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")
ERRORS = "errors { code message retryAfterSeconds }"


async def sent(person: Person, name: str, /, **given: Any) -> tuple[dict[str, Any], httpx.Response]:
    """Run one mutation; return its payload's first error and the response."""
    query = mutation(name, "").replace("errors { code message path }", ERRORS)
    headers = {"accept-language": person.language}
    if person.token:
        headers["authorization"] = f"Bearer {person.token}"
    response = await person.world.http.post(
        f"{person.url}/graphql",
        json={"query": query, "variables": {"input": given}},
        headers=headers,
    )
    payload = response.json()["data"][name]
    return payload["errors"][0], response


async def test_who_asks_for_a_code_too_soon_is_told_how_long_to_wait(world: World) -> None:  # R40
    person = world.stranger()
    await person.prove()
    error, response = await sent(
        person, "requestVerificationCode", phone=person.phone, purpose="SIGN_IN"
    )
    assert error["code"] == "CODE_TOO_SOON"
    seconds = error["retryAfterSeconds"]
    assert 1 <= seconds <= 60 and str(seconds) in error["message"]
    assert response.headers["retry-after"] == str(seconds)
    await world.advance(seconds=seconds)
    assert await person.prove()


async def test_who_used_up_the_days_codes_waits_for_the_next_day(world: World) -> None:  # R40
    person = world.stranger()
    for _ in range(5):
        await person.prove()
        await world.advance(minutes=1)
    error, response = await sent(
        person, "requestVerificationCode", phone=person.phone, purpose="SIGN_IN"
    )
    now = datetime.fromisoformat(await world.now()).astimezone(SHANGHAI)
    if error["code"] == "CODES_TODAY_USED_UP":  # unless the day ended meanwhile
        midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), SHANGHAI)
        left = (midnight - now).total_seconds()
        assert left - 2 <= error["retryAfterSeconds"] <= left + 2
        assert response.headers["retry-after"] == str(error["retryAfterSeconds"])
        assert "5" in error["message"]
        await world.advance(seconds=error["retryAfterSeconds"])
    assert await person.prove()


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("zh", "亲属登记服务暂不可用，请在 30 秒后再试。"),
        ("en", "The family registry doesn't answer. Try again in 30 seconds."),
    ],
)
async def test_while_a_system_is_away_a_pause_is_proposed(
    world: World, language: str, message: str
) -> None:
    person = await world.real_person()
    person.language = language
    await world.faults(family={"status": 503})
    response = await world.http.post(
        f"{person.url}/graphql",
        json={"query": f"mutation {{ syncRelatives {{ {ERRORS} }} }}"},
        headers={"authorization": f"Bearer {person.token}", "accept-language": language},
    )
    await world.faults()
    [error] = response.json()["data"]["syncRelatives"]["errors"]
    assert error["code"] == "FAMILY_REGISTRY_UNAVAILABLE"
    assert (error["retryAfterSeconds"], error["message"]) == (30, message)
    assert response.headers["retry-after"] == "30"
    assert await sync(person) == []


async def test_what_is_done_names_no_time_to_wait(world: World) -> None:
    creator, group_id, _ = await a_group(world)
    error, response = await sent(creator, "updateGroup", groupId=group_id, name="")
    assert error["retryAfterSeconds"] is None
    assert "retry-after" not in response.headers

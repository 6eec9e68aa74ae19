"""Limits per address, on where nothing says otherwise."""

import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

from app.models.quotas import Use, take_quota
from app.services.kernel.addresses import network_of
from tests.support.clock import move_to
from tests.support.in_process import served
from tests.support.world import World

CODE = """mutation($phone: String!) {
  requestVerificationCode(input: {phone: $phone, purpose: SIGN_IN}) { errors { code } } }"""


async def test_an_address_that_asks_too_often_is_held_back_for_the_hour(
    database_url: str,
) -> None:  # R40
    options = {"rate_limits": True, "codes_per_address": 3}
    async with served(database_url=database_url, **options) as world:
        await move_to(world)  # to the beginning of an hour
        someone = world.stranger()
        for last_digit in range(3):
            await someone.ask(CODE, phone=f"+861370000000{last_digit}")
        assert await someone.error_code(CODE, phone="+8613700000009") == "RATE_LIMITED"
        await world.advance(hours=1)
        await someone.ask(CODE, phone="+8613700000009")


async def test_an_address_that_asks_too_often_is_told_how_long_to_wait(database_url: str) -> None:
    async with served(database_url=database_url, rate_limits=True, codes_per_address=1) as world:
        await move_to(world)
        await world.stranger().ask(CODE, phone="+8613700000001")
        body = {"query": CODE, "variables": {"phone": "+8613700000002"}}
        english = {"accept-language": "en"}
        response = await world.http.post(f"{world.url}/graphql", json=body, headers=english)
        [error] = response.json()["errors"]
        seconds = error["extensions"]["retryAfterSeconds"]
        assert 3500 < seconds <= 3600
        assert error["message"] == f"Too many requests. Try again in {seconds} seconds."
        assert response.headers["retry-after"] == str(seconds)
        await world.advance(seconds=seconds)
        await world.stranger().ask(CODE, phone="+8613700000002")


async def test_of_all_that_an_address_asks_at_once_thirty_codes_are_sent(
    database_url: str,
) -> None:  # R40
    countries = frozenset({"CN", "SG"})
    options = {"rate_limits": True, "codes_per_address": 30, "sms_countries": countries}
    async with served(database_url=database_url, **options) as world:
        await move_to(world)
        someone = world.stranger()
        phones = [f"+8613700001{number:03}" for number in range(35)]
        answers = await asyncio.gather(*(someone.send(CODE, phone=phone) for phone in phones))
        codes = [error["extensions"]["code"] for one in answers for error in one.get("errors", ())]
        assert codes == ["RATE_LIMITED"] * 5
        await world.advance(hours=1)
        for phone, refused in (("+6581234567", []), ("+85251234567", ["PHONE_NOT_ALLOWED"])):
            asked = await someone.ask(CODE, phone=phone)
            errors = asked["requestVerificationCode"]["errors"]
            assert [error["code"] for error in errors] == refused


async def test_those_who_ask_in_the_same_moment_are_not_held_back(world: World) -> None:
    later = datetime.fromisoformat(await world.now())  # what is older is erased meanwhile
    key = uuid4().hex
    assert await take_quota(Use(key, "hour", 3, later))
    assert await take_quota(Use(key, "hour", 3, later - timedelta(milliseconds=1)))
    assert await take_quota(Use(key, "hour", 3, later))
    assert not await take_quota(Use(key, "hour", 3, later))


def test_a_household_counts_as_one_address_and_a_name_as_itself() -> None:
    network = network_of
    assert network("2001:db8:1:2::1") == network("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert network("2001:db8:1:2::1") != network("2001:db8:1:3::1")
    # As a server that listens on :: sees who comes by IPv4: not all of them as one.
    assert network("::ffff:192.0.2.1") == network("192.0.2.1") != network("::ffff:192.0.2.2")
    assert network("192.0.2.7") == "192.0.2.7"
    assert network("unix socket") == "unix socket"

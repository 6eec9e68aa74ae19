"""Signing in: codes by SMS, and the tokens of a session (R40)."""

import asyncio
import base64
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import datetime
from random import Random
from typing import Any
from uuid import UUID

import pytest

from app.ports.tokens import TokenClaims, Tokens
from tests.support.clock import SHANGHAI
from tests.support.person import Person
from tests.support.waiting import eventually
from tests.support.world import World


async def outcome(person: Person, mutation: str, **input: Any) -> str:
    """``DONE``, or the code of the refusal."""
    payload = await person.payload(mutation, "__typename", **input)
    return str(payload["errors"][0]["code"]) if payload["errors"] else "DONE"


Proof = dict[str, str]


async def enter(person: Person, proof: Proof, **changes: str) -> str:
    return await outcome(person, "signIn", **proof | {"phone": person.phone} | changes)


async def ask_for_code(person: Person, purpose: str = "SIGN_IN") -> str:
    request = {"phone": person.phone, "purpose": purpose, "deviceToken": person.device_token}
    return await outcome(person, "requestVerificationCode", **request)


async def exchanged(person: Person) -> Person:
    """The person with the tokens that their refresh token is exchanged for."""
    fields, used = "accessToken refreshToken me { phone }", person.refresh_token
    payload = await person.change("refreshSession", fields, refreshToken=used)
    assert payload["me"] == {"phone": person.phone}
    return replace(person, token=payload["accessToken"], refresh_token=payload["refreshToken"])


async def is_in(person: Person) -> bool:
    """Whether the access token is good; if not, the API says UNAUTHENTICATED."""
    body = await person.send("{ me { phone } }")
    if "errors" not in body:
        return bool(body["data"]["me"]["phone"] == person.phone)
    assert body["data"] == {"me": None}
    assert [error["extensions"]["code"] for error in body["errors"]] == ["UNAUTHENTICATED"]
    return False


async def is_renewable(person: Person) -> bool:
    seen = await outcome(person, "refreshSession", refreshToken=person.refresh_token)
    assert seen in ("DONE", "REFRESH_TOKEN_INVALID")
    return seen == "DONE"


def other_code(proof: Proof, by: int = 1) -> str:
    return f"{(int(proof['code']) + by) % 1_000_000:06}"


async def test_a_code_lives_five_minutes(world: World) -> None:  # R40
    early, late = world.stranger(), world.stranger()
    early_code, late_code = await asyncio.gather(early.prove(), late.prove())
    await world.advance(minutes=4, seconds=55)
    assert await enter(early, early_code) == "DONE"
    await world.advance(seconds=5)
    assert await enter(late, late_code) == "CODE_EXPIRED"


async def test_a_code_sent_five_times_at_once_serves_once(world: World) -> None:  # R40
    person = world.stranger()
    proof = await person.prove()
    outcomes = await asyncio.gather(*(enter(person, proof) for _ in range(5)))
    assert Counter(outcomes) == {"DONE": 1, "CODE_WRONG": 4}
    assert await enter(person, proof) == "CODE_WRONG"


async def test_a_code_serves_its_own_purpose_and_phone_only(world: World) -> None:  # R40
    person, other = world.stranger(), world.stranger()
    proof = await person.prove()
    await world.advance(minutes=1)
    assert await enter(person, await person.prove("JOIN")) == "CODE_WRONG"
    assert await enter(other, proof) == "CODE_WRONG"
    assert await enter(person, proof) == "DONE"


@pytest.mark.parametrize(("tries", "then"), [(4, "DONE"), (5, "CODE_TOO_MANY_TRIES")])
async def test_a_code_bears_five_wrong_tries(world: World, tries: int, then: str) -> None:  # R40
    person = world.stranger()
    proof = await person.prove()
    assert re.fullmatch("[0-9]{6}", proof["code"])
    for by in range(1, tries + 1):
        assert await enter(person, proof, code=other_code(proof, by)) == "CODE_WRONG"
    assert await enter(person, proof) == then
    await person.second_device()  # a new code is a new chance


async def test_of_ten_guesses_at_once_five_count(world: World) -> None:  # R40
    person = world.stranger()
    proof = await person.prove()
    guesses = (enter(person, proof, code=other_code(proof, by)) for by in range(1, 11))
    assert Counter(await asyncio.gather(*guesses)) == {"CODE_WRONG": 5, "CODE_TOO_MANY_TRIES": 5}
    assert await enter(person, proof) == "CODE_TOO_MANY_TRIES"


async def test_a_strangers_guesses_and_requests_spend_nobody_elses_code(world: World) -> None:
    person, stranger = world.stranger(), world.stranger()  # R40
    proof = await person.prove()
    await world.advance(minutes=1)
    theirs = await stranger.prove(phone=person.phone)
    for by in range(1, 7):
        wrong = other_code(theirs, by)
        spent = "CODE_WRONG" if by <= 5 else "CODE_TOO_MANY_TRIES"
        assert await enter(person, theirs, code=wrong) == spent
        assert await enter(person, theirs, code=wrong, challenge="a guess") == "CODE_WRONG"
    assert await enter(person, proof, challenge=theirs["challenge"]) == "CODE_TOO_MANY_TRIES"
    assert await enter(person, proof) == "DONE"


async def test_codes_live_side_by_side_each_with_its_challenge(world: World) -> None:  # R40
    person = world.stranger()
    proofs = []
    for _ in range(3):
        proofs.append(await person.prove())
        await world.advance(minutes=1)
    challenges = [proof["challenge"] for proof in proofs]
    assert len(set(challenges)) == 3
    if proofs[0]["code"] != proofs[1]["code"]:
        assert await enter(person, proofs[0], challenge=challenges[1]) == "CODE_WRONG"
    for proof in proofs:
        assert await enter(person, proof) == "DONE"
        assert await enter(person, proof) == "CODE_WRONG"


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12345a", "½23456", "\u0660"])
async def test_what_cannot_be_a_code_spends_no_try(world: World, typed: str) -> None:  # R40
    person = world.stranger()
    proof = await person.prove()
    for _ in range(6):
        assert await enter(person, proof, code=typed) == "CODE_WRONG"
    spaced = f" {proof['code'][:3]}\u3000{proof['code'][3:]}\u200b"
    wide = "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in spaced)
    challenge = f" {proof['challenge']}\u00a0"
    assert await enter(person, proof, code=wide, challenge=challenge) == "DONE"


async def test_a_phone_gets_one_code_a_minute_whatever_for(world: World) -> None:  # R40
    person = world.stranger()
    outcomes = await asyncio.gather(*(ask_for_code(person) for _ in range(5)))
    assert Counter(outcomes) == {"DONE": 1, "CODE_TOO_SOON": 4}
    await world.someone()  # whose SMS was asked for later and has come
    await eventually(lambda: world.messages(person.phone), lambda seen: len(seen) == 1)
    await world.advance(seconds=55)
    assert await ask_for_code(person, "JOIN") == "CODE_TOO_SOON"
    assert await ask_for_code(world.stranger(), "JOIN") == "DONE"
    await world.advance(seconds=5)
    assert await ask_for_code(person, "CREATE_GROUP") == "DONE"


async def to_the_first_hour(world: World) -> None:
    now = datetime.fromisoformat(await world.now()).astimezone(SHANGHAI)
    await world.advance(hours=24 - now.hour)


async def use_up(person: Person, codes: int) -> None:
    """Ask for codes, a minute apart, until there are no more today."""
    for number in range(codes):
        assert await ask_for_code(person, ("SIGN_IN", "CREATE_GROUP", "JOIN")[number % 3]) == "DONE"
        await person.world.advance(minutes=1)
    assert await ask_for_code(person) == "CODES_TODAY_USED_UP"


async def test_a_stranger_gets_five_codes_a_day_for_a_phone_whatever_for(world: World) -> None:
    await to_the_first_hour(world)  # R40
    person = world.stranger()
    await use_up(person, 5)
    await world.advance(hours=22, minutes=30)
    assert await ask_for_code(person) == "CODES_TODAY_USED_UP"
    await world.advance(hours=1, minutes=30)
    assert await ask_for_code(person) == "DONE"


async def test_five_codes_a_day_are_kept_for_devices_that_signed_in(world: World) -> None:  # R40
    person = await world.someone()
    await to_the_first_hour(world)
    stranger = replace(person, device_token="")
    await use_up(stranger, 5)
    await use_up(person, 5)


async def test_a_device_may_use_both_halves_of_a_phones_day(world: World) -> None:  # R40
    person = await world.someone()
    await to_the_first_hour(world)
    await use_up(person, 10)
    assert await ask_for_code(replace(person, device_token="")) == "CODES_TODAY_USED_UP"


async def test_a_strangers_request_holds_up_nobodys_device(world: World) -> None:  # R40
    person = await world.someone()
    await world.advance(minutes=1)
    stranger = replace(person, device_token="")
    outcomes = await asyncio.gather(*(ask_for_code(stranger) for _ in range(5)))
    assert Counter(outcomes) == {"DONE": 1, "CODE_TOO_SOON": 4}
    outcomes = await asyncio.gather(*(ask_for_code(person) for _ in range(5)))
    assert Counter(outcomes) == {"DONE": 1, "CODE_TOO_SOON": 4}


async def test_of_many_requests_at_once_for_the_last_code_one_is_sent(world: World) -> None:
    person = world.stranger()  # R40
    await to_the_first_hour(world)
    for _ in range(4):
        assert await ask_for_code(person) == "DONE"
        await world.advance(minutes=1)
    outcomes = await asyncio.gather(*(ask_for_code(person) for _ in range(6)))
    assert Counter(outcomes) == {"DONE": 1, "CODE_TOO_SOON": 5}
    await world.advance(minutes=1)
    assert await ask_for_code(person) == "CODES_TODAY_USED_UP"


@pytest.mark.parametrize("seed", range(3))
async def test_whoever_asks_when_both_halves_hold(world: World, seed: int) -> None:  # R40
    """A day of requests by a device and by strangers, beside a naive count of both halves."""
    device = await world.someone()
    stranger = replace(device, device_token="")
    await to_the_first_hour(world)
    chance, used, last, now = Random(seed), {True: 0, False: 0}, {True: -60, False: -60}, 0

    def expected(known: bool) -> str:
        for half in (True, False) if known else (False,):
            if now - last[half] < 60:
                return "CODE_TOO_SOON"
            if used[half] < 5:
                used[half], last[half] = used[half] + 1, now
                return "DONE"
        return "CODES_TODAY_USED_UP"

    for _ in range(30):
        known = chance.random() < 0.5
        assert await ask_for_code(device if known else stranger) == expected(known)
        wait = chance.choice((10, 30, 60, 90))
        await world.advance(seconds=wait)
        now += wait
    assert sum(used.values()) <= 10


async def test_a_device_is_known_for_its_own_phone_and_no_other(world: World) -> None:  # R40
    person, other = await world.someone(), await world.someone()
    await to_the_first_hour(world)
    for token in (other.device_token, "made up", person.refresh_token, person.token):
        assert await ask_for_code(replace(person, device_token=token)) == "DONE"
        await world.advance(minutes=1)
    await use_up(replace(person, device_token=other.device_token), 1)
    copied = replace(person, device_token=f" {person.device_token}\u200b")
    assert await ask_for_code(copied) == "DONE"


async def test_a_device_is_known_whether_it_signed_out_or_not(world: World) -> None:  # R40
    person = await world.someone()
    await to_the_first_hour(world)
    await use_up(replace(person, device_token=""), 5)
    await person.renew()
    await person.ask("mutation { signOut { errors { code } } }")
    assert await ask_for_code(person) == "DONE"


async def test_a_phones_new_owner_shares_no_codes_with_the_devices_before(world: World) -> None:
    before = await world.real_person()  # R6, R40
    after = replace(before, name="李四", id_number=world.stranger().id_number)
    await world.advance(minutes=1)
    await after.sign_in()
    await after.identify()
    await to_the_first_hour(world)
    await use_up(before, 5)
    await use_up(after, 5)


async def test_too_soon_says_in_how_many_seconds_it_is_taken(world: World) -> None:  # R40
    person = world.stranger()
    request = {"phone": person.phone, "purpose": "SIGN_IN"}
    fields = "retryAfterSeconds refused: errors { retryAfterSeconds }"
    taken = await person.payload("requestVerificationCode", fields, **request)
    assert (taken["retryAfterSeconds"], taken["errors"]) == (60, [])
    await world.advance(seconds=20)
    held_back = await person.payload("requestVerificationCode", fields, **request)
    [refused] = held_back["refused"]
    assert 35 <= refused["retryAfterSeconds"] <= 41
    await world.advance(seconds=refused["retryAfterSeconds"])
    assert await ask_for_code(person) == "DONE"


COUNTRIES = {
    "+85251234567": "DONE",
    "+85366123456": "DONE",
    "+886912345678": "DONE",
    "+6581234567": "PHONE_NOT_ALLOWED",
    "+12025550123": "PHONE_NOT_ALLOWED",
    "+447400123456": "PHONE_NOT_ALLOWED",
}


@pytest.mark.parametrize(("phone", "then"), COUNTRIES.items())
async def test_codes_go_to_countries_that_are_allowed(
    world: World, phone: str, then: str
) -> None:  # R40
    assert await ask_for_code(replace(world.stranger(), phone=phone)) == then


LANGUAGES = {"zh-CN": "zh", "en": "en", "fr, en;q=0.5": "en", "en;q=0.2, zh;q=0.9": "zh", "": "zh"}


@pytest.mark.parametrize(("accepted", "language"), LANGUAGES.items())
async def test_the_sms_is_in_the_language_of_whoever_asks(
    world: World, accepted: str, language: str
) -> None:  # R40
    person = world.stranger(accepted)
    code = (await person.prove("JOIN"))["code"]
    (sms,) = await world.messages(person.phone)
    assert sms["template"] == "verification_code" and code in sms["text"]
    assert sms["params"] == {"code": code, "purpose": "JOIN"}
    assert sms["text"].isascii() == (language == "en")


async def test_whoever_names_no_language_is_answered_in_chinese(world: World) -> None:  # R40
    answer = await world.http.post(f"{world.url}/graphql", json={"query": "{ me { id } }"})
    in_english = await world.stranger("en").send("{ me { id } }")
    texts = [body["errors"][0]["message"] for body in (answer.json(), in_english)]
    assert [text.isascii() for text in texts] == [False, True]


async def test_no_answer_tells_whether_a_phone_is_known(world: World) -> None:  # R40
    known, unknown = replace(await world.someone(), device_token=""), world.stranger()
    await world.advance(minutes=1)
    requests = [
        ("signIn", {"code": "123456", "challenge": "none"}),
        ("requestVerificationCode", {"purpose": "SIGN_IN"}),
    ]
    for mutation, input in [*requests, requests[0]]:
        seen = [
            await person.payload(mutation, "__typename", phone=person.phone, **input)
            for person in (known, unknown)
        ]
        assert seen[0] == seen[1]
    assert [await ask_for_code(person) for person in (known, unknown)] == ["CODE_TOO_SOON"] * 2


async def test_an_access_token_lives_fifteen_minutes(world: World) -> None:  # R40
    person = await world.someone()
    await world.advance(minutes=14, seconds=50)
    assert await is_in(person)
    await world.advance(seconds=11)
    assert not await is_in(person)
    assert await is_in(await exchanged(person))


async def test_a_refresh_token_used_twice_ends_its_family(world: World) -> None:  # R40
    person = await world.someone()
    elsewhere = await person.second_device()
    renewed = await exchanged(person)
    newest = await exchanged(renewed)
    assert await is_in(person) and await is_in(newest)
    assert not await is_renewable(person)
    assert [await is_in(one) for one in (person, renewed, newest)] == [False] * 3
    assert not await is_renewable(newest)
    assert await is_in(elsewhere) and await is_renewable(elsewhere)


async def test_a_refresh_token_used_twice_at_once_ends_its_family(world: World) -> None:  # R40
    person = await world.someone()
    sign = ("refreshSession", "accessToken refreshToken")
    uses = (person.payload(*sign, refreshToken=person.refresh_token) for _ in range(2))
    winner, loser = sorted(await asyncio.gather(*uses), key=lambda payload: len(payload["errors"]))
    assert winner["errors"] == [] and loser["errors"][0]["code"] == "REFRESH_TOKEN_INVALID"
    person.token, person.refresh_token = winner["accessToken"], winner["refreshToken"]
    assert not await is_in(person) and not await is_renewable(person)


async def test_a_refresh_token_lives_thirty_days(world: World) -> None:  # R40
    in_time, late = await world.someone(), await world.someone()
    await world.advance(days=29, hours=23, minutes=59)
    renewed = await exchanged(in_time)
    await world.advance(minutes=1)
    assert not await is_renewable(late)
    assert await is_renewable(renewed)


async def test_signing_out_kills_both_tokens_of_this_session_alone(world: World) -> None:  # R40
    person = await world.someone()
    elsewhere = await person.second_device()
    sign_out = "mutation { signOut { errors { code } } }"
    assert await person.ask(sign_out) == {"signOut": {"errors": []}}
    assert not await is_in(person) and not await is_renewable(person)
    assert await person.error_code(sign_out) == "UNAUTHENTICATED"
    assert await is_in(elsewhere) and await is_renewable(elsewhere)


def encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def forged(token: str) -> list[str]:
    """Access tokens that nobody was given, after one that somebody was."""
    head, body, signature = token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    mine, at = TokenClaims(UUID(claims["sub"]), UUID(claims["sid"])), claims["iat"]
    return [
        Tokens("another long secret").issue(mine, datetime.fromtimestamp(at).astimezone()),
        f"{encoded({'alg': 'none', 'typ': 'JWT'})}.{body}.",
        f"{head}.{encoded(claims | {'exp': 2**40})}.{signature}",
        *(token[:-4], "garbage", "a.b.c", ""),
    ]


async def test_a_token_that_nobody_was_given_opens_nothing(world: World) -> None:  # R40
    person = await world.someone()
    for token in (*forged(person.token), person.refresh_token):
        assert not await is_in(replace(person, token=token)), token
    for token in ("", "garbage", "\x00", person.token):
        assert not await is_renewable(replace(person, refresh_token=token)), token
    assert await is_in(person) and await is_renewable(person)

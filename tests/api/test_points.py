"""The points that a person and an address may spend in a minute."""

import asyncio
import re
from typing import Final

import httpx

from tests.support.clock import move_to
from tests.support.costs import cost_of, dry_cost
from tests.support.in_process import served

NEWEST: Final = "application/graphql-response+json"
NAME: Final = "{ me { name } }"  # a statement and a value: 11 points
PAGE: Final = "a{}: members(first: 500) {{ nodes {{ id }} }}"
CODE: Final = (
    'c{0}: requestVerificationCode(input: {{phone: "1370000000{0}", purpose: SIGN_IN}})'
    " {{ challenge }}"
)


def repeated(part: str, times: int) -> str:
    return " ".join(part.format(number) for number in range(times))


async def test_a_dry_run_runs_nothing_and_costs_a_point_at_most(database_url: str) -> None:
    async with served(database_url=database_url, rate_limits=True) as world:
        await move_to(world)
        someone = world.stranger()
        cost, requested = await dry_cost(someone, f"mutation {{ {repeated(CODE, 1)} }}")
        assert requested == 15_001
        assert cost["limit"] - cost["remaining"] == 1
        assert await world.messages("+8613700000000") == []
        three = await cost_of(someone, f"mutation {{ {repeated(CODE, 3)} }}")
        assert three["requested"] == 45_003 < cost["operationLimit"]
        costly = "query($id: ID!) { group(id: $id) { " + repeated(PAGE, 70) + " } }"
        assert (await dry_cost(someone, costly, {"id": "x"}))[1] > 200_000
        live = 'subscription { groupStatusChanged(groupId: "x") { id } }'
        assert (await dry_cost(someone, live))[1] == 101


async def test_points_of_a_person_and_of_an_address_come_back_each_minute(
    database_url: str,
) -> None:
    options = {"rate_limits": True, "points_per_person": 40_000, "points_per_address": 120_000}
    async with served(database_url=database_url, **options) as world:
        await move_to(world)
        first, second = await world.someone(), await world.someone()
        await world.advance(minutes=1)
        cost = await cost_of(first, NAME)
        assert (cost["requested"], cost["limit"], cost["remaining"]) == (11, 40_000, 39_989)
        assert cost["resetsAt"].endswith(":00.000Z")
        page = "{ me { groups(first: 500) { nodes { id name type address colour } } } }"
        while (await cost_of(first, page))["remaining"] > 5000:
            pass
        body = await first.send(page)
        (error,) = body["errors"]
        assert error["extensions"]["code"] == "RATE_LIMITED"
        assert 0 < error["extensions"]["retryAfterSeconds"] <= 60
        assert body["extensions"]["cost"]["requested"] == 5010
        await cost_of(second, page)
        third = world.stranger()
        while (await cost_of(third, '{ __type(name: "Me") { name } }'))["remaining"] > 2000:
            pass
        assert await second.error_code(page) == "RATE_LIMITED"  # all three are one address
        await world.advance(seconds=error["extensions"]["retryAfterSeconds"])
        assert (await cost_of(first, page))["remaining"] == 40_000 - 5010


async def test_what_never_ran_is_charged_little(database_url: str) -> None:
    async with served(database_url=database_url, rate_limits=True) as world:
        await move_to(world)
        someone = await world.someone()
        await world.advance(minutes=1)
        wrong = ["{ me { ", "{ nobody }", "{ " + "me { id } " * 101 + "}"]
        wrong.append("{ me { groups(first: 50) { nodes { " + repeated(PAGE, 1) + " } } } }")
        for number, query in enumerate(wrong, start=1):
            body = await someone.send(query)
            assert body["errors"]
            cost = body["extensions"]["cost"]
            assert cost["limit"] - cost["remaining"] == 100 * number


async def test_many_small_queries_at_once_are_let_through(database_url: str) -> None:
    async with served(database_url=database_url, rate_limits=True) as world:
        someone = await world.someone()
        for _ in range(10):
            answers = await asyncio.gather(*(someone.send(NAME) for _ in range(50)))
            assert all(answer["data"]["me"] for answer in answers)


async def test_headers_tell_both_budgets_and_when_to_ask_again(database_url: str) -> None:
    options = {"rate_limits": True, "points_per_person": 1000, "points_per_address": 50_000}
    async with served(database_url=database_url, **options) as world:
        await move_to(world)
        someone = await world.someone()
        await world.advance(minutes=1)

        async def ask(query: str, accept: str, **headers: str) -> httpx.Response:
            return await world.http.post(
                f"{world.url}/graphql", json={"query": query}, headers={"accept": accept, **headers}
            )

        token = {"authorization": f"Bearer {someone.token}"}
        answer = await ask(NAME, NEWEST, **token)
        policies = '"person";q=1000;qu="points";w=60, "address";q=50000;qu="points";w=60'
        assert answer.headers["ratelimit-policy"] == policies
        left = re.fullmatch(
            r'"person";r=989;t=(\d+), "address";r=(\d+);t=\1', answer.headers["ratelimit"]
        )
        assert left and 0 < int(left[1]) <= 60 and int(left[2]) <= 49_989
        anonymous = await ask("{ __typename }", NEWEST)
        assert anonymous.headers["ratelimit-policy"] == '"address";q=50000;qu="points";w=60'
        page = "{ me { groups(first: 200) { nodes { id } } } }"
        for accept in (NEWEST, "application/json"):
            refused = await ask(page, accept, **token)
            (error,) = refused.json()["errors"]
            assert refused.status_code == 429 and "data" not in refused.json()
            assert error["extensions"]["code"] == "RATE_LIMITED"
            seconds = error["extensions"]["retryAfterSeconds"]
            assert refused.headers["retry-after"] == str(seconds)
            assert f"t={seconds}" in refused.headers["ratelimit"]
        events = await world.http.post(
            f"{world.url}/graphql/stream",
            json={"query": NAME},
            headers={"accept": "text/event-stream", **token},
        )
        assert events.headers["ratelimit-policy"] == policies

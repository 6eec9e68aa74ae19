"""Statistics now, and the reports of seven days (R36, R38)."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from app.models.reports import DayReport
from app.resolvers.ids import decode_id
from tests.support.clock import SHANGHAI, pass_time, pass_until, today
from tests.support.groups import fill
from tests.support.in_process import env_of
from tests.support.members import Profile, add_members, group_of, member_id_of
from tests.support.person import Person
from tests.support.records import nat
from tests.support.refreshes import leave_to_managers, refresh
from tests.support.statements import counted_statements
from tests.support.waiting import eventually, settled
from tests.support.world import World

COUNTS = """statistics { total byHealthCode { healthCode count }
    byTest { window result count } byDoses { doses count } }"""
NOW = f"query($id: ID!) {{ group(id: $id) {{ {COUNTS} }} }}"
REPORTS = f"""query($id: ID!, $days: Int) {{ group(id: $id) {{
    reports(days: $days) {{ date refreshedAt {COUNTS} }} }} }}"""
COUNTED = "query($id: ID!, $where: MemberFilter) { group(id: $id) { membersCount(where: $where) } }"
CREATOR = "欧阳创"
WINDOWS = ("H24", "H48", "H72", "D7", "OLDER")


async def statistics(manager: Person, group_id: str) -> dict[str, Any]:
    found: dict[str, Any] = (await manager.ask(NOW, id=group_id))["group"]["statistics"]
    return found


async def reports(manager: Person, group_id: str, **days: int) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await manager.ask(REPORTS, id=group_id, **days))["group"][
        "reports"
    ]
    return found


def codes(found: dict[str, Any]) -> dict[str, int]:
    return {line["healthCode"]: line["count"] for line in found["byHealthCode"] if line["count"]}


async def a_quiet_group(world: World, *parts: Profile) -> tuple[str, list[Person]]:
    """A group that is refreshed only when the test says so."""
    group_id, people = await group_of(world, Profile(CREATOR), *parts)
    await leave_to_managers(group_id)
    return group_id, people


async def test_everyone_is_counted_by_code_test_and_doses(world: World) -> None:  # R36
    now = datetime.fromisoformat(await world.now())
    ages = {"H24": 1, "H48": 25, "H72": 49, "D7": 73, "OLDER": 169}
    tested = [
        Profile("测", "", {"tests": [nat(now, hours, result), nat(now, hours + 1)]})
        for hours in ages.values()
        for result in ("NEGATIVE", "POSITIVE")
    ]
    group_id, people = await a_quiet_group(
        world,
        *tested,
        Profile("红", "", {"health_code": "RED", "vaccinations": [{"dose": 1}, {"dose": 3}]}),
        Profile("黄", "", {"health_code": "YELLOW", "vaccinations": [{}], "tests": [nat(now, 2)]}),
        Profile("待", "", {"health_code": "UNKNOWN", "tests": [nat(now, 1, "PENDING")]}),
        Profile("无", "", None),
    )
    found = await statistics(people[0], group_id)
    assert found["total"] == 15
    assert found["byHealthCode"] == [
        {"healthCode": code, "count": count}
        for code, count in (("GREEN", 11), ("YELLOW", 1), ("RED", 1), ("UNKNOWN", 2))
    ]
    expected: dict[tuple[str, str | None], int] = {
        (window, result): 1 for window in WINDOWS for result in ("NEGATIVE", "POSITIVE")
    }
    expected |= {("H24", "NEGATIVE"): 2, ("NONE", None): 4}
    assert found["byTest"] == [
        {"window": window, "result": result, "count": count}
        for (window, result), count in expected.items()
    ]
    assert found["byDoses"] == [
        {"doses": 0, "count": 13},
        {"doses": 1, "count": 1},
        {"doses": 3, "count": 1},
    ]
    for line in found["byTest"]:  # the same as whom the list would show
        where = {"testWindows": [line["window"]]}
        where |= {"testResults": [line["result"]]} if line["result"] else {}
        counted = await people[0].ask(COUNTED, id=group_id, where=where)
        assert counted["group"]["membersCount"] == line["count"]


async def test_a_group_of_one_has_a_zero_for_what_nobody_has(world: World) -> None:  # R36
    group_id, (creator,) = await a_quiet_group(world)
    found = await statistics(creator, group_id)
    assert [line["count"] for line in found["byHealthCode"]] == [1, 0, 0, 0]
    assert [line["count"] for line in found["byTest"]] == [0] * 10 + [1]


async def test_at_exactly_its_length_a_window_is_over(  # R19, R36
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = env_of(world).clock
    for index, hours in enumerate((24, 48, 72, 168)):
        tested_at = clock.now() - timedelta(hours=hours) + timedelta(minutes=1)
        record = {"tests": [{"tested_at": tested_at.isoformat()}]}
        group_id, (creator,) = await group_of(world, Profile(CREATOR, "", record))
        over_at = tested_at + timedelta(hours=hours)
        tick = timedelta(microseconds=1)
        for at, later in ((over_at - tick, 0), (over_at, 1), (over_at + tick, 1)):
            with monkeypatch.context() as patch:
                patch.setattr(clock, "now", lambda at=at: at)
                found = await statistics(creator, group_id)
            windows = [line["window"] for line in found["byTest"] if line["count"]]
            assert windows == [WINDOWS[index + later]]


async def test_counting_is_one_statement_however_many_there_are(world: World) -> None:  # R36
    group_id, (creator,) = await a_quiet_group(world)
    seen: list[int] = []
    for people in (1, 500):
        with counted_statements() as statements:
            assert (await statistics(creator, group_id))["total"] == people
        # Beside it is looked up until when the answer may be kept: by indexes, the first time.
        counting = [sql for sql in statements.of("health_record") if "SELECT MIN(" not in sql]
        assert len(counting) == 1
        assert "GROUP BY" in counting[0]
        others = ("due_work", "SELECT MIN(")
        seen.append(sum(not any(one in sql for one in others) for sql in statements.seen))
        await fill(group_id, 499 if people == 1 else 0)
    assert seen[0] == seen[1] <= 3


async def test_a_report_is_kept_of_a_refresh_and_null_without_one(world: World) -> None:  # R36
    group_id, (creator, *_) = await a_quiet_group(
        world, Profile("黄", "", {"health_code": "YELLOW"})
    )
    await pass_until(9, creator)
    day = await today(world)
    days = [str(day - timedelta(days=back)) for back in range(7)]
    before = await reports(creator, group_id)
    assert before == [{"date": date, "refreshedAt": None, "statistics": None} for date in days]
    assert await refresh(creator, group_id) == "DONE"
    after = await reports(creator, group_id)
    assert after[1:] == before[1:]
    assert after[0]["date"] == days[0] and after[0]["refreshedAt"] is not None
    assert after[0]["statistics"] == await statistics(creator, group_id)
    assert codes(after[0]["statistics"]) == {"GREEN": 1, "YELLOW": 1}
    assert await reports(creator, group_id, days=1) == after[:1]
    assert await reports(creator, group_id, days=3) == after[:3]
    for out_of_range in (0, 8, -1, 2**31 - 1):
        code = await creator.error_code(REPORTS, id=group_id, days=out_of_range)
        assert code == "BAD_USER_INPUT"


async def test_the_last_refresh_of_a_day_counts(world: World) -> None:  # R36
    group_id, (creator, member) = await a_quiet_group(world, Profile("员"))
    await pass_until(9, creator)
    await refresh(creator, group_id)
    (first, *_) = await reports(creator, group_id)
    await world.set_record(member.id_number, health_code="RED")
    await pass_time(creator, minutes=31)
    assert await reports(creator, group_id, days=1) == [first]
    await refresh(creator, group_id)
    second = await reports(creator, group_id)
    assert codes(second[0]["statistics"]) == {"GREEN": 1, "RED": 1}
    assert second[0]["refreshedAt"] > first["refreshedAt"]
    await add_members(
        creator, group_id, Profile("后")
    )  # who joins changes the present, not the report
    assert (await statistics(creator, group_id))["total"] == 3
    assert await reports(creator, group_id) == second
    await world.faults(health={"status": 403})  # a failed run makes no report
    try:
        await pass_time(creator, minutes=31)
        assert await refresh(creator, group_id) == "FAILED"
    finally:
        await world.faults()
    assert await reports(creator, group_id) == second
    query = "query($id: ID!) { group(id: $id) { activity { lastRefreshedAt } } }"
    activity = (await creator.ask(query, id=group_id))["group"]["activity"]
    assert activity == {"lastRefreshedAt": second[0]["refreshedAt"]}


async def test_a_day_of_failed_runs_has_no_report(world: World) -> None:  # R36
    group_id, (creator,) = await a_quiet_group(world)
    await world.faults(health={"status": 403})
    try:
        assert await refresh(creator, group_id) == "FAILED"
    finally:
        await world.faults()
    assert [row["statistics"] for row in await reports(creator, group_id)] == [None] * 7


async def test_the_day_is_that_of_shanghai(world: World) -> None:  # R36: it begins at 16:00 UTC
    group_id, (creator, member) = await a_quiet_group(world, Profile("员"))
    await pass_until(23, creator)
    day = await today(world)
    await refresh(creator, group_id)
    await world.set_record(member.id_number, health_code="YELLOW")
    await pass_time(creator, minutes=61)
    await refresh(creator, group_id)
    late, early, *others = await reports(creator, group_id)
    assert (late["date"], early["date"]) == (str(day + timedelta(days=1)), str(day))
    assert codes(early["statistics"]) == {"GREEN": 2}
    assert codes(late["statistics"]) == {"GREEN": 1, "YELLOW": 1}
    for row, hour in ((early, 15), (late, 16)):
        at = datetime.fromisoformat(row["refreshedAt"])
        assert at.hour == hour and str(at.astimezone(SHANGHAI).date()) == row["date"]
    assert all(row["statistics"] is None for row in others)


async def test_a_report_is_kept_seven_days_and_then_erased(world: World) -> None:  # R36, R38
    group_id, (creator,) = await a_quiet_group(world)
    await pass_until(12, creator)
    await refresh(creator, group_id)
    (first, *_) = await reports(creator, group_id)
    kept = DayReport.filter(group_id=decode_id(group_id, "Group"))
    await pass_time(creator, days=6)
    seen = await reports(creator, group_id)
    assert seen[6] == first and all(row["statistics"] is None for row in seen[:6])
    assert await kept.count() == 1
    await pass_time(creator, hours=13)  # past midnight
    seen = await reports(creator, group_id)
    assert len(seen) == 7 and all(row["statistics"] is None for row in seen)
    await eventually(kept.count, lambda left: left == 0)


async def test_only_managers_see_statistics_and_reports(world: World) -> None:  # R17
    group_id, (creator, admin, member) = await a_quiet_group(world, Profile("管"), Profile("员"))
    member_id = await member_id_of(admin, group_id)
    await creator.change("appointAdmin", "member { id }", memberId=member_id)
    await refresh(creator, group_id)
    await settled(world)
    outsider = await world.real_person()
    for query in (NOW, REPORTS):
        assert await admin.ask(query, id=group_id) == await creator.ask(query, id=group_id)
        assert await member.error_code(query, id=group_id) == "FORBIDDEN"
        assert await outsider.error_code(query, id=group_id) == "NOT_FOUND"

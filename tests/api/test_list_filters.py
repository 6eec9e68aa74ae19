"""``where``: the same on members, their count and anomalies (R15)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.support.in_process import env_of
from tests.support.lists import CREATOR, EVERYONE, MixedGroup, mixed_group
from tests.support.members import Profile, group_of
from tests.support.statements import counted_statements
from tests.support.waiting import settled
from tests.support.world import World


@pytest.fixture(scope="module")
async def mixed(world: World) -> MixedGroup:
    return await mixed_group(world)


WHERE: list[tuple[dict[str, Any], list[str]]] = [
    ({}, EVERYONE),
    ({"healthCodes": ["GREEN"]}, [CREATOR, "张三", "曾国", "小曾"]),
    ({"healthCodes": ["UNKNOWN"]}, ["安娜", "吕布"]),  # of whom there is no data, too
    ({"healthCodes": ["RED", "YELLOW"]}, ["李安", "Anna Lee"]),
    ({"healthCodes": []}, []),
    ({"anomalous": True}, [CREATOR, "李安", "Anna Lee", "安娜", "吕布", "曾国"]),
    ({"anomalous": False}, ["张三", "小曾"]),
    ({"anomalyReasons": ["TEST_MISSING"]}, [CREATOR, "吕布"]),
    ({"anomalyReasons": ["TEST_EXPIRED"]}, ["安娜", "曾国"]),
    ({"anomalyReasons": ["TEST_POSITIVE", "CODE_YELLOW"]}, ["李安", "Anna Lee"]),
    ({"anomalyReasons": ["CODE_UNKNOWN"]}, ["安娜", "吕布"]),
    ({"anomalyReasons": ["CODE_RED"]}, ["Anna Lee"]),
    ({"anomalyReasons": []}, []),
    ({"testWindows": ["H24"]}, ["张三", "小曾"]),
    ({"testWindows": ["H48"]}, ["李安"]),
    ({"testWindows": ["H72"]}, ["Anna Lee"]),
    ({"testWindows": ["D7"]}, ["安娜"]),
    ({"testWindows": ["OLDER"]}, ["曾国"]),
    ({"testWindows": ["NONE"]}, [CREATOR, "吕布"]),
    ({"testWindows": ["H24", "OLDER", "NONE"]}, [CREATOR, "张三", "吕布", "曾国", "小曾"]),
    ({"testWindows": []}, []),
    ({"testResults": ["POSITIVE"]}, ["Anna Lee"]),
    ({"testResults": ["NEGATIVE"]}, ["张三", "李安", "安娜", "曾国", "小曾"]),
    ({"testResults": ["PENDING"]}, []),
    ({"doses": [0]}, [CREATOR, "李安", "Anna Lee", "安娜", "吕布", "小曾"]),
    ({"doses": [3, 1]}, ["张三", "曾国"]),
    ({"doses": [2]}, []),
    ({"roles": ["CREATOR"]}, [CREATOR]),
    ({"roles": ["ADMIN", "CREATOR"]}, [CREATOR, "张三"]),
    ({"student": True}, ["小曾"]),
    ({"student": False}, EVERYONE[:-1]),
    ({"leaving": True}, ["李安"]),
    ({"leaving": False, "roles": ["ADMIN"]}, ["张三"]),
    ({"healthCodes": ["GREEN"], "anomalous": True, "doses": [1]}, ["曾国"]),
    ({"healthCodes": ["RED"], "testResults": ["NEGATIVE"]}, []),
]


@pytest.mark.parametrize(("where", "expected"), WHERE)
async def test_where_means_the_same_on_members_their_count_and_anomalies(  # R15
    mixed: MixedGroup, where: dict[str, Any], expected: list[str]
) -> None:
    seen = await mixed.ask(where=where)
    members = seen["members"]["nodes"]
    assert [member["person"]["name"] for member in members] == expected
    assert seen["membersCount"] == len(expected)
    anomalous = [one["person"]["name"] for one in members if one["anomaly"]]
    listed = [one["member"]["person"]["name"] for one in seen["anomalies"]["nodes"]]
    assert sorted(listed) == sorted(anomalous)
    narrowed = await mixed.ask(where=where, search="三", by={"field": "NAME", "direction": "DESC"})
    names = [member["person"]["name"] for member in narrowed["members"]["nodes"]]
    third = [name for name in ("张三", "曾国", "小曾") if name in expected]
    assert narrowed["membersCount"] == len(third) and sorted(names) == sorted(third)


@pytest.mark.parametrize(
    ("hours", "before", "after"),
    [(24, "H24", "H48"), (48, "H48", "H72"), (72, "H72", "D7"), (168, "D7", "OLDER")],
)
async def test_at_exactly_its_length_a_window_is_over(  # R15, R19
    world: World, monkeypatch: pytest.MonkeyPatch, hours: int, before: str, after: str
) -> None:
    clock = env_of(world).clock
    tested_at = clock.now() - timedelta(hours=hours) + timedelta(minutes=1)
    record = {"tests": [{"tested_at": tested_at.isoformat()}]}
    group_id, [creator] = await group_of(world, Profile(CREATOR, "", record))
    await settled(world)
    mixed = MixedGroup(creator, group_id)
    over_at = tested_at + timedelta(hours=hours)
    for at, window in (
        (over_at - timedelta(microseconds=1), before),
        (over_at, after),
        (over_at + timedelta(microseconds=1), after),
    ):
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        for wanted in ("H24", "H48", "H72", "D7", "OLDER", "NONE"):
            found = await mixed.names(where={"testWindows": [wanted]})
            assert found == ([CREATOR] if wanted == window else []), (at, wanted)
    monkeypatch.undo()


async def test_all_counts_of_an_operation_cost_one_statement(mixed: MixedGroup) -> None:  # R15
    """A dashboard's tiles: each its own condition, all counted at once."""
    counts = " ".join(f"c{number}: membersCount(where: $w{number})" for number in range(len(WHERE)))
    given = ", ".join(f"$w{number}: MemberFilter" for number in range(len(WHERE)))
    query = f"query($id: ID!, {given}) {{ group(id: $id) {{ {counts} }} }}"
    variables = {f"w{number}": where for number, (where, _) in enumerate(WHERE)}
    with counted_statements() as statements:
        answer = await mixed.creator.ask(query, id=mixed.group_id, **variables)
    expected = {f"c{number}": len(names) for number, (_, names) in enumerate(WHERE)}
    assert answer["group"] == expected
    [counting] = [sql for sql in statements.seen if "COUNT(" in sql and '"anomaly"' in sql]
    assert counting.count("COUNT(") == len(WHERE) - 1  # everyone's count stands in the group's row

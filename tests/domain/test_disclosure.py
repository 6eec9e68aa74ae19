"""What is shown above a group tells no count of 1 to 4, whatever one works out (R47)."""

from collections.abc import Iterator, Sequence
from itertools import starmap
from random import Random
from uuid import UUID

import pytest

from app.domain import disclosure
from app.domain.disclosure import CELLS, CODES_SHOWN, Counts, shown_counts, tables_of
from app.domain.statistics import TEST_COUNTS
from tests.support.disclosure import Group, Name

# How likely members are of each cell, by table: nearly all alike, as groups are.
LIKELY = (
    ([0.95, 0.02, 0.01, 0.02], [0.6, 0.01, 0.2, 0, 0.1, 0, 0.05, 0, 0.02, 0, 0.02]),
    ([0.98, 0.01, 0, 0.01], [0.98, 0, 0.02, 0, 0, 0, 0, 0, 0, 0, 0]),
    ([0.97, 0, 0.03, 0], [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
    ([1, 0, 0, 0], [0.5, 0, 0.4, 0, 0, 0, 0, 0, 0, 0, 0.1]),
)
DOSES = ([0.02, 0.05, 0.3, 0.6, 0.03], [0, 0, 0, 1, 0])


def spread(random: Random, members: int, likely: Sequence[float]) -> list[int]:
    drawn = random.choices(range(len(likely)), likely, k=members)
    return [drawn.count(place) for place in range(len(likely))]


def groups(seed: int, number: int) -> Iterator[tuple[UUID, Counts]]:
    random = Random(seed)
    for _ in range(number):
        members = random.choice((10, 11, 12, random.randint(10, 45), random.randint(10, 500)))
        tables = (*random.choice(LIKELY), random.choice(DOSES))
        counts = [count for likely in tables for count in spread(random, members, likely)]
        yield UUID(int=random.getrandbits(128)), tuple(counts)


def named(counts: Counts) -> dict[Name, int]:
    codes, tests, doses = tables_of(counts)
    return {
        **{("code", code.value): count for code, count in zip(CODES_SHOWN, codes, strict=True)},
        **{("test", str(test)): count for test, count in zip(TEST_COUNTS, tests, strict=True)},
        **{("doses", str(number)): count for number, count in enumerate(doses)},
    }


def colour(counts: Counts) -> str:
    of = named(counts)
    if of["code", "RED"]:
        return "RED"
    positive = sum(count for (table, what), count in of.items() if "POSITIVE" in what)
    return "YELLOW" if of["code", "YELLOW"] + of["code", "UNKNOWN"] + positive else "GREEN"


def found_in(seed: UUID, counts: Counts, times: int = 1) -> int:
    """How many counts somebody finds by what is shown of a group, or by knowing its size, too."""
    shown = [shown_counts(seed, counts) for _ in range(times)]
    answers = [named(answer) if answer else None for answer in shown]
    members = disclosure.members_in(counts)
    return sum(len(Group(colour(counts), answers, known).found()) for known in (None, members))


def test_no_count_of_1_to_4_is_found() -> None:  # R47
    assert sum(starmap(found_in, groups(1, 1_000))) == 0


def test_what_is_held_back_for_it_is_little() -> None:  # R47
    shown = [shown_counts(*group) for group in groups(2, 3_000)]
    assert 0 < shown.count(None) < 60


@pytest.mark.parametrize(
    ("method", "off"),
    [
        ("_is_told", lambda counts, shown: False),
        ("_rounded", lambda seed, cell, count: count),
    ],
    ids=["nothing held back", "nothing rounded"],
)
def test_counts_are_found_where_the_method_is_off(  # R47
    monkeypatch: pytest.MonkeyPatch, method: str, off: object
) -> None:
    monkeypatch.setattr(disclosure, method, off)
    assert sum(starmap(found_in, groups(3, 600))) > 0


def test_counts_are_found_where_each_answer_is_drawn_anew(  # R47
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    random = Random(4)
    drawn = disclosure._rounded
    monkeypatch.setattr(
        disclosure,
        "_rounded",
        lambda seed, cell, count: drawn(UUID(int=random.getrandbits(128)), cell, count),
    )
    assert sum(found_in(*group, times=20) for group in groups(5, 20)) > 0


def test_a_count_is_shown_as_a_multiple_of_five_next_to_it_and_right_on_average() -> None:  # R47
    random = Random(6)
    seeds = [UUID(int=random.getrandbits(128)) for _ in range(4_000)]
    for count in range(12):
        shown = [disclosure._rounded(seed, CELLS[0], count) for seed in seeds]
        assert {one % 5 for one in shown} == {0} and all(abs(one - count) < 5 for one in shown)
        assert abs(sum(shown) / len(shown) - count) < 0.2
    assert len({disclosure._rounded(seeds[0], cell, 2) for cell in CELLS}) == 2


def test_of_fewer_than_ten_nothing_is_shown() -> None:  # R47
    nine, ten = (
        tuple(
            members if name.endswith(("green", "h24_negative", "doses_3")) else 0 for name in names
        )
        for members in (9, 10)
        for names in [[cell.name for cell in CELLS]]
    )
    assert shown_counts(UUID(int=1), nine) is None
    assert shown_counts(UUID(int=1), ten) == ten

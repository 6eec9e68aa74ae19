"""What ``make metrics`` counts."""

from tools.metrics import ROOT, Measure, Source, in_cycles, measure, public_names, stale

CODE = '''"""A module."""

from typing import Any

import strawberry


@strawberry.type(description="Described to clients.")
class Described:
    def silent(self, value: Any) -> Any:
        return value  # type: ignore[no-any-return]

    def _private(self) -> None: ...
'''
SOURCE = Source(ROOT / "app" / "example.py", CODE)


def test_any_and_ignores_are_counted_where_they_are_used() -> None:
    assert (SOURCE.uses_of_any, SOURCE.ignores) == (2, 1)


def test_a_docstring_or_a_description_says_what_a_public_name_is() -> None:
    assert dict(public_names(SOURCE)) == {
        "app/example.py": True,
        "app/example.py:9": True,
        "app/example.py:10": False,
    }


def test_only_modules_that_import_each_other_are_in_a_cycle() -> None:
    graph = {"a": {"b"}, "b": {"c"}, "c": {"b", "d"}, "d": set()}
    assert in_cycles(graph) == {"b", "c"}
    assert in_cycles({"a": {"b"}, "b": set()}) == set()


def test_a_broken_bound_is_told_from_a_kept_one() -> None:
    assert Measure("some", 6, most=5).broken
    assert Measure("some", 98, least=99).broken
    assert not Measure("some", 5, most=5).broken
    assert not Measure("some", 5).broken


def test_a_page_is_old_once_a_number_is_a_tenth_away() -> None:
    assert stale([Measure("lines", 1000)], "| lines | 950 | |\n") == []
    assert stale([Measure("lines", 1000)], "| lines | 800 | |\n") == ["lines"]
    assert stale([Measure("lines", 1000)], "") == ["lines"]


def test_all_is_measured_of_a_source() -> None:
    values = {one.name: one.value for one in measure([SOURCE])}
    assert values["lines of the longest function"] == 2
    assert values["modules in import cycles"] == 0

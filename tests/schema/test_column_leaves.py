"""A column of leaves is completed to what each of its values is completed to, or is a surprise."""

from datetime import UTC, datetime, timedelta, timezone
from uuid import uuid4

import pytest
from graphql import GraphQLEnumType, GraphQLList, GraphQLNonNull, GraphQLOutputType, is_leaf_type

from app.resolvers.ids import encode_id, encode_ids
from app.schema import build_schema
from app.schema.column_leaves import leaf_column_completion
from app.schema.leaf_completion import Surprise, leaf_completion

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TIMES = [
    AT,
    AT.replace(microsecond=1),
    AT.replace(microsecond=999_999),
    datetime.max.replace(tzinfo=UTC),
]
SURPRISES = (Surprise, KeyError, ValueError, TypeError)  # on any of them graphql-core goes on
TYPES = build_schema()._schema.type_map


def leaf(name: str) -> GraphQLOutputType:
    found = TYPES[name]
    assert is_leaf_type(found)
    return found


def completed(name: str, column: list[object], *, never_null: bool = False) -> list[object]:
    complete = leaf_column_completion(leaf(name), never_null=never_null)
    assert complete is not None
    return list(complete(column))


def one_by_one(name: str, column: list[object]) -> list[object]:
    found = TYPES[name]
    assert is_leaf_type(found)
    return [leaf_completion(found)(value) for value in column]


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("String", ["一", "", None]),
        ("ID", ["x", None]),
        ("Boolean", [True, False, None]),
        ("Int", [0, -(2**31), 2**31 - 1, None]),
        ("DateTime", [*TIMES, None]),
        ("DateTime", [None, None]),
        ("DateTime", []),
    ],
)
def test_a_column_is_completed_as_its_values(name: str, column: list[object]) -> None:
    assert completed(name, column) == one_by_one(name, column)


@pytest.mark.parametrize("separator", ["T", " "])
def test_times_may_be_as_they_are_stored(separator: str) -> None:
    there = timezone(timedelta(hours=8))
    for zone in (UTC, there):
        times = [at.astimezone(zone) for at in TIMES[:-1]]
        stored = [at.isoformat(separator) for at in times]
        assert completed("DateTime", [*stored, None]) == one_by_one("DateTime", [*times, None])


def test_enums_are_completed_from_what_is_stored() -> None:
    for type_ in TYPES.values():
        if isinstance(type_, GraphQLEnumType):
            complete = leaf_column_completion(type_, never_null=True)
            assert complete is not None
            values = [entry.value for entry in type_.values.values()]
            assert list(complete([getattr(one, "value", one) for one in values])) == list(
                type_.values
            )


def test_lists_are_completed_value_by_value() -> None:
    complete = leaf_column_completion(
        GraphQLList(GraphQLNonNull(leaf("AnomalyReason"))), never_null=False
    )
    assert complete is not None
    one = ["CODE_RED"]
    assert list(complete([one, None, one, []])) == [["CODE_RED"], None, ["CODE_RED"], []]
    for wrong in ([["NOT_A_REASON"]], [[None]], ["CODE_RED"]):
        with pytest.raises(SURPRISES):
            complete(wrong)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("String", 1),
        ("ID", uuid4()),
        ("Boolean", 1),
        ("Int", 2**31),
        ("Int", True),
        ("DateTime", AT.replace(tzinfo=None)),
        ("DateTime", "yesterday"),
        ("DateTime", 7),
        ("HealthCode", "BLUE"),
    ],
)
def test_what_a_type_does_not_say_is_a_surprise(name: str, value: object) -> None:
    with pytest.raises(SURPRISES):
        completed(name, [value])


@pytest.mark.parametrize("name", ["String", "ID", "Boolean", "Int", "DateTime", "HealthCode"])
def test_null_is_a_surprise_where_it_must_not_be(name: str) -> None:
    with pytest.raises(SURPRISES):
        completed(name, [None], never_null=True)


def test_many_ids_are_encoded_as_each() -> None:
    keys = [uuid4() for _ in range(5)]
    for typename in ("Me", "Group", "Member", "Anomaly", "IdentityVerification"):
        expected = [encode_id(typename, key) for key in keys]
        assert encode_ids(typename, keys) == expected
        assert encode_ids(typename, [str(key) for key in keys]) == expected
    assert encode_ids("Member", []) == []

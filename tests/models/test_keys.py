"""What a group's pages and runs read lies together: its tables are keyed by the group."""

import pytest
from tortoise import Model
from tortoise.indexes import Index

from app import models

HOT = [
    "AccessDay",
    "Anomaly",
    "Consent",
    "DataVersion",
    "DayCount",
    "DayReport",
    "FormerMember",
    "GroupEvent",
    "Invitation",
    "LeaveRequest",
    "Membership",
    "RefreshRun",
    "Sms",
]


def keys_of(model: type[Model]) -> set[str]:
    """The first columns of a table's indexes and unique keys."""
    meta = model._meta
    indexes = [one.fields if isinstance(one, Index) else one for one in meta.indexes]
    firsts = [next(iter(names)) for names in (*meta.unique_together, *indexes)]
    single = [name for name, field in meta.fields_map.items() if field.unique or field.index]
    return {name.removesuffix("_id") for name in (*firsts, *single)}


@pytest.mark.parametrize("name", HOT)
def test_a_table_that_grows_with_groups_is_keyed_by_group(name: str) -> None:
    assert "group" in keys_of(getattr(models, name))

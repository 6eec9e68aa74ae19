"""What people are told of what they share is what managers read (R11)."""

from typing import Any

import pytest

from app.domain.sharing import SharedData
from app.resolvers.invitations import SHARED
from app.resolvers.leaves import FORMER_COLUMNS
from app.resolvers.member_fields import MEMBER_COLUMNS
from app.resolvers.sharing import SHARED_AS, shared_by
from app.schema import build_schema

# An opaque name, which says nothing; and what only members and their guardians read.
UNTOLD = {"id", "consents"}


def fields_of(typename: str) -> set[str]:
    types: Any = build_schema()._schema.type_map
    return set(types[typename].fields)


def test_all_that_the_schema_has_of_members_is_read_by_the_tables() -> None:  # R11
    of_members = {entry.partition(".")[0] for entry in MEMBER_COLUMNS}
    assert fields_of("Member") - UNTOLD == of_members
    for part, typename in (("person", "Person"), ("anomaly", "Anomaly")):
        of_part = {entry.partition(".")[2] for entry in MEMBER_COLUMNS if f"{part}." in entry}
        assert fields_of(typename) - {"id", "member"} == of_part
    assert fields_of("FormerMember") - UNTOLD == set(FORMER_COLUMNS)


def test_all_that_the_tables_read_is_told() -> None:  # R11
    tables = (*MEMBER_COLUMNS.values(), *FORMER_COLUMNS.values())
    read = {attribute for columns in tables for attribute in columns}
    assert set(SHARED) == {SHARED_AS[attribute] for attribute in read}
    for told in ("NAME", "PHONE", "ID_NUMBER_MASKED", "REMARK", "NUCLEIC_ACID_TESTS"):
        assert SharedData(told) in SHARED


def test_nothing_can_be_shown_of_which_nobody_said_what_it_is() -> None:  # R11
    assert shared_by({"remark": {"remark": "remark"}}) == (SharedData.REMARK,)
    with pytest.raises(KeyError):
        shared_by({"weight": {"weight": "person__weight"}})

"""Descriptions carry the Chinese term of the domain, at the end of their first sentence."""

import pytest
from graphql import GraphQLObjectType, build_schema

from app.schema import chinese
from app.schema.chinese import add_chinese_terms, with_term
from tests.support.world import World

ASKED = """{
    type: __type(name: "Anomaly") { description }
    code: __type(name: "HealthCode") { enumValues { name description } }
    group: __type(name: "Group") { fields { name description args { name description } } } }"""


async def test_front_ends_read_the_terms_with_the_schema(world: World) -> None:
    data = await world.stranger().ask(ASKED)
    assert (
        data["type"]["description"] == "A member who doesn't meet the requirement, and why (异常)."
    )
    codes = {value["name"]: value["description"] for value in data["code"]["enumValues"]}
    assert codes["RED"].endswith(" (红码).") and codes["WITHHELD"].endswith(" (不予显示).")
    fields = {field["name"]: field for field in data["group"]["fields"]}
    assert "(防疫要求)." in fields["requirement"]["description"]
    assert fields["members"]["description"].endswith(" (成员). Managers.")
    search = next(one for one in fields["members"]["args"] if one["name"] == "search")
    assert search["description"].endswith(" (搜索).")


@pytest.mark.parametrize(
    ("description", "expected"),
    [
        ("A group.", "A group (团体)."),
        ("A group. Managers.", "A group (团体). Managers."),
        ("The phone, E.164. Yes.", "The phone, E.164 (团体). Yes."),
        ("A group", "A group (团体)"),
    ],
)
def test_a_term_ends_the_first_sentence(description: str, expected: str) -> None:
    assert with_term(description, "团体") == expected


def test_a_term_of_what_isnt_there_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    schema = build_schema('type Query { "Reads." group: String }')
    for table in ("TYPES", "FIELDS", "_VALUES"):
        monkeypatch.setattr(chinese, table, {})
    monkeypatch.setattr(chinese, "FIELDS", {"Query.group": "团体"})
    add_chinese_terms(schema)
    query = schema.query_type
    assert isinstance(query, GraphQLObjectType)
    assert query.fields["group"].description == "Reads (团体)."
    monkeypatch.setattr(chinese, "FIELDS", {"Query.grup": "团体"})
    with pytest.raises(LookupError, match=r"Query\.grup"):
        add_chinese_terms(schema)

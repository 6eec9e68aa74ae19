"""Lists of people as they write themselves: found and ordered all the same (R15)."""

import pytest

from tests.support.lists import MixedGroup
from tests.support.members import Profile, group_of
from tests.support.world import World

PEOPLE = {
    "Siân O’Brien": "重庆组",
    "Anne-Marie": "长沙组",
    "Łukasz Ørsted": "郑州组",
    "張偉": "成都组",
    "阿依古丽·买买提": "单元",
    "⻢云": "解放路",
    "单田芳": "查验组",
    "万俟一": "区政府",
}


@pytest.fixture(scope="module")
async def spelled(world: World) -> MixedGroup:
    profiles = [Profile(name, remark) for name, remark in PEOPLE.items()]
    group_id, people = await group_of(world, Profile("创建人"), *profiles)
    return MixedGroup(people[0], group_id)


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("O'Brien", "Siân O’Brien"),
        ("sian obrien", "Siân O’Brien"),
        ("annemarie", "Anne-Marie"),
        ("ANNE–MARIE", "Anne-Marie"),
        ("lukasz", "Łukasz Ørsted"),
        ("orsted", "Łukasz Ørsted"),
        ("张伟", "張偉"),
        ("zhang'wei", "張偉"),
        ("阿依古丽•买买提", "阿依古丽·买买提"),
        ("马", "⻢云"),
        ("moqi", "万俟一"),
        ("重慶", "Siân O’Brien"),
    ],
)
async def test_a_search_finds_every_spelling(
    spelled: MixedGroup, search: str, found: str
) -> None:  # R15
    assert await spelled.names(search=search) == [found]


@pytest.mark.parametrize("search", ["siân o'brien", "Sian O’Brien", "ＳＩＡＮ OBRIEN"])
async def test_an_exact_search_does_too(spelled: MixedGroup, search: str) -> None:  # R15
    assert await spelled.names(search=search, exact=True) == ["Siân O’Brien"]


async def test_names_are_read_by_surnames_and_remarks_by_words(spelled: MixedGroup) -> None:  # R15
    by_name = await spelled.names(by={"field": "NAME"})
    order = ["阿依古丽·买买提", "Anne-Marie", "创建人", "Łukasz Ørsted", "⻢云", "万俟一"]
    assert by_name == [*order, "单田芳", "Siân O’Brien", "張偉"]
    by_remark = await spelled.names(by={"field": "REMARK"})
    read = {name: PEOPLE.get(name, "") for name in by_remark}
    assert list(read.values()) == (
        ["", "查验组", "长沙组", "成都组", "重庆组", "单元", "解放路", "区政府", "郑州组"]
    )

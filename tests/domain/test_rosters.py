"""Matching a roster with who has joined: by the name, and the remark where names repeat (R15)."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.rosters import Named, matches, name_key

SOME = st.lists(
    st.tuples(st.sampled_from("张李王"), st.sampled_from(["", "一班", "二班"])), max_size=8
)


def named(pairs: list[tuple[str, str]], start: int) -> list[Named]:
    return [Named(UUID(int=at), *pair) for at, pair in enumerate(pairs, start)]


def found(listed: list[tuple[str, str]], members: list[tuple[str, str]]) -> dict[int, int]:
    matched = matches(named(listed, 100), named(members, 200))
    return {key.int - 100: member.int - 200 for key, member in matched.items()}


def test_one_of_a_name_is_known_by_it_alone() -> None:
    assert found([("张", "一班"), ("李", "")], [("李", "三班"), ("王", "")]) == {1: 0}


def test_two_of_one_name_are_told_by_their_remarks() -> None:
    members = [("张", "二班"), ("张", "一班")]
    assert found([("张", "一班"), ("张", "三班")], members) == {0: 1}
    assert found([("张", "")], members) == {}  # it could be either
    assert found([("张", "一班"), ("张", "二班")], [("张", "")]) == {}
    assert found([("张", "一班"), ("张", "一班")], [("张", "一班"), ("张", "一班")]) == {0: 0, 1: 1}


@given(SOME, SOME)
def test_nobody_is_matched_twice_or_with_another_name(
    listed: list[tuple[str, str]], members: list[tuple[str, str]]
) -> None:
    matched = found(listed, members)
    assert len(set(matched.values())) == len(matched)
    for entry, member in matched.items():
        assert listed[entry][0] == members[member][0]
        others = [one for one in (*listed, *members) if one[0] == listed[entry][0]]
        assert len(others) == 2 or listed[entry] == members[member]


@given(SOME, SOME)
def test_who_could_be_told_is_matched(
    listed: list[tuple[str, str]], members: list[tuple[str, str]]
) -> None:
    matched = found(listed, members)
    for entry, one in enumerate(listed):
        if entry not in matched:
            assert members.count(one) == sum(listed[other] == one for other in matched)


def test_a_name_is_another_in_another_group_and_the_same_in_another_spelling() -> None:
    one, other = UUID(int=1), UUID(int=2)
    assert name_key(one, "Zhang  San") == name_key(one, "ＺＨＡＮＧ·ＳＡＮ")
    assert name_key(one, "张三") != name_key(other, "张三")

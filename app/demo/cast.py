"""Who and what there is in the demo's tree: names, numbers, phones, and who isn't simply green."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.client import resident_id
from app.domain.groups import NatValidity
from app.domain.limits import COUNT_DAYS

_OFFICIALS: Final = 100  # numbers for whoever owns or oversees an organisation, the first ones
_STRIDE: Final = 450  # numbers for a group; the largest has fewer people

CITY: Final = "示范市教育局"
_DISTRICTS: Final = ("天河区", "越秀区", "海珠区", "荔湾区", "白云区")
_AREAS: Final = "一二三四"
_STREETS: Final = (
    *("体育西路", "林和街", "石牌", "车陂", "北京路", "东山口", "大塘", "珠光", "江南西", "滨江"),
    *("赤岗", "新港", "沙面", "西关", "芳村", "花地", "三元里", "同和", "京溪", "石井"),
)
_KINDS: Final = (
    *("第一小学", "第一中学", "第二小学", "第三小学", "实验学校"),
    *("第二中学", "幼儿园", "外国语学校", "职业学校", "教学点"),
)
# How large each kind is, of the usual size. The last is too small for its counts to be shown (R47).
_SHARES: Final = (0.6, 1.5, 0.9, 1.2, 0.75, 2.4, 0.3, 1.0, 1.27, 0.08)
_FEWEST: Final = 2
_VALIDITIES: Final = (
    *(NatValidity.NONE, NatValidity.D7, NatValidity.NONE, NatValidity.H72, NatValidity.NONE),
)
_SURNAMES: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗"
_GIVEN: Final = "伟芳娜敏静磊洋艳杰涛明超霞平刚桂英华玉兰红梅建国志文轩浩宇欣怡梓涵"
_CLASS: Final = 25  # people, about

# Who isn't green with a fresh negative test: place in the group -> code and result, None for
# somebody of whom the provider knows nothing. Red is left to the newcomer.
Special = tuple[str, str] | None
_YELLOW: Final[Special] = ("YELLOW", "NEGATIVE")
_POSITIVE: Final[Special] = ("GREEN", "POSITIVE")


@dataclass(frozen=True, slots=True)
class TreeSize:
    """How large the tree is: groups, people in them, days before today that counts are kept of."""

    groups: int = 200
    people: int = 20_000
    days: int = COUNT_DAYS - 1

    def of_groups(self) -> list[int]:
        """Return how many people each group has; together they are ``people``."""
        usual = self.people / self.groups
        shares = (_SHARES[number % len(_SHARES)] for number in range(self.groups))
        sizes = [max(_FEWEST, round(usual * share)) for share in shares]
        sizes[0] += self.people - sum(sizes)
        return sizes


FULL_SIZE: Final = TreeSize()


@dataclass(frozen=True, slots=True)
class Somebody:
    """A made-up person."""

    name: str
    phone: str
    id_number: str


def somebody(group: int, place: int) -> Somebody:
    """Return who is at a place of a group, its creator first."""
    return _person(_OFFICIALS + group * _STRIDE + place)


def official(number: int) -> Somebody:
    """Return who owns an organisation, or oversees it; they are in no group."""
    return _person(number)


def _person(number: int) -> Somebody:
    given = _GIVEN[number * 7 % len(_GIVEN)] + _GIVEN[number // 20 % len(_GIVEN)]
    name = _SURNAMES[number % len(_SURNAMES)] + given
    return Somebody(name, f"+86137{number + 1:08}", resident_id(number))


OWNER, OVERSEER, MANAGER = official(0), official(1), somebody(0, 0)


def organisation_names() -> Iterator[tuple[str, int | None]]:
    """Yield each organisation's name and the place of the one above it, the root first."""
    yield CITY, None
    for district in _DISTRICTS:
        yield f"{district}教育局", 0
    for place, district in enumerate(_DISTRICTS, start=1):
        for area in _AREAS:
            yield f"{district}第{area}学区", place


def organisation_of(group: int) -> int:
    """Return the place of the organisation that a group is attached to, one of the lowest."""
    lowest = len(_DISTRICTS) * len(_AREAS)
    return 1 + len(_DISTRICTS) + group // len(_KINDS) % lowest


def group_name(group: int) -> str:
    """Return a group's name."""
    return _STREETS[group // len(_KINDS) % len(_STREETS)] + _KINDS[group % len(_KINDS)]


def validity_of(group: int) -> NatValidity:
    """Return how long a test holds in a group."""
    return _VALIDITIES[group % len(_VALIDITIES)]


def section_names(people: int) -> list[str]:
    """Return the classes of a group of so many people."""
    classes = max(1, people // _CLASS)
    return [f"{'一二三四五六'[place % 6]}年级 {place // 6 + 1} 班" for place in range(classes)]


def special(groups: int) -> Iterator[tuple[Somebody, Special]]:
    """Yield who isn't simply green, and what the provider says of them."""
    for group in range(groups):
        if group % 6 == 1:
            yield somebody(group, 5), _YELLOW
        if group % 12 == 7:
            yield somebody(group, 6), _POSITIVE
        if group % 15 == 4:
            yield somebody(group, 4), None

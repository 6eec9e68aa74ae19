"""What holds a tree of organisations within its bounds, and who may do what in one (R44, R46)."""

import pytest

from app.domain.groups import GroupColour
from app.domain.organisations import (
    OrganisationRight,
    OrganisationStanding,
    TreeSize,
    colour_over,
    demand,
    why_not_attached,
)
from app.domain.refusals import Forbidden, NotFound

A_GROUP = TreeSize(levels=0, organisations=0, groups=1)


@pytest.mark.parametrize(
    ("level", "tree", "added", "expected"),
    [
        (5, TreeSize(5, 9, 9_999), A_GROUP, None),
        (5, TreeSize(5, 9, 10_000), A_GROUP, "ORGANISATION_FULL"),
        (2, TreeSize(3, 9, 9_000), TreeSize(3, 1, 1_000), None),
        (3, TreeSize(3, 9, 9), TreeSize(3, 1, 1), "ORGANISATION_TOO_DEEP"),
        (1, TreeSize(1, 1, 9_000), TreeSize(1, 1, 1_001), "ORGANISATION_FULL"),
        (1, TreeSize(1, 1_000, 0), TreeSize(1, 1_001, 0), "TREE_FULL"),
    ],
)
def test_a_tree_takes_what_it_has_room_for(  # R44
    level: int, tree: TreeSize, added: TreeSize, expected: str | None
) -> None:
    refusal = why_not_attached(level, tree, added)
    assert (refusal.code.value if refusal else None) == expected


def test_an_organisation_is_as_its_worst_group() -> None:  # R48
    assert colour_over(1, 5) is GroupColour.RED
    assert colour_over(0, 1) is GroupColour.YELLOW
    assert colour_over(0, 0) is GroupColour.GREEN


def test_outsiders_learn_nothing() -> None:  # R46
    for standing, denial in (
        (OrganisationStanding.OUTSIDER, NotFound),
        (OrganisationStanding.ABOVE, Forbidden),
    ):
        with pytest.raises(denial):
            demand(standing, OrganisationRight.VIEW_PEOPLE)

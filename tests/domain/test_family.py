"""What a family list takes in, and what of it a registry may change (R12)."""

from app.domain.family import is_full, may_change
from app.domain.limits import RELATIVES


def test_a_list_takes_relatives_until_it_is_full() -> None:  # R12
    assert not is_full(RELATIVES - 1)
    assert is_full(RELATIVES)


def test_the_registry_changes_only_what_came_from_it() -> None:  # R12
    assert may_change(of_registry=True, by_registry=True)
    assert not may_change(of_registry=False, by_registry=True)


def test_a_guardian_changes_every_entry_of_their_list() -> None:  # R12
    assert may_change(of_registry=True, by_registry=False)
    assert may_change(of_registry=False, by_registry=False)

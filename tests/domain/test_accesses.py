"""Which looking at members' details needs a new note (R17)."""

from datetime import date
from uuid import UUID

import pytest

from app.domain import accesses
from app.domain.accesses import AccessedPeople, Viewing, Viewings

ONE, OTHER, GROUP = UUID(int=1), UUID(int=2), UUID(int=3)
VIEWING, BY_ANOTHER = Viewing(ONE, GROUP), Viewing(OTHER, GROUP)
TODAY, TOMORROW = date(2022, 9, 1), date(2022, 9, 2)


def test_looking_again_on_one_day_at_nothing_new_needs_no_note() -> None:  # R17
    viewings = Viewings()
    assert not viewings.shows_nothing_new(VIEWING, TODAY, 7)
    viewings.remember(VIEWING, TODAY, 7)
    assert viewings.shows_nothing_new(VIEWING, TODAY, 7)


def test_another_viewer_group_day_or_version_is_another_viewing() -> None:  # R17
    viewings = Viewings()
    viewings.remember(VIEWING, TODAY, 7)
    assert not viewings.shows_nothing_new(BY_ANOTHER, TODAY, 7)
    assert not viewings.shows_nothing_new(Viewing(ONE, OTHER), TODAY, 7)
    assert not viewings.shows_nothing_new(VIEWING, TOMORROW, 7)
    assert not viewings.shows_nothing_new(VIEWING, TODAY, 8)
    of_former = Viewing(ONE, GROUP, AccessedPeople.FORMER)
    assert not viewings.shows_nothing_new(of_former, TODAY, 7)


def test_what_is_remembered_is_bounded_and_never_wrongly_noted(  # R17
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(accesses, "_MOST_REMEMBERED", 1)
    viewings = Viewings()
    viewings.remember(VIEWING, TODAY, 7)
    viewings.remember(BY_ANOTHER, TODAY, 7)
    assert not viewings.shows_nothing_new(VIEWING, TODAY, 7)  # forgotten: noted once more
    assert viewings.shows_nothing_new(BY_ANOTHER, TODAY, 7)

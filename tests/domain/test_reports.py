"""Which days' reports are kept."""

from datetime import date, timedelta
from typing import Final

import pytest

from app.domain.reports import first_day_kept, is_kept

TODAY: Final = date(2022, 9, 3)


def test_today_and_the_six_days_before_are_kept() -> None:  # R38
    assert first_day_kept(TODAY) == date(2022, 8, 28)


@pytest.mark.parametrize(("ago", "kept"), [(-1, False), (0, True), (6, True), (7, False)])
def test_a_day_is_kept_until_it_is_older_than_seven(ago: int, kept: bool) -> None:  # R37, R38
    assert is_kept(TODAY - timedelta(days=ago), TODAY) is kept

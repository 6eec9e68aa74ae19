"""When the next verification code may be sent, and how long one may be tried (R40)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.codes import CodeHalf, can_be_code, halves_for, too_many_codes, why_not_tried
from app.domain.limits import CODE_GAP, CODE_LIFE, CODES_A_DAY
from app.domain.refusals import RefusalCode

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("ago", "seconds"),
    [
        (timedelta(0), 60),
        (timedelta(milliseconds=1), 60),
        (timedelta(seconds=20.5), 40),
        (CODE_GAP - TICK, 1),
    ],
)
def test_too_soon_says_after_how_many_seconds_one_comes_again(  # R40
    ago: timedelta, seconds: int
) -> None:
    refusal = too_many_codes(NOW - ago, NOW, ZONE, 5)
    assert (refusal.code, refusal.params) == (RefusalCode.CODE_TOO_SOON, {"seconds": seconds})
    assert NOW - ago + CODE_GAP <= NOW + timedelta(seconds=seconds)


@pytest.mark.parametrize("last_sent_at", [None, NOW - CODE_GAP, NOW - timedelta(hours=3)])
def test_a_minute_later_only_the_day_can_be_used_up(last_sent_at: datetime | None) -> None:  # R40
    refusal = too_many_codes(last_sent_at, NOW, ZONE, 5)
    assert refusal.code is RefusalCode.CODES_TODAY_USED_UP
    assert refusal.params == {"limit": 5, "seconds": 8 * 3600}  # until midnight in Shanghai


@given(st.datetimes(datetime(2022, 1, 1), datetime(2024, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_the_day_after_begins_when_the_wait_is_over(now: datetime) -> None:  # R40
    for zone in (ZONE, ZoneInfo("Europe/Berlin")):
        seconds = int(too_many_codes(None, now, zone, 10).params["seconds"])
        then = (now + timedelta(seconds=seconds)).astimezone(zone)
        assert then.date() == now.astimezone(zone).date() + timedelta(days=1)
        just_before = (then - timedelta(seconds=1)).astimezone(UTC).astimezone(zone)
        assert just_before.date() == now.astimezone(zone).date() or just_before.second == 0


def test_strangers_have_their_half_of_the_day_and_devices_both() -> None:  # R40
    strangers, device = halves_for(known_device=False), halves_for(known_device=True)
    assert strangers == {CodeHalf.ANYONE: 5}
    assert list(device) == [CodeHalf.DEVICES, CodeHalf.ANYONE]
    assert sum(device.values()) == CODES_A_DAY and strangers.items() < device.items()


def test_a_code_can_be_tried_for_five_minutes() -> None:  # R40
    assert timedelta(minutes=5) == CODE_LIFE
    assert why_not_tried(None, NOW + CODE_LIFE, NOW + CODE_LIFE - TICK) is None
    assert why_not_tried(None, NOW + CODE_LIFE, NOW + CODE_LIFE) is RefusalCode.CODE_EXPIRED


@pytest.mark.parametrize("expires_at", [NOW + CODE_LIFE, NOW])
def test_a_used_code_is_wrong_whenever_it_comes(expires_at: datetime) -> None:  # R40
    assert why_not_tried(NOW, expires_at, NOW) is RefusalCode.CODE_WRONG


@given(st.text(max_size=8) | st.integers(0, 10**8).map(str))
def test_six_plain_digits_can_be_a_code_and_nothing_else(text: str) -> None:  # R40
    plain = len(text) == 6 and all("0" <= character <= "9" for character in text)
    assert can_be_code(text) is plain

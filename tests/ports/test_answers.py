"""Reading answers: times in every form of RFC 3339, and JSON that strict readers refuse."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.times import read_time
from app.ports.answers import read_json

MIDNIGHT: Final = datetime(2022, 9, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2022-09-01T00:00:00Z",
        "2022-09-01t00:00:00z",
        "2022-09-01 00:00:00z",
        "2022-09-01T08:00:00+08:00",
        "2022-09-01T00:00:00-00:00",
        "2022-08-31T23:59:60Z",
        "2022-09-01T07:59:60.5+08:00",
        "2022-09-01T00:00:00.0Z",
        "2022-09-01T00:00:00.000000000000001Z",
        " 2022-09-01T00:00:00Z\n",
    ],
)
def test_a_time_is_read_in_each_form_of_rfc_3339(written: str) -> None:
    assert read_time(written).replace(microsecond=0) == MIDNIGHT


@pytest.mark.parametrize(
    "written",
    [
        None,
        1661990400,
        "1661990400",
        "",
        "2022-09-01",
        "2022-09-01T00:00:00",
        "2022-09-01T00:00:61Z",
        "2022-09-01T24:00:00Z",
        "2022-02-29T00:00:00Z",
        "2022-09-01T00:00:00+25:00",
        "0001-01-01T00:00:00+08:00",
        "9999-12-31T23:59:60Z",
        "２０２２-09-01T00:00:00Z",
    ],
)
def test_anything_else_is_no_time(written: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_time(written)


zones = st.integers(-23 * 60, 23 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(
    *(datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2, 9998)), timezones=zones
)


@given(moments, st.sampled_from("tT "), st.text("0123456789", max_size=12))
def test_every_time_is_read_as_the_moment_that_it_is(
    at: datetime, separator: str, more_digits: str
) -> None:
    hours, minutes = divmod(abs(at.utcoffset() or timedelta()) // timedelta(minutes=1), 60)
    sign = "-" if (at.utcoffset() or timedelta()) < timedelta() else "+"
    written = f"{at:%H:%M:%S.%f}{more_digits}{sign}{hours:02}:{minutes:02}"
    assert read_time(f"{at.date()}{separator}{written}") == at


@given(moments)
def test_a_second_of_60_is_the_next_minute(at: datetime) -> None:
    minute = at.astimezone(UTC).replace(second=0, microsecond=0)
    written = f"{minute.date()}T{minute:%H:%M}:60Z"
    assert read_time(written) == minute + timedelta(minutes=1)


@given(st.text(st.characters(codec=None)), st.booleans())
def test_no_text_makes_an_answer_unreadable(text: str, escaped: bool) -> None:
    quoted = '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if escaped:
        quoted = '"' + "".join(f"\\u{unit:04x}" for unit in _utf_16(text)) + '"'
    read = read_json(f'{{"code": "RED", "institution": {quoted}}}'.encode("utf-8", "surrogatepass"))
    assert isinstance(read, dict)
    assert read["code"] == "RED"
    read["institution"].encode()  # what can't be stored is not in it


def _utf_16(text: str) -> list[int]:
    written = text.encode("utf-16-be", "surrogatepass")
    return [int.from_bytes(written[at : at + 2], "big") for at in range(0, len(written), 2)]


@pytest.mark.parametrize("body", [b"<html>", b'{"records": [', b"[" * 100_000, b"\xff"])
def test_what_is_no_json_is_an_error_however_lenient(body: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_json(body)

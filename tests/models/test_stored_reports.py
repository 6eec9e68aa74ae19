"""What a report keeps is read back as it was, through the JSON of its encrypted columns."""

import json
from collections import Counter
from datetime import UTC

import orjson
from hypothesis import given
from hypothesis import strategies as st

from app.domain.health import HealthCode
from app.domain.health import TestResult as Result
from app.domain.reports import ReportedMember
from app.domain.statistics import Statistics
from app.domain.statistics import TestWindow as Window
from app.models.reports import dump_member, dump_statistics, read_member, read_statistics

counts = st.integers(1, 500)
statistics = st.builds(
    Statistics,
    counts,
    st.dictionaries(st.sampled_from(HealthCode), counts).map(Counter),
    st.dictionaries(
        st.tuples(st.sampled_from(Window), st.none() | st.sampled_from(Result)), counts
    ).map(Counter),
    st.dictionaries(st.integers(0, 9), counts).map(Counter),
)
members = st.builds(
    ReportedMember,
    st.uuids(),
    st.sampled_from(HealthCode),
    st.none() | st.sampled_from(Result),
    st.none() | st.datetimes(timezones=st.just(UTC)),
    st.integers(0, 9),
)


@given(statistics)
def test_statistics_are_read_as_they_were(kept: Statistics) -> None:  # R36
    assert read_statistics(json.loads(json.dumps(dump_statistics(kept)))) == kept


@given(members)
def test_a_member_is_read_as_they_were(kept: ReportedMember) -> None:  # R37
    assert read_member(orjson.loads(orjson.dumps(dump_member(kept)))) == kept

"""Reasons as one number: whoever has any of some reasons is found by it, and nobody else."""

from itertools import combinations

from app.domain.anomalies import AnomalyReason, masks_with_any, reason_mask

# All 64 choices among the six reasons.
SOME = [
    frozenset(chosen)
    for count in range(len(AnomalyReason) + 1)
    for chosen in combinations(AnomalyReason, count)
]


def test_the_numbers_in_the_database_keep_their_meaning() -> None:
    # Rows hold them: a reason added in between would give those that stand another meaning.
    assert {reason.value: reason_mask([reason]) for reason in AnomalyReason} == {
        "CODE_RED": 1,
        "CODE_YELLOW": 2,
        "CODE_UNKNOWN": 4,
        "TEST_MISSING": 8,
        "TEST_EXPIRED": 16,
        "TEST_POSITIVE": 32,
    }


def test_a_reason_given_twice_counts_once() -> None:
    assert reason_mask([AnomalyReason.CODE_RED] * 2) == reason_mask([AnomalyReason.CODE_RED])


def test_who_has_any_of_the_wanted_reasons_is_found_and_nobody_else() -> None:
    for wanted in SOME:
        masks = masks_with_any(wanted)
        for standing in SOME:
            assert (reason_mask(standing) in masks) == bool(standing & wanted)


def test_no_mask_is_listed_twice_or_beyond_all_reasons() -> None:
    for wanted in SOME:
        masks = masks_with_any(wanted)
        assert len(masks) == len(set(masks))
        assert all(0 < mask <= reason_mask(AnomalyReason) for mask in masks)

"""What errors say: in both languages, numbers from the rules, no gap left open."""

import re
import string
from typing import Final, get_args

import pytest

from app.domain import limits
from app.domain.languages import Language
from app.domain.refusals import Refusal, RefusalCode
from app.domain.text import TextFault
from app.schema.refusal_texts import REFUSALS, RULES, describe_refusal, refusal_text
from app.schema.texts import FAULTS, TOP_LEVEL, Texts

LANGUAGES: Final = get_args(Language)
NUMBER: Final = re.compile(
    r"[2-9２-９二两三四五六七八九十百千万]|\d\d"  # 0 and 1 are where a range begins
    r"|\b(two|three|four|five|six|seven|eight|nine|ten|twelve|twenty|thirty|sixty|hundred)\b",
    re.IGNORECASE,
)
# What comes with a refusal: what of a text is at fault, and how long to wait.
WITH_A_REFUSAL: Final = {"fault", "seconds"}
OF_A_CASE: Final = {
    RefusalCode.CODES_TODAY_USED_UP: {"limit"},  # a known device has more
    RefusalCode.TOO_MANY_INVITATIONS: {"limit"},  # of a manager, or of the group
}


def gaps(text: str) -> set[str]:
    """The names in braces."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("texts", [*REFUSALS.values(), *TOP_LEVEL.values(), *FAULTS.values()])
def test_no_number_of_a_rule_is_typed_into_a_text(texts: Texts) -> None:
    chinese, english = texts
    for text in texts:
        assert not NUMBER.search(re.sub(r"\{\w+\}", "", text)), text
    assert gaps(chinese) == gaps(english) or english == "{detail}"


@pytest.mark.parametrize("code", RefusalCode)
def test_every_gap_is_filled_by_the_rules_or_with_the_refusal(code: RefusalCode) -> None:
    left = gaps(REFUSALS[code][0]) - RULES.get(code, {}).keys()
    assert left <= WITH_A_REFUSAL | OF_A_CASE.get(code, set())
    assert set(RULES.get(code, {})) <= gaps(REFUSALS[code][0])
    given: dict[str, int | str] = {"seconds": 59, "longest": 60, "fault": TextFault.TOO_LONG}
    given |= dict.fromkeys(OF_A_CASE.get(code, ()), 7)
    for language in LANGUAGES:
        said = refusal_text(Refusal(code, params=given), language)
        assert "{" not in said
        assert all(str(number) in said for number in RULES.get(code, {}).values())
    assert gaps(describe_refusal(code)) == left


def test_limits_are_those_of_the_rules() -> None:
    said = {
        code: [refusal_text(Refusal(code), language) for language in LANGUAGES] for code in RULES
    }
    expected = {
        RefusalCode.GROUP_FULL: limits.GROUP_PEOPLE,
        RefusalCode.GROUP_LIMIT_REACHED: limits.OWNED_GROUPS,
        RefusalCode.ADMIN_LIMIT_REACHED: limits.GROUP_ADMINS,
        RefusalCode.SECTION_LIMIT_REACHED: limits.GROUP_SECTIONS,
        RefusalCode.FAMILY_TOO_LARGE: limits.RELATIVES,
        RefusalCode.DAY_NOT_KEPT: limits.REPORT_DAYS,
        RefusalCode.TOO_MANY_ROWS: limits.BULK_ROWS,
        RefusalCode.CODE_TOO_MANY_TRIES: limits.CODE_TRIES,
        RefusalCode.CODE_EXPIRED: 5,
        RefusalCode.VERIFICATION_EXPIRED: 10,
        RefusalCode.INVITATION_EXPIRED: 24,
        RefusalCode.OFFER_NOT_FOUND: 24,
        RefusalCode.ORGANISATION_CODE_EXPIRED: 24,
        RefusalCode.ORGANISATION_FULL: limits.GROUPS_BELOW_ROOT,
        RefusalCode.ORGANISATION_LIMIT_REACHED: limits.OWNED_ORGANISATIONS,
        RefusalCode.ORGANISATION_TOO_DEEP: limits.ORGANISATION_LEVELS,
        RefusalCode.OVERSEER_LIMIT_REACHED: limits.OVERSEERS,
        RefusalCode.OVERSIGHT_NOT_OFFERED: 24,
        RefusalCode.TOO_MANY_CODES: limits.LIVE_ORGANISATION_CODES,
        RefusalCode.TREE_FULL: limits.ORGANISATIONS_IN_TREE,
    }
    assert set(said) == set(expected)
    for code, number in expected.items():
        for text in said[code]:
            assert re.findall(r"\d+", text) == [str(number)], text

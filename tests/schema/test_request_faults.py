"""The table of what can be wrong with a request, in both languages."""

import re

import pytest

from app.schema.request_faults import REQUEST_FAULTS, request_error, status_of

# What Apollo's and urql's links look for, word by word.
PROTOCOL_WORDS = {"PERSISTED_QUERY_NOT_FOUND", "PERSISTED_QUERY_NOT_SUPPORTED"}


@pytest.mark.parametrize("reason", sorted(REQUEST_FAULTS.keys() - PROTOCOL_WORDS))
def test_each_says_so_in_both_languages(reason: str) -> None:
    gaps = dict.fromkeys(re.findall(r"{(\w+)}", str(REQUEST_FAULTS[reason].texts)), 5)
    chinese = request_error(reason, "zh", **gaps)["message"]
    english = request_error(reason, "en", **gaps)["message"]
    assert re.search("[\u4e00-\u9fff]", chinese) and chinese.endswith("。")
    assert english.isascii() and english.endswith(".")


@pytest.mark.parametrize(
    ("code", "status", "legacy"),
    [
        ("BAD_USER_INPUT", 400, 200),
        ("TOO_COSTLY", 400, 200),
        ("OPERATION_UNKNOWN", 400, 200),
        ("QUERY_MISSING", 400, 400),
        ("METHOD_NOT_ALLOWED", 405, 405),
        ("UNAUTHENTICATED", 401, 401),
        ("RATE_LIMITED", 429, 429),
        ("INTERNAL", 500, 500),
    ],
)
def test_statuses(code: str, status: int, legacy: int) -> None:
    assert status_of(code, legacy=False) == status
    assert status_of(code, legacy=True) == legacy

"""What a refusal tells whoever asked: what is wrong, at which field, and with which numbers."""

import pytest

from app.domain.refusals import BadInput, Denied, Forbidden, NotFound, Refusal, Unauthenticated
from app.domain.refusals import RefusalCode as Code


def test_a_refusal_names_the_field_at_fault_and_fills_its_message() -> None:
    refusal = Refusal(Code.REMARK_INVALID, "people", 2, "remark", params={"limit": 60})
    assert str(refusal) == "REMARK_INVALID"
    assert refusal.code is Code.REMARK_INVALID
    assert refusal.path == ("people", 2, "remark")
    assert refusal.params == {"limit": 60}


def test_a_refusal_of_the_whole_request_names_no_field() -> None:
    refusal = Refusal(Code.NOTHING_TO_CHANGE)
    assert (refusal.path, refusal.params) == ((), {})


def test_bad_input_says_what_is_wrong_with_it() -> None:
    bad = BadInput("page_too_large", limit=100)
    assert (str(bad), bad.reason, bad.params) == (
        "page_too_large",
        "page_too_large",
        {"limit": 100},
    )


@pytest.mark.parametrize("denied", [Unauthenticated, Forbidden, NotFound])
def test_clients_tell_apart_why_something_is_denied(denied: type[Denied]) -> None:
    others = {Unauthenticated, Forbidden, NotFound} - {denied}
    assert issubclass(denied, Denied)
    assert not any(issubclass(denied, other) for other in others)


def test_a_code_is_what_clients_read() -> None:
    assert all(code.value == code.name for code in Code)

"""Keys that stand for a request: quoted or bare, the same key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.idempotency import read_key
from app.domain.refusals import BadInput

VISIBLE = st.characters(min_codepoint=0x21, max_codepoint=0x7E)
KEYS = st.text(VISIBLE, min_size=1, max_size=255)


@given(KEYS)
def test_every_visible_key_is_read_back_from_its_quotes(key: str) -> None:
    quoted = key.replace("\\", "\\\\").replace('"', '\\"')
    assert read_key(f' "{quoted}"\t') == key


@given(KEYS.filter(lambda key: '"' not in key))
def test_a_bare_key_is_the_same_as_the_quoted_one(key: str) -> None:
    assert read_key(key) == key


@pytest.mark.parametrize(
    "text", ["", " ", '""', '"', '"a', 'a"', '"a""', "a b", "a\x00", "键", "a" * 256, '"a";b=1"']
)
def test_what_is_no_key_is_refused(text: str) -> None:
    with pytest.raises(BadInput):
        read_key(text)

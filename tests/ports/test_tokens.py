"""Access tokens: read once, and known by their hash from then on while their time lasts."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.domain.limits import ACCESS_TOKEN_LIFE
from app.ports.tokens import TokenClaims, Tokens

NOW = datetime(2026, 1, 2, tzinfo=UTC)
CLAIMS = TokenClaims(uuid4(), uuid4())


def test_a_known_token_ends_when_its_time_is_over() -> None:
    tokens = Tokens("a secret that is long enough to be one")
    token = tokens.issue(CLAIMS, NOW)
    for _ in range(2):
        assert tokens.read(token, NOW) == CLAIMS
        assert tokens.read(token, NOW + ACCESS_TOKEN_LIFE) == CLAIMS
        assert tokens.read(token, NOW + ACCESS_TOKEN_LIFE + timedelta(seconds=1)) is None
        assert tokens.read(token, NOW - timedelta(seconds=1)) is None


def test_what_is_no_token_of_ours_is_never_known() -> None:
    tokens = Tokens("a secret that is long enough to be one")
    others = Tokens("another secret that is long enough to be one")
    token = tokens.issue(CLAIMS, NOW)
    assert tokens.read(token, NOW) == CLAIMS
    for wrong in (token[:-2] + "AA", token + "A", "", "a.b.c", "\ud800", others.issue(CLAIMS, NOW)):
        assert tokens.read(wrong, NOW) is None


def test_so_many_tokens_are_known_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.ports.tokens._MOST_KNOWN", 3)
    tokens = Tokens("a secret that is long enough to be one")
    for _ in range(5):
        one = TokenClaims(uuid4(), uuid4())
        assert tokens.read(tokens.issue(one, NOW), NOW) == one
    assert len(tokens._known) == 3

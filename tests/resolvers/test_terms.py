"""The terms never change under their version (R11)."""

from hashlib import sha256

import pytest

from app.domain.terms import CURRENT, EVERY_VERSION, Terms, text_of
from app.resolvers.invitations import SHARED

# Whoever changes a text, or what managers see, writes a new version and adds a line here; a line
# that stands is never changed: consents were given to it.
DIGESTS = {
    "2026-11-25": "285bb3e40957eee8",
    "2026-11-26": "64dd4502f347ecc8",
    "2026-11-27": "0e5624a662e5ce6b",
}


def digest(terms: Terms, shared: tuple[str, ...]) -> str:
    said = "\n".join([terms.texts["zh"], terms.texts["en"], *shared])
    return sha256(said.encode()).hexdigest()[:16]


def test_each_version_says_the_same_for_ever() -> None:  # R11
    assert [terms.version for terms in EVERY_VERSION] == list(DIGESTS)
    assert digest(CURRENT, SHARED) == DIGESTS[CURRENT.version]


@pytest.mark.parametrize("terms", EVERY_VERSION)
def test_each_version_speaks_both_languages(terms: Terms) -> None:
    assert set(terms.texts) == {"zh", "en"}
    assert text_of(terms.version, "zh") == terms.texts["zh"] != terms.texts["en"]
    assert len(terms.version) <= 16  # as the column of consents is wide


def test_a_version_that_nobody_knows_says_nothing() -> None:
    assert text_of("1999-12-31", "zh") is None

"""Which of the two languages someone is spoken to in."""

import pytest

from app.domain.languages import read_language


@pytest.mark.parametrize(
    ("accept", "language"),
    [
        (None, "zh"),
        ("", "zh"),
        ("en", "en"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh;q=0.5,EN;q=0.8", "en"),
        ("fr,en;q=0.2", "en"),
        ("fr", "zh"),
        ("en;q=0", "zh"),
        ("en;q=good", "zh"),
    ],
)
def test_the_first_language_preferred_of_the_two(accept: str | None, language: str) -> None:
    assert read_language(accept) == language

"""docs/rules.md and the code name the same rules, and every rule is shown by a test."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
RULES = ROOT / "docs" / "rules.md"
CITED = re.compile(r"\bR([1-9][0-9]?)(?:[-–]R([1-9][0-9]?))?\b")
CITING = ("app", "tests", "tools", "examples")


def stated() -> set[int]:
    """Return the numbers of the rules that docs/rules.md states, each under its own heading."""
    return {int(number) for number in re.findall(r"^### R(\d+)$", RULES.read_text(), re.MULTILINE)}


def cited(text: str) -> set[int]:
    """Return the numbers of the rules that a text names; ``R1-R3`` names three."""
    numbers: set[int] = set()
    for first, last in CITED.findall(text):
        numbers.update(range(int(first), int(last or first) + 1))
    return numbers


def texts(*folders: str) -> dict[Path, str]:
    """Return the Python sources below these folders, by path; this file is left out."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return {path: path.read_text() for path in sorted(found) if path != Path(__file__)}


def test_the_rules_are_numbered_from_1_without_a_gap() -> None:
    assert stated() == set(range(1, max(stated()) + 1))


def test_every_rule_that_is_named_is_stated() -> None:
    schema = ROOT / "schema.graphql"
    documents = sorted(ROOT.glob("*.md")) + sorted((ROOT / "docs").rglob("*.md"))
    named = texts(*CITING) | {path: path.read_text() for path in (schema, *documents)}
    unknown = {str(path): cited(text) - stated() for path, text in named.items()}
    assert {path: rules for path, rules in unknown.items() if rules} == {}


def test_every_rule_is_shown_by_a_test() -> None:
    shown: set[int] = set()
    for text in texts("tests").values():
        # A range names a subject, such as "joining (R11-R14)"; only its own name shows a rule.
        shown |= {int(first) for first, last in CITED.findall(text) if not last}
    assert stated() - shown == set()

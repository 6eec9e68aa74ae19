"""What ``make check`` says of the dashboard: built of another source, operations that don't fit."""

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tools.dashboard import misfits, outdated, source_hash

ROOT: Final = Path(__file__).parents[2]
SCHEMA: Final = (
    "type Query { now: String, group(id: ID!): Group } type Group { id: ID! name: String }"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A dashboard that was built."""
    folder = tmp_path / "dashboard"
    for name in ("src/graphql", "src/pages", "dist", "node_modules/preact"):
        (folder / name).mkdir(parents=True)
    (folder / "package.json").write_text("{}")
    (folder / "src" / "pages" / "group.graphql").write_text(
        "query One($id: ID!) { group(id: $id) { ...Card } }"
    )
    (folder / "src" / "card.graphql").write_text("fragment Card on Group { id name }")
    (folder / "dist" / "SOURCE").write_text(source_hash(folder) + "\n")
    (tmp_path / "schema.graphql").write_text(SCHEMA)
    return folder


def wrong(folder: Path) -> list[str]:
    return list(misfits(folder, folder.parent / "schema.graphql"))


def test_what_is_built_of_this_source_is_good(folder: Path) -> None:
    assert list(outdated(folder)) == []


@pytest.mark.parametrize("name", ["package.json", "src/pages/new.tsx", "src/card.graphql"])
def test_another_source_is_told(folder: Path, name: str) -> None:
    (folder / name).write_text("another")
    [sentence] = outdated(folder)
    assert "another source" in sentence and "make dashboard" in sentence


def test_a_file_that_moved_makes_another_source(folder: Path) -> None:
    (folder / "package.json").rename(folder / "pack.json")
    assert len(list(outdated(folder))) == 1


@pytest.mark.parametrize(
    "name", ["dist/index.html", "node_modules/preact/x.js", "src/graphql/generated.ts"]
)
def test_what_is_built_or_installed_is_no_source(folder: Path, name: str) -> None:
    (folder / name).write_text("anything")
    assert list(outdated(folder)) == []


def test_a_dashboard_that_was_never_built_is_told_and_none_at_all_is_good(folder: Path) -> None:
    (folder / "dist" / "SOURCE").unlink()
    [sentence] = outdated(folder)
    assert "isn't there" in sentence
    assert list(outdated(folder / "nowhere")) == []


def test_fragments_serve_across_files(folder: Path) -> None:
    assert wrong(folder) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("query Two {\n  colour\n}", "src/two.graphql:2: Cannot query field 'colour'"),
        ("query One { now }", "only one operation named 'One'"),
        ("query Two { group(id: 1) { ...None } }", "Unknown fragment 'None'"),
        ("query Two {", "src/two.graphql:1: Syntax Error"),
    ],
)
def test_what_does_not_fit_is_told_with_its_file(folder: Path, text: str, told: str) -> None:
    (folder / "src" / "two.graphql").write_text(text)
    assert any(told in sentence for sentence in wrong(folder))


def test_the_hash_needs_nothing_that_is_installed() -> None:
    program = [sys.executable, "-I", "-S", str(ROOT / "tools" / "dashboard.py"), "--hash"]
    done = subprocess.run(program, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == source_hash(ROOT / "app" / "web" / "dashboard")

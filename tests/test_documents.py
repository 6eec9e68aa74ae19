"""What the documents name exists: files, links, names in the code, make targets."""

import re
from collections.abc import Iterator
from pathlib import Path

from tortoise import Model

from app import models
from app.schema.request_faults import REQUEST_FAULTS

ROOT = Path(__file__).parent.parent
DECISIONS = ROOT / "docs" / "decisions"
# Decisions and the changelog tell of a day; these of them are kept up to date.
KEPT = {DECISIONS / "0014-by-hand.md", DECISIONS / "0015-private-parts.md"}
DOCUMENTS = [
    *(path for path in sorted(ROOT.glob("*.md")) if path.name != "CHANGELOG.md"),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted(KEPT),
]
NAMING_CODE = [ROOT / "ARCHITECTURE.md", ROOT / "CONTRIBUTING.md", ROOT / "docs" / "rules.md"]
ROOMS = ("", "app", "app/services")  # where a path in a text may begin
PATH = re.compile(r"^[\w./-]+\.(?:py|md|toml|graphql)$|^[\w/-]+/$")
NAME = re.compile(r"^_?[a-z]+(?:_[a-z]+)+$|^[A-Z][A-Z]+(?:_[A-Z]+)+$|^(?:[A-Z][a-z]+){2,}$")


def quoted(document: Path) -> Iterator[str]:
    """Yield what a document shows in the type of code, outside of blocks."""
    prose = re.sub(r"^```.*?^```$", "", document.read_text(), flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`([^`\n]+)`", prose)


def anchors(document: Path) -> set[str]:
    """Return the anchors of a document's headings."""
    headings = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def exists(name: str) -> bool:
    """Whether a file or folder is there; a name without a folder is looked for everywhere."""
    if "/" not in name:
        folders = [ROOT / folder for folder in ("app", "tests", "tools")]
        found = (next(folder.rglob(name), None) for folder in folders)
        return (ROOT / name).exists() or any(found)
    return any((ROOT / room / name).exists() for room in ROOMS)


def test_every_file_that_is_named_exists() -> None:
    missing = [
        f"{document.name}: {name}"
        for document in DOCUMENTS
        for name in quoted(document)
        if PATH.match(name) and not exists(name)
    ]
    assert not missing, "\n".join(missing)


def test_every_link_leads_somewhere() -> None:
    broken = []
    for document in [*DOCUMENTS, *sorted(DECISIONS.glob("*.md"))]:
        for link in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
            if link.startswith("http"):
                continue
            path, _, anchor = link.partition("#")
            target = document if not path else (document.parent / path).resolve()
            if not target.exists() or (anchor and anchor not in anchors(target)):
                broken.append(f"{document.name}: {link}")
    assert not broken, "\n".join(broken)


def test_every_name_in_the_code_that_is_named_exists() -> None:
    folders = [ROOT / folder for folder in ("app", "tests", "tools")]
    sources = [path.read_text() for folder in folders for path in sorted(folder.rglob("*.py"))]
    words = set(re.findall(r"\w+", "\n".join(sources)))
    missing = [
        f"{document.name}: {name}"
        for document in NAMING_CODE
        for name in quoted(document)
        if NAME.match(name) and name not in words
    ]
    assert not missing, "\n".join(missing)


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = {
        name
        for document in DOCUMENTS
        for name in re.findall(r"(?:`|^)make ([a-z][a-z-]*)", document.read_text(), re.MULTILINE)
    }
    assert named - targets == set()


def test_each_code_of_a_wrong_request_is_listed_with_its_status() -> None:
    document = (ROOT / "docs" / "http.md").read_text()
    listed = re.findall(r"^\| ([A-Z_]+) \| (\d{3}) \|", document, re.MULTILINE)
    known = {(fault.code or name, str(fault.status)) for name, fault in REQUEST_FAULTS.items()}
    assert sorted(listed) == sorted(known)


def test_what_is_kept_of_people_is_told_of_every_table() -> None:
    page = (ROOT / "docs" / "privacy.md").read_text()
    rows = re.findall(r"^\| (`.+?`) \|", page.partition("## What people can")[0], re.MULTILINE)
    told = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    tables = {
        value._meta.db_table
        for value in vars(models).values()
        if isinstance(value, type) and issubclass(value, Model)
    }
    assert tables <= told

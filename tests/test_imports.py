"""The import table of ARCHITECTURE.md, enforced."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.metrics import imports_of, in_cycles, read_app

APP = Path(__file__).parent.parent / "app"
ROOMS = {path.name.removesuffix(".py") for path in APP.iterdir() if not path.name.startswith("__")}


def read_table() -> dict[str, set[str]]:
    """Read the table of ARCHITECTURE.md: which rooms a room may import."""
    page = (APP.parent / "ARCHITECTURE.md").read_text()
    section = page.partition("## Who may import whom")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| ([a-z, ]+) \| (.+) \|$", section, re.MULTILINE)
    table: dict[str, set[str]] = {}
    for rooms, imports in rows[1:]:  # the first is the table's head
        named = set(re.sub(r"\(.*?\)", "", imports).replace(" ", "").split(","))
        allowed = ROOMS if named == {"all"} else named - {"none"}
        table |= dict.fromkeys(rooms.split(", "), allowed)
    return table


TABLE = read_table()
# The wings of services, each of which may import those behind it.
WINGS = ("groups", "health", "accounts", "sms", "kernel")
PORTS_OF_RESOLVERS = {"app.ports.bus", "app.ports.clock", "app.ports.tokens"}
STANDARD_LIBRARY_ONLY = {"domain"}
SANDBOX_PACKAGES = {"starlette", "pydantic"}


def room_of(path: Path) -> str:
    return path.relative_to(APP).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            module = node.module or ""
            yield from (f"app.{name.name}" for name in node.names) if module == "app" else [module]


FILES = sorted(APP.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(APP)))
def test_a_room_imports_what_the_table_allows(path: Path) -> None:
    room = room_of(path)
    if room == "__init__":
        return
    for module in imported(path):
        parts = module.split(".")
        if parts[0] == "app":
            other = parts[1]
            assert other == room or other in TABLE[room], f"{room} imports {module}"
        elif room == "sandbox" or room in STANDARD_LIBRARY_ONLY:
            allowed = parts[0] in sys.stdlib_module_names
            allowed |= room == "sandbox" and parts[0] in SANDBOX_PACKAGES
            assert allowed, f"{room} imports {module}"
        if room == "services" and module.startswith("app.services."):
            wing = path.relative_to(APP).parts[1]
            assert parts[2] in WINGS[WINGS.index(wing) :], f"{wing} imports {module}"
        if room == "resolvers" and module.startswith("app.ports"):
            assert module in PORTS_OF_RESOLVERS, f"resolvers import {module}"


def test_every_wing_of_services_is_in_the_order() -> None:
    wings = {path.name for path in (APP / "services").iterdir() if path.is_dir()}
    assert wings - {"__pycache__"} == set(WINGS)
    assert [path.name for path in (APP / "services").glob("*.py")] == ["__init__.py"]


def test_every_room_is_in_the_table() -> None:
    assert set(TABLE) == ROOMS
    assert set().union(*TABLE.values()) <= ROOMS


@pytest.mark.parametrize(
    ("folder", "may_import"),
    [
        ("app", ()),
        ("examples", ()),
        ("tools", ("tools", "tests.support")),
        ("bench", ("bench", "tests.support")),
        ("tests/support", ("tests.support",)),
        ("tests", ("tests.support", "tools", "bench")),
    ],
)
def test_the_kit_serves_tests_and_tools_and_uses_neither(
    folder: str, may_import: tuple[str, ...]
) -> None:
    for path in sorted((APP.parent / folder).rglob("*.py")):
        for module in imported(path):
            if module.split(".")[0] in {"tests", "tools", "bench"}:
                assert module.startswith(may_import), f"{path} imports {module}"


def test_no_module_imports_itself_by_way_of_others() -> None:
    sources = read_app()
    modules = {source.module for source in sources}
    assert in_cycles({one.module: imports_of(one, modules) for one in sources}) == set()

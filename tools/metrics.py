"""Measure the code of app/ and hold its bounds: ``python -m tools.metrics [--check]``.

Without an option it prints the measures and writes them to docs/metrics.md. With ``--check`` it
writes nothing. Either way it exits with 1 when a bound is broken; ``--check`` also when the page
is more than a tenth, or three, away from the truth. Generated migrations are left out.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "metrics.md"
LONG_FUNCTION = 30  # lines
LONG_FILE = 250  # lines
TOLERANCE = 0.1
SLACK = 3  # small numbers move by whole ones

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One module of app/."""

    path: Path
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module."""
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        """The number of its lines."""
        return len(self.text.splitlines())

    @property
    def module(self) -> str:
        """Its dotted name; a package is named without ``__init__``."""
        parts = self.path.relative_to(ROOT).with_suffix("").parts
        return ".".join(parts).removesuffix(".__init__")

    @property
    def functions(self) -> dict[str, int]:
        """The length of every function, from ``def`` to its last line, by where it stands."""
        functions = [node for node in ast.walk(self.tree) if isinstance(node, Function)]
        return {f"{self.path.relative_to(ROOT)}:{node.lineno}": _length(node) for node in functions}

    @property
    def uses_of_any(self) -> int:
        """How often ``Any`` is written, beside its imports."""
        names = [node for node in ast.walk(self.tree) if isinstance(node, ast.Name)]
        return sum(node.id == "Any" for node in names)

    @property
    def ignores(self) -> int:
        """How many ``type: ignore`` comments there are."""
        return len(re.findall(r"# type: ignore\b", self.text))


def _length(node: Function) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def read_app() -> list[Source]:
    """Read every module of app/ but the migrations."""
    paths = sorted((ROOT / "app").rglob("*.py"))
    return [Source(path, path.read_text()) for path in paths if "migrations" not in path.parts]


def public_names(source: Source) -> Iterator[tuple[str, bool]]:
    """Yield where each public name is defined, and whether it says what it is.

    It does so by a docstring, or by the ``description`` of a GraphQL type or field. The module
    counts as a name; an ORM model's ``Meta`` doesn't.
    """
    path = source.path.relative_to(ROOT)
    yield str(path), ast.get_docstring(source.tree) is not None
    stack: list[ast.AST] = list(source.tree.body)
    while stack:
        node = stack.pop()
        if not isinstance(node, ast.ClassDef | Function) or node.name == "Meta":
            continue
        if node.name.startswith("_"):
            continue
        if any(
            isinstance(mark, ast.Name) and mark.id == "overload" for mark in node.decorator_list
        ):
            continue  # what it overloads says it
        says = ast.get_docstring(node) is not None or any(map(_describes, node.decorator_list))
        yield f"{path}:{node.lineno}", says
        if isinstance(node, ast.ClassDef):
            stack += node.body


def _describes(decorator: ast.expr) -> bool:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return any(keyword.arg == "description" for keyword in keywords)


def imports_of(source: Source, modules: set[str]) -> set[str]:
    """Return the modules of app/ that a module imports, also within its functions."""
    names: set[str] = set()
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            below = {f"{node.module}.{alias.name}" for alias in node.names}
            names |= below & modules or {node.module}
    return names & modules - {source.module}


def in_cycles(graph: Mapping[str, set[str]]) -> set[str]:
    """Return the nodes that lie on a cycle, or between two; none if there is no cycle.

    They are what is left when both ends are taken away, again and again: what imports nothing
    that is left, and what nothing left imports.
    """
    left = set(graph)
    while True:
        imported = {other for node in left for other in graph[node] & left}
        ends = {node for node in left if not graph[node] & left or node not in imported}
        if not ends:
            return left
        left -= ends


@dataclass(frozen=True)
class Measure:
    """One number, the most or least that it may be, and where it is to be mended."""

    name: str
    value: float
    most: float | None = None
    least: float | None = None
    where: tuple[str, ...] = ()

    @property
    def broken(self) -> bool:
        """Whether the number lies outside its bound."""
        above = self.most is not None and self.value > self.most
        return above or (self.least is not None and self.value < self.least)

    @property
    def bound(self) -> str:
        """The bound as it is shown."""
        if self.most is not None:
            return f"at most {self.most:g}"
        return f"at least {self.least:g}" if self.least is not None else ""


def measure(sources: list[Source]) -> list[Measure]:
    """Take all measures."""
    files = {str(source.path.relative_to(ROOT)): source.lines for source in sources}
    functions = {at: length for source in sources for at, length in source.functions.items()}
    modules = {source.module for source in sources}
    cycles = in_cycles({source.module: imports_of(source, modules) for source in sources})
    uses = sum(source.uses_of_any for source in sources)
    lines = sum(files.values())
    return [
        Measure("lines", lines),
        Measure("files", len(files)),
        Measure("`Any` in 1,000 lines", round(1000 * uses / lines, 1), most=5),
        Measure("`type: ignore`", sum(source.ignores for source in sources), most=5),
        *_lengths("file", files, longest=300, long=LONG_FILE, most_long=5),
        *_lengths("function", functions, longest=35, long=LONG_FUNCTION, most_long=10),
        _documented(dict(said for source in sources for said in public_names(source))),
        Measure("modules in import cycles", len(cycles), most=0, where=tuple(sorted(cycles))),
    ]


def _lengths(
    kind: str, lengths: Mapping[str, int], *, longest: int, long: int, most_long: int
) -> list[Measure]:
    over = tuple(f"{at} ({length})" for at, length in lengths.items() if length > long)
    return [
        Measure(f"lines of the median {kind}", median(lengths.values())),
        Measure(f"lines of the longest {kind}", max(lengths.values()), most=longest, where=over),
        Measure(f"{kind}s over {long} lines", len(over), most=most_long, where=over),
    ]


def _documented(names: Mapping[str, bool]) -> Measure:
    silent = tuple(at for at, says in names.items() if not says)
    share = int(100 * (len(names) - len(silent)) / len(names))
    return Measure("public names that say what they are, %", share, least=100, where=silent)


def page(measures: list[Measure]) -> str:
    """Write docs/metrics.md."""
    rows = [f"| {one.name} | {one.value:g} | {one.bound} |" for one in measures]
    return "\n".join(
        [
            "# Metrics",
            "",
            "The code of `app/`, without generated migrations, measured by `make metrics`, which",
            "writes this page. `make check` holds the bounds, and that no number here is more than",
            "a tenth, or three, away from the truth.",
            "",
            "| measure | now | bound |",
            "| --- | --- | --- |",
            *rows,
            "",
        ]
    )


def stale(measures: list[Measure], text: str) -> list[str]:
    """Return the names of the measures that the page doesn't show as they are."""
    shown = dict(re.findall(r"^\| (.+?) \| ([\d.]+) \|", text, re.MULTILINE))
    return [
        one.name
        for one in measures
        if one.name not in shown
        or abs(float(shown[one.name]) - one.value) > max(TOLERANCE * one.value, SLACK)
    ]


def main() -> int:
    """Measure, print or check; return the exit code."""
    parser = argparse.ArgumentParser(description="Measure the code of app/ and hold its bounds.")
    parser.add_argument("--check", action="store_true", help="write nothing; docs must be true")
    check: bool = parser.parse_args().check
    measures = measure(read_app())
    problems = [
        "\n  ".join([f"{one.name}: {one.value:g}, {one.bound}", *one.where])
        for one in measures
        if one.broken
    ]
    if check:
        old = stale(measures, PAGE.read_text())
        problems += [f"docs/metrics.md is old: {name} (make metrics)" for name in old]
    else:
        for one in measures:
            print(f"{one.value:>8g}  {one.name}" + (f" ({one.bound})" if one.bound else ""))
        PAGE.write_text(page(measures))
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

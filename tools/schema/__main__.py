"""Lint schema.graphql, and compare it with what was promised to clients.

``python -m tools.schema`` exits with 1 when a habit is broken, or a client would be by a change
that CHANGELOG doesn't record. With ``--release`` it writes the schema as promised instead, which
is done at a release.
"""

import argparse
import sys
from pathlib import Path
from typing import Final

from graphql import GraphQLSchema, build_schema

from tools.schema.changes import changes_since, unrecorded
from tools.schema.chinese import terms_are_the_glossarys, types_carry_their_term
from tools.schema.rules import RULES

ROOT: Final = Path(__file__).parent.parent.parent
CURRENT: Final = ROOT / "schema.graphql"
RELEASED: Final = ROOT / "docs" / "schema-released.graphql"


def lint(schema: GraphQLSchema) -> list[str]:
    """Return what breaks the habits of the schema, a sentence each."""
    glossary = (ROOT / "ARCHITECTURE.md").read_text().partition("## Glossary")[2]
    return [
        *(finding for rule in RULES for finding in rule(schema)),
        *types_carry_their_term(schema),
        *terms_are_the_glossarys(schema, glossary),
    ]


def compare(schema: GraphQLSchema) -> list[str]:
    """Return the breaking changes that nobody recorded; print those that may surprise."""
    if not RELEASED.exists():
        print("No schema was released yet: nothing is promised.")
        return []
    changes = changes_since(build_schema(RELEASED.read_text()), schema)
    for change in changes.dangerous:
        print(f"may surprise clients: {change.words}")
    changelog = (ROOT / "CHANGELOG.md").read_text()
    return [
        f"breaks clients: {change.words} CHANGELOG.md lacks “- Breaking: `{change.coordinate}` …”."
        for change in unrecorded(changes, changelog)
    ]


def main() -> int:
    """Lint and compare, or release; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.schema")
    parser.add_argument("--release", action="store_true", help="promise the schema as it is")
    if parser.parse_args().release:
        RELEASED.write_text(CURRENT.read_text())
        print(f"{RELEASED.relative_to(ROOT)} is what is promised from now on.")
        return 0
    schema = build_schema(CURRENT.read_text())
    findings = [*lint(schema), *compare(schema)]
    print("\n".join(findings) or "The schema keeps its habits and its promises.")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())

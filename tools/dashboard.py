"""What is built of the dashboard is of its source, and its operations fit the schema.

``--hash`` prints the hash of the source, which the build writes into ``dist/SOURCE``, with no more
than the standard library. ``--documents`` validates its operations; ``--check`` both.
"""

import argparse
import hashlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from graphql import GraphQLError

DASHBOARD: Final = Path("app/web/dashboard")
SCHEMA: Final = Path("schema.graphql")
_FOLDERS: Final = ("dist", "node_modules")
_GENERATED: Final = ("src/graphql/generated.ts", "src/graphql/enums.ts")


def source_of(folder: Path) -> list[Path]:
    """Return the files that the dashboard is built from, in the order of their paths."""
    found = (path for path in folder.rglob("*") if path.is_file())
    own = {path.relative_to(folder).as_posix(): path for path in found}
    return [
        path
        for name, path in sorted(own.items())
        if name.split("/")[0] not in _FOLDERS and name not in _GENERATED
    ]


def source_hash(folder: Path) -> str:
    """Return the SHA-256 of the source: of each file its path, length and bytes."""
    whole = hashlib.sha256()
    for path in source_of(folder):
        content = path.read_bytes()
        name = path.relative_to(folder).as_posix()
        whole.update(f"{name}\0{len(content)}\0".encode() + content)
    return whole.hexdigest()


def outdated(folder: Path) -> Iterator[str]:
    """Yield what is wrong with what is built; nothing where there is no dashboard at all."""
    if not folder.exists():
        return
    built = folder / "dist" / "SOURCE"
    if not built.is_file():
        yield f"{folder}/dist isn't there: run `make dashboard`, and commit it"
    elif built.read_text().strip() != source_hash(folder):
        yield f"{folder}/dist is of another source than this: run `make dashboard`, and commit it"


def misfits(folder: Path, schema: Path) -> Iterator[str]:
    """Yield what keeps an operation of the dashboard from running, with file and line.

    All files are one document: fragments are used across them.
    """
    # Not above: the build asks for the hash where nothing is installed.
    from graphql import (  # noqa: PLC0415
        DefinitionNode,
        DocumentNode,
        NoUnusedFragmentsRule,
        Source,
        build_schema,
        parse,
        specified_rules,
        validate,
    )
    from graphql.error import GraphQLError  # noqa: PLC0415

    definitions: list[DefinitionNode] = []
    for path in sorted((folder / "src").rglob("*.graphql")):
        name = path.relative_to(folder).as_posix()
        try:
            definitions += parse(Source(path.read_text(encoding="utf-8"), name)).definitions
        except GraphQLError as fault:
            yield _sentence(fault)
    if definitions:
        document = DocumentNode(definitions=tuple(definitions))
        built = build_schema(schema.read_text(encoding="utf-8"))
        # Scripts read the cache by fragments that no operation spreads.
        rules = [rule for rule in specified_rules if rule is not NoUnusedFragmentsRule]
        for error in validate(built, document, rules):
            yield _sentence(error)


def _sentence(error: "GraphQLError") -> str:
    where = "the operations"
    if error.source and error.locations:
        where = f"{error.source.name}:{error.locations[0].line}"
    return f"{where}: {error.message}"


def main(arguments: list[str]) -> int:
    """Do as the arguments say; return how many things are wrong, 1 at most."""
    parser = argparse.ArgumentParser(description=__doc__)
    for option in ("--hash", "--documents", "--check"):
        parser.add_argument(option, action="store_true")
    options = parser.parse_args(arguments)
    folder = Path(__file__).resolve().parent.parent / DASHBOARD
    if options.hash:
        print(source_hash(folder))
    found: list[str] = []
    if options.documents or options.check:
        found += misfits(folder, folder.parents[2] / SCHEMA)
    if options.check:
        found += outdated(folder)
    for sentence in found:
        print(sentence, file=sys.stderr)
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

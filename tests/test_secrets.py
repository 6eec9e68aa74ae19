"""No file of the repository holds a secret of somebody's: what is known by its shape is looked for.

`make secrets` looks for more, and takes a minute.
"""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from tests.support.processes import ROOT

SHAPES: Final = {
    "a private key": re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----\s+[A-Za-z0-9+/]{20}"),
    "a key of a cloud": re.compile(r"\b(?:AKIA|ASIA|LTAI|AKID)[A-Za-z0-9]{16,36}\b"),
    "a token of a code host or a registry": re.compile(
        r"\b(?:gh[pousr]_[A-Za-z0-9]{36}|glpat-[\w-]{20}|npm_[A-Za-z0-9]{36}|pypi-AgE[\w-]{20})"
    ),
    "a token of a messenger": re.compile(r"\bxox[abprs]-[A-Za-z0-9-]{10,}"),
    "a signed token": re.compile(r"\beyJ[\w-]{15,}\.eyJ[\w-]{15,}\.[\w-]{20,}"),
    "a password in an address": re.compile(r"\b[a-z]+://[^\s:/@'\"{]+:(?P<word>[^\s@/'\"{$]+)@"),
}
# What stands for a password in examples and tests.
EXAMPLES: Final = {"password", "groupcode", "secret", "hunter2", "wrong", "pw", "p", "…"}
LEFT_OUT: Final = re.compile(r"\.(?:png|ico|woff2)$|\.min\.js$|/dist/")


def texts() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = listed.stdout.split("\0") if listed.returncode == 0 else _all_files()
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file() and not LEFT_OUT.search(name):
            yield name, path.read_text(errors="replace")


def _all_files() -> list[str]:
    """The files of a copy without history; none of what `make` puts beside them."""
    parts = ("app", "bench", "deploy", "docs", "examples", "tests", "tools")
    found = (path for part in parts for path in Path(ROOT, part).rglob("*"))
    return [str(path.relative_to(ROOT)) for path in found if "node_modules" not in path.parts]


def found_in(text: str) -> list[str]:
    return [
        kind
        for kind, shape in SHAPES.items()
        for match in shape.finditer(text)
        if match.groupdict().get("word") not in EXAMPLES
    ]


def test_no_file_holds_a_secret() -> None:
    assert [(name, kinds) for name, text in texts() if (kinds := found_in(text))] == []


def test_secrets_would_be_found() -> None:
    made = [
        "-----BEGIN RSA PRIVATE KEY-----\n" + "A" * 64,
        "AKIA" + "Q" * 16,
        "ghp_" + "a" * 36,
        "xoxb-" + "1" * 12,
        "eyJ" + "a" * 20 + ".eyJ" + "b" * 20 + "." + "c" * 30,
        "postgres://groupcode:" + "Tr0ub4dor" + "@db.example.org/groupcode",
    ]
    assert [len(found_in(one)) for one in made] == [1] * len(made)
    assert found_in("postgres://user:password@host/name") == []

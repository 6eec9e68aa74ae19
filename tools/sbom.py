"""What the image holds, as a bill of materials: ``python -m tools.sbom [FILE]``.

CycloneDX 1.6 as JSON, made of the lock files alone, so that any machine can make it, offline, and
always the same: Python's packages that run (``requirements.lock``, with traces' too if asked),
those for Node that the dashboard's page was built from, and those whose files lie in
``app/web/graphiql``.
"""

import argparse
import base64
import json
import re
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

ROOT: Final = Path(__file__).parent.parent
_PINNED: Final = re.compile(
    r"^(?P<name>[a-z0-9._-]+)==(?P<version>\S+?)(?: ; (?P<marker>[^\\]+?))? \\$", re.M
)
_HASHED: Final = re.compile(r"--hash=sha256:([0-9a-f]{64})")
_TAKEN: Final = re.compile(
    r"^\| (?:`[^|]+\| )?(?P<name>[@\w./-]+) \| (?P<version>\d[\w.-]*) \|", re.M
)

Component = dict[str, Any]


def of_python(lock: Path) -> Iterator[Component]:
    """Yield the packages that a lock file of Python's pins, each with its files' hashes."""
    text = lock.read_text()
    pins = list(_PINNED.finditer(text))
    ends = [pin.start() for pin in pins[1:]] + [len(text)]
    for pin, end in zip(pins, ends, strict=True):
        files = _HASHED.findall(text, pin.end(), end)
        found = _component(pin["name"], pin["version"], f"pkg:pypi/{pin['name']}@{pin['version']}")
        # A package is several files, one for each platform: which was installed isn't known here.
        found["externalReferences"] = [
            {
                "type": "distribution",
                "url": f"{found['purl']}#{digest[:16]}",
                "hashes": [{"alg": "SHA-256", "content": digest}],
            }
            for digest in files
        ]
        if pin["marker"]:
            found["properties"] = [{"name": "groupcode:only", "value": pin["marker"]}]
        yield found


def of_node(lock: Path) -> Iterator[Component]:
    """Yield the packages that a lock file of npm's pins, without those that only build."""
    for path, package in json.loads(lock.read_text())["packages"].items():
        name = path.rpartition("node_modules/")[2]
        if not name or package.get("dev") or package.get("optional"):
            continue
        found = _of_npm(name, package["version"])
        algorithm, _, digest = package["integrity"].partition("-")
        content = base64.b64decode(digest).hex()
        found["hashes"] = [{"alg": algorithm.upper().replace("SHA", "SHA-"), "content": content}]
        if license_ := package.get("license"):
            found["licenses"] = [{"license": {"id": license_}}]
        yield found


def of_graphiql(table: Path) -> Iterator[Component]:
    """Yield the packages whose files were taken."""
    for row in _TAKEN.finditer(table.read_text()):
        yield _of_npm(row["name"], row["version"])


def _of_npm(name: str, version_: str) -> Component:
    return _component(name, version_, f"pkg:npm/{name.replace('@', '%40')}@{version_}")


def _component(name: str, version_: str, purl: str) -> Component:
    return {"type": "library", "bom-ref": purl, "name": name, "version": version_, "purl": purl}


def bill(*, traces: bool) -> dict[str, Any]:
    """Return the bill of materials; ``traces``: of the image that sends them."""
    web = ROOT / "app/web"
    found = [
        *of_python(ROOT / ("requirements-traces.lock" if traces else "requirements.lock")),
        *of_node(web / "dashboard/package-lock.json"),
        *of_graphiql(web / "graphiql/LICENSES.md"),
    ]
    components = {one["bom-ref"]: one for one in found}
    own = version("groupcode")
    contents = "\n".join(["groupcode", own, *sorted(components)])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid5(NAMESPACE_URL, contents)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": "groupcode",
                "name": "groupcode",
                "version": own,
                "licenses": [{"license": {"id": "Apache-2.0"}}],
            }
        },
        "components": [components[name] for name in sorted(components)],
        "dependencies": [{"ref": "groupcode", "dependsOn": sorted(components)}],
    }


def main() -> None:
    """Write the bill to a file, or print it."""
    parser = argparse.ArgumentParser(prog="python -m tools.sbom")
    parser.add_argument("file", type=Path, nargs="?", help="where to; printed if none is named")
    parser.add_argument("--traces", action="store_true", help="of the image that sends traces")
    asked = parser.parse_args()
    text = json.dumps(bill(traces=asked.traces), indent=1, ensure_ascii=False) + "\n"
    if asked.file is None:
        sys.stdout.write(text)
    else:
        asked.file.write_text(text)


if __name__ == "__main__":
    main()

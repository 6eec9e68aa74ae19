"""The lock files pin everything, and name no place to fetch it from: each machine has its own."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE_LOCKS = [
    ROOT / "tests" / "clients" / "package-lock.json",
    ROOT / "app" / "web" / "dashboard" / "package-lock.json",
    ROOT / "bench" / "peers" / "node" / "package-lock.json",
]


@pytest.mark.parametrize("path", [*ROOT.glob("*.lock"), *PACKAGE_LOCKS])
def test_no_host_is_named(path: Path) -> None:
    assert not re.findall(r"https?://[^\s\"]+", path.read_text())


@pytest.mark.parametrize("path", PACKAGE_LOCKS)
def test_every_package_for_node_is_pinned_by_its_hash(path: Path) -> None:
    packages = json.loads(path.read_text())["packages"]
    assert len(packages) > 100
    assert all(package.get("integrity") for name, package in packages.items() if name)

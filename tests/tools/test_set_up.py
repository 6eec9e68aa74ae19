"""Setting up on a bare machine: shown as it goes, once, and never half done."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.processes import ROOT

SCRIPT = ROOT / "tools" / "set_up.py"
PROJECT = """[build-system]
requires = ["flit-core"]
build-backend = "flit_core.buildapi"
[project]
name = "sample"
version = "1"
description = "A sample."
[tool.flit.module]
name = "sample"
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project that is built by what its environment has: its lock file pins nothing."""
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    (tmp_path / "sample.py").write_text('"""A sample."""\n')
    (tmp_path / "empty.lock").write_text("# nothing\n")
    return tmp_path


def set_up(folder: Path, lock: str) -> subprocess.Popen[str]:
    """Begin to set a project up."""
    command = [sys.executable, str(SCRIPT), ".venv", lock]
    return subprocess.Popen(
        command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def test_what_cannot_be_installed_is_told_and_is_tried_again_the_next_time(project: Path) -> None:
    (project / "wrong.lock").write_text("sample-that-is-nowhere==1 --hash=sha256:" + "0" * 64)
    for _ in range(2):
        with set_up(project, "wrong.lock") as process:
            said = process.communicate(timeout=120)[0]
        assert process.returncode == 1
        assert said.rstrip().endswith("wrong.lock could not be installed.")
        assert not (project / ".venv" / ".ready-wrong").exists()


def test_two_at_once_make_one_environment(project: Path) -> None:
    (project / ".venv").mkdir()
    with set_up(project, "empty.lock") as first, set_up(project, "empty.lock") as second:
        said = [one.communicate(timeout=120)[0] for one in (first, second)]
    assert sum("Making .venv" in one for one in said) == 1, said

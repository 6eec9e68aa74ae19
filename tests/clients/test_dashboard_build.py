"""The dashboard's files as they are shipped are those that its source builds, types and all."""

import subprocess
from pathlib import Path

from tests.support.dashboards import DIST, SOURCE

_PATIENCE = 240.0  # seconds to build


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its path in it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


def test_what_is_shipped_is_what_the_source_builds(tmp_path: Path) -> None:
    built = tmp_path / "dist"
    done = subprocess.run(
        ["npm", "run", "build", "--", str(built)],
        cwd=SOURCE,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shipped, fresh = files_of(DIST), files_of(built)
    assert "index.html" in shipped, "the dashboard isn't built: run `make dashboard`"
    differing = {name for name in shipped.keys() | fresh if shipped.get(name) != fresh.get(name)}
    assert not differing, "run `make dashboard` and commit what it builds"

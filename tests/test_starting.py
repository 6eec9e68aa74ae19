"""Starting the server as a newcomer does: on a port of one's choice, on any terminal, twice."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.support.processes import ROOT, Forked, answering, environment, groupcode, serving
from tests.support.servers import free_port
from tests.support.templates import have_database

ASCII = {"LC_ALL": "en_US.ISO-8859-1", "PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}


def test_the_command_tells_its_version(tmp_path: Path) -> None:
    done = groupcode(tmp_path, "--version")
    assert (done.returncode, done.stdout.split()[0]) == (0, "groupcode")


async def test_a_taken_port_is_a_sentence_that_says_which_setting_changes_it(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (_, world):
        taken = world.url.rsplit(":", 1)[1]
        again = groupcode(tmp_path, "serve", "--port", taken)
        assert again.returncode == 2
        assert f"port {taken} of 127.0.0.1 can't be used" in again.stderr
        assert "--port or GROUPCODE_PORT" in again.stderr and "Traceback" not in again.stderr
        assert "Group Code serves" not in again.stdout
        assert (await world.http.get(f"{world.url}/readyz")).json()["ready"] is True


def test_an_address_that_is_not_ours_is_a_sentence_too(tmp_path: Path) -> None:
    have_database(tmp_path)
    done = groupcode(tmp_path, "serve", "--host", "192.0.2.1", "--port", "0")
    assert done.returncode == 2
    assert "192.0.2.1" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.parametrize("wrong", ["-1", "65536", "http"])
def test_a_port_that_is_none_is_refused_with_usage(wrong: str, tmp_path: Path) -> None:
    done = groupcode(tmp_path, "serve", f"--port={wrong}")
    assert done.returncode == 2 and "--port" in done.stderr


async def test_the_port_of_the_command_line_comes_before_the_setting(tmp_path: Path) -> None:
    have_database(tmp_path)
    port = free_port()
    settings = environment(demo="0", port=str(free_port())) | ASCII
    with Forked(tmp_path, settings, "serve", "--port", str(port)) as server:
        async with httpx.AsyncClient() as http:
            await answering(http, f"http://127.0.0.1:{port}/readyz", server)
        server.stop()
        assert f"Group Code serves http://127.0.0.1:{port}/graphql" in server.log.read_text("ascii")


async def test_an_example_speaks_on_a_terminal_that_knows_no_chinese(tmp_path: Path) -> None:
    async with serving(tmp_path, rate_limits="1") as (_, world):
        options = ["--url", world.url, "--sandbox", world.sandbox, "--out", str(tmp_path)]
        example = [sys.executable, str(ROOT / "examples" / "managers_week.py"), *options]
        done = await asyncio.to_thread(
            subprocess.run, example, env=environment() | ASCII, capture_output=True, timeout=120
        )
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"\\u6210\\u5458" in done.stdout


async def test_an_example_waits_for_a_server_that_is_coming_up(tmp_path: Path) -> None:
    have_database(tmp_path)
    port = str(free_port())
    options = ["--url", f"http://127.0.0.1:{port}", "--people", "2", "--wait", "60"]
    example = [sys.executable, str(ROOT / "examples" / "first_red_member.py"), *options]
    living = asyncio.create_task(
        asyncio.to_thread(
            subprocess.run, example, env=environment(), capture_output=True, timeout=120
        )
    )
    await asyncio.sleep(0)
    with Forked(tmp_path, environment(demo="0"), "serve", "--port", port):
        done = await living
    assert (done.returncode, done.stderr) == (0, b""), done.stdout

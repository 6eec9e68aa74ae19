"""One process serves a SQLite file; commands that only look run beside it."""

from pathlib import Path

from tests.support.processes import answering, groupcode, groupcode_anew, serving
from tests.support.servers import free_port


async def test_a_second_server_on_a_file_is_refused_and_other_commands_are_not(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (process, world):
        second = groupcode(tmp_path, "serve", port=str(free_port()))
        assert second.returncode == 2 and "Traceback" not in second.stderr
        assert f"is served by groupcode serve (process {process.pid}) already" in second.stderr
        for command in ("migrate", "work", "rekey"):
            beside = groupcode_anew(tmp_path, command)
            assert (beside.returncode, beside.stderr) == (0, ""), command
        assert (await world.http.get(f"{world.url}/readyz")).status_code == 200
        process.kill()
        process.start()  # a lock ends with its process, however that ends
        await answering(world.http, f"{world.url}/readyz", process)


async def test_two_files_are_two_servers(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    async with serving(tmp_path), serving(other):
        pass

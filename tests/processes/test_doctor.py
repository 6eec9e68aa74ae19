"""What operators and containers are told of a deployment that is well, and of one that isn't."""

from pathlib import Path

from tests.support.answering import outside
from tests.support.processes import groupcode, groupcode_anew, serving
from tests.support.servers import free_port
from tests.support.templates import have_database


def test_it_says_which_outside_system_refuses_us_and_which_is_away(tmp_path: Path) -> None:
    have_database(tmp_path)
    with outside() as url:
        paths = {"health": "401", "identity": "404", "family": "503", "sms": "422"}
        systems = {f"{system}_url": f"{url}/{path}" for system, path in paths.items()}
        ill = groupcode(tmp_path, "doctor", sandbox="0", **systems)
        statuses = {"health": 200, "identity": 404, "family": 400, "sms": 422}
        well = {f"{system}_url": f"{url}/{status}" for system, status in statuses.items()}
        good = groupcode_anew(tmp_path, "doctor", sandbox="0", **well)
    assert (ill.returncode, ill.stderr) == (1, "")
    wrong = [line for line in ill.stdout.splitlines() if line.startswith("WRONG")]
    assert "GROUPCODE_HEALTH_TOKEN: it answers 401: the token is wrong" in wrong[0]
    assert "GROUPCODE_FAMILY_URL: it answers 503" in wrong[1]
    assert len(wrong) == 2
    assert (good.returncode, good.stderr) == (0, "") and "WRONG" not in good.stdout


def test_it_names_what_is_wrong_with_settings_and_database(tmp_path: Path) -> None:
    first = groupcode(tmp_path, "doctor")
    assert first.returncode == 1 and "groupcode migrate" in first.stdout
    groupcode(tmp_path, "migrate")
    (tmp_path / "groupcode.sqlite3").chmod(0o644)
    again = groupcode(tmp_path, "doctor", trusted_proxy="10.0.0.1")
    assert again.returncode == 1
    assert "GROUPCODE_TRUSTED_PROXIES may be meant" in again.stdout
    assert "can be read by others: chmod 600" in again.stdout


async def test_a_container_is_well_while_its_server_serves_and_works(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, world):
        port = world.url.rsplit(":", 1)[1]
        well = groupcode_anew(tmp_path, "health", port=port)
        assert (well.returncode, well.stdout) == (0, "well\n")
        elsewhere = groupcode(tmp_path, "health", port=str(free_port()))
        assert elsewhere.returncode == 1 and "doesn't answer" in elsewhere.stderr
        process.stop()
    gone = groupcode(tmp_path, "health", port=port)
    assert gone.returncode == 1 and "no server or worker" in gone.stderr

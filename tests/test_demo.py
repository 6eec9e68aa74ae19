"""The demo group, as a newcomer finds it on an empty database."""

from pathlib import Path
from typing import Any

from app.client import resident_id
from app.demo.group import CREATOR_PHONE, PEOPLE
from tests.support.person import Person
from tests.support.processes import Process, answering, groupcode, groupcode_anew, serving
from tests.support.waiting import START_PATIENCE, eventually

GROUP = """{ me { groups { nodes { name colour memberCount colourReasons { reason count }
    refresh { run { status } } members { nodes { healthCode } } } } } }"""
REASONS = {"CODE_YELLOW", "CODE_UNKNOWN", "TEST_POSITIVE", "TEST_EXPIRED", "TEST_MISSING"}


async def said(process: Process) -> str:
    """Return what a server printed so far."""
    return process.log.read_text()


def is_refreshed(data: dict[str, Any]) -> bool:
    """Whether the refresh that ends the demo's laying down is done."""
    [group] = data["me"]["groups"]["nodes"]
    return bool(group["refresh"]["run"]["status"] == "DONE")


async def test_a_newcomer_signs_in_as_the_creator_of_a_yellow_group(tmp_path: Path) -> None:
    async with serving(tmp_path, demo="1") as (process, world):
        announced = f"{CREATOR_PHONE}, the creator of the demo group"
        await eventually(lambda: said(process), lambda log: announced in log, START_PATIENCE)
        creator = Person(world, CREATOR_PHONE, "王伟伟", resident_id(0))
        await creator.sign_in()
        data = await eventually(lambda: creator.ask(GROUP), is_refreshed, START_PATIENCE)
    [group] = data["me"]["groups"]["nodes"]
    assert (group["name"], group["colour"], group["memberCount"]) == ("示范小学", "YELLOW", PEOPLE)
    assert {one["reason"] for one in group["colourReasons"]} == REASONS
    codes = {member["healthCode"] for member in group["members"]["nodes"]}
    assert codes == {"GREEN", "YELLOW", "UNKNOWN"}  # red is left to the newcomer


async def test_demo_fresh_is_the_way_back_from_a_clock_that_went_ahead(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, world):
        before = await world.now()
        await world.advance(days=30)
        person = await world.real_person()
        group_id = await person.create_group()
        ahead = await world.now()
        in_use = groupcode(tmp_path, "demo", "--fresh")
        assert in_use.returncode == 2 and "stop the server first" in in_use.stderr
        process.stop()
        other_groups = groupcode(tmp_path, "demo")
        assert other_groups.returncode == 2 and "--fresh throws it away" in other_groups.stderr
        process.start()
        await answering(world.http, f"{world.url}/readyz", process)
        assert await world.now() >= ahead  # a restart alone is no way back
        await person.ask("query($id: ID!) { group(id: $id) { name } }", id=group_id)
        process.stop()
        fresh = groupcode_anew(tmp_path, "demo", "--fresh")
        assert (fresh.returncode, fresh.stderr) == (0, "")
        assert f"{CREATOR_PHONE} is the creator of the demo group" in fresh.stdout
        process.start()
        await answering(world.http, f"{world.url}/readyz", process)
        assert before < await world.now() < ahead
        creator = Person(world, CREATOR_PHONE, "王伟伟", resident_id(0))
        await creator.sign_in()
        [group] = (await creator.ask("{ me { groups { nodes { name } } } }"))["me"]["groups"][
            "nodes"
        ]
        assert group["name"] == "示范小学"


def test_only_a_developers_sqlite_file_is_thrown_away(tmp_path: Path) -> None:
    elsewhere = groupcode(tmp_path, "demo", "--fresh", database_url="postgres://nowhere/none")
    assert elsewhere.returncode == 2 and "only a SQLite file is thrown away" in elsewhere.stderr
    several = groupcode(tmp_path, "demo", "--fresh", sandbox_url="http://127.0.0.1:1")
    assert several.returncode == 2 and "with the sandbox in process" in several.stderr

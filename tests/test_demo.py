"""The demo group, as a newcomer finds it on an empty database."""

from pathlib import Path
from typing import Any

from app.client import resident_id
from app.demo import CREATOR_PHONE, PEOPLE
from tests.support.person import Person
from tests.support.processes import Process, serving
from tests.support.waiting import START_PATIENCE, eventually

GROUP = """{ me { groups { nodes { name colour memberCount colourReasons { reason count }
    refresh { run { status } } members { nodes { healthCode } } } } } }"""
REASONS = {"CODE_RED", "CODE_YELLOW", "CODE_UNKNOWN", "TEST_POSITIVE", "TEST_EXPIRED"}


async def said(process: Process) -> str:
    """Return what a server printed so far."""
    return process.log.read_text()


def is_refreshed(data: dict[str, Any]) -> bool:
    """Whether the refresh that ends the demo's laying down is done."""
    [group] = data["me"]["groups"]["nodes"]
    return bool(group["refresh"]["run"]["status"] == "DONE")


async def test_a_newcomer_signs_in_as_the_creator_of_a_red_group(tmp_path: Path) -> None:
    async with serving(tmp_path, demo="1") as (process, world):
        announced = f"{CREATOR_PHONE} is the creator of the demo group"
        await eventually(lambda: said(process), lambda log: announced in log, START_PATIENCE)
        creator = Person(world, CREATOR_PHONE, "王伟伟", resident_id(0))
        await creator.sign_in()
        data = await eventually(lambda: creator.ask(GROUP), is_refreshed, START_PATIENCE)
    [group] = data["me"]["groups"]["nodes"]
    assert (group["name"], group["colour"], group["memberCount"]) == ("示范小学", "RED", PEOPLE)
    assert {one["reason"] for one in group["colourReasons"]} >= REASONS
    codes = {member["healthCode"] for member in group["members"]["nodes"]}
    assert codes == {"GREEN", "YELLOW", "RED", "UNKNOWN"}

"""Refreshes by hand, and those that come by themselves."""

from datetime import datetime

from app.models.due import DueWork, WorkKind
from app.models.refresh import RefreshRun
from app.resolvers.ids import decode_id
from tests.support.person import Person
from tests.support.waiting import eventually, settled

RUN = "query($id: ID!) { group(id: $id) { refresh { run { id status } } } }"

ENDED = ("DONE", "PARTLY_DONE", "FAILED")


async def refresh(manager: Person, group_id: str) -> str:
    """Refresh, and wait for the end of the run that was answered; return how it ended."""
    payload = await manager.change("refreshGroup", "run { id }", groupId=group_id)
    data = await eventually(
        lambda: manager.ask(RUN, id=group_id),
        lambda seen: seen["group"]["refresh"]["run"]["status"] in ENDED,
    )
    run = data["group"]["refresh"]["run"]
    assert run["id"] == payload["run"]["id"]
    await settled(manager.world)
    return str(run["status"])


async def leave_to_managers(group_id: str) -> None:
    """Have nothing refresh a group by itself: what is reported of a day is then up to the test."""
    scheduled = DueWork.filter(kind=WorkKind.START_REFRESH, subject_id=decode_id(group_id, "Group"))
    assert await scheduled.delete() == 1


async def runs_of(group_id: str) -> list[datetime]:
    """When a group's runs began, in that order."""
    runs = RefreshRun.filter(group_id=decode_id(group_id, "Group")).order_by("started_at")
    return [run.started_at for run in await runs]

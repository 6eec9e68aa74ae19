"""What an operation costs is told, and what costs too much is refused before it runs."""

from tests.support.clients import manager_of_some, played
from tests.support.in_process import served


async def test_costs_are_told_and_bounded(clients_database: str) -> None:
    async with served(database_url=clients_database, rate_limits=True) as world:
        [told] = await played("limits", **await manager_of_some(world))
    assert told.pop("hugePages") == told.pop("manySms") == "TOO_COSTLY"
    assert len(told) == 3 and set(told.values()) <= {"TOO_COSTLY", "BAD_USER_INPUT"}

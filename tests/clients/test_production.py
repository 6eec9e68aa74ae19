"""A production server: what it doesn't tell, how it refuses, and how long it lets clients wait."""

from tests.support.clients import manager_of_some, played
from tests.support.in_process import served


async def test_clients_meet_a_production_server(clients_database: str) -> None:
    async with served(database_url=clients_database) as world:
        given = await manager_of_some(world)
    settings = {"environment": "production", "sandbox": False, "rate_limits": True}
    async with served(database_url=clients_database, points_per_person=20_000, **settings) as world:
        [told] = await played("production", **given | {"url": world.url})
    assert told == {
        "type": [415, "UNSUPPORTED_MEDIA_TYPE", None],
        "noJson": [400, "BODY_NOT_JSON", None],
        "batch": [400, "BATCH_NOT_ALLOWED", None],
        "name": [400, "OPERATION_UNKNOWN", None],
        "large": [413, "BODY_TOO_LARGE", None],
        "byGet": [405, "METHOD_NOT_ALLOWED", "POST"],
        "method": [405, "METHOD_NOT_ALLOWED", "GET, HEAD, POST, OPTIONS"],
        "path": [404, "NOT_FOUND", None],
        "page": [406, "NOT_ACCEPTABLE", None],  # no GraphiQL
    }

"""Reading from a replica that goes away at the moment of its use, or whose database does."""

import asyncio
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from app.domain.refusals import Unavailable
from app.models import replica_lag
from app.models.replica import Replica, replica
from tests.support.servers import PostgresServer
from tests.support.waiting import eventually


@pytest.fixture
def postgres_url(postgres: PostgresServer, postgres_template: str) -> Iterator[str]:
    yield postgres.create_database("read_from", postgres_template)
    postgres.drop_database("read_from")


@pytest.mark.parametrize("answered", [False, True], ids=["as it asks", "once it was answered"])
async def test_a_connection_that_breaks_at_its_use_gives_no_answer_and_is_told(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch, answered: bool
) -> None:
    fetch = asyncpg.Connection.fetch

    async def breaking(connection: Any, *given: Any, **options: Any) -> object:
        found = await fetch(connection, *given, **options) if answered else None
        connection._transport.abort()
        return found if answered else await fetch(connection, *given, **options)

    copy = Replica(postgres_url, pool_size=1)
    await copy.replayed()  # it connects; to be read it needn't be a replica
    copy.found(0.0)
    monkeypatch.setattr(asyncpg.Connection, "fetch", breaking)
    assert await copy.fetch("SELECT 1", ()) is None
    assert not copy.usable
    copy.close()


async def test_a_replica_is_looked_at_on_after_the_database_was_away(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def away(*_: object) -> int:
        raise Unavailable

    async def written(*_: object) -> int:
        return 7

    monkeypatch.setattr(replica_lag, "_LOOK_EVERY", 0.01)
    monkeypatch.setattr(replica_lag, "fetch_value", away)
    monkeypatch.setattr(Replica, "replayed", written)
    async with replica_lag.following("postgres://nobody.invalid/none", 1):
        await asyncio.sleep(0)  # it looks, in vain
        monkeypatch.setattr(replica_lag, "fetch_value", written)
        await eventually(_is_usable, bool)


async def _is_usable() -> bool:
    found = replica()
    return found is not None and found.usable

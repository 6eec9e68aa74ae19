"""urql and Apollo Client: their defaults, caches, subscriptions, and documents by hash."""

import pytest

from tests.support.clients import manager_of_some, played
from tests.support.world import World


@pytest.mark.parametrize("client", ["urql", "apollo"])
async def test_a_client_that_keeps_a_cache(clients_world: World, client: str) -> None:
    [told] = await played(client, persisted="taken", **await manager_of_some(clients_world))
    assert "GET" in told["sent"]

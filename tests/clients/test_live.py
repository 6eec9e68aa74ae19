"""A dashboard on one socket of graphql-ws: all of a manager's groups, and operations apart."""

from tests.support.clients import manager_of_some, played
from tests.support.world import World


async def test_one_socket_follows_all_groups(clients_world: World) -> None:
    [told] = await played("live", **await manager_of_some(clients_world))
    assert told["refused"] == ["BAD_USER_INPUT"]
    assert "CAME" in told["kinds"]

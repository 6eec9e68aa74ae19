"""GraphQL over HTTP to the letter: every audit of graphql-http is passed, the SHOULDs too."""

from tests.support.clients import played
from tests.support.world import World


async def test_every_audit_passes(clients_world: World) -> None:
    audits = await played("audit", url=clients_world.url)
    assert len(audits) >= 61
    failed = [audit for audit in audits if audit["status"] != "ok"]
    assert not failed, "\n".join(f"{one['name']}: {one['reason']}" for one in failed)

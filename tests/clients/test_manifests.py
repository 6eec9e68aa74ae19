"""Persisted documents: by the manifests that others' tools write, and where there is none."""

import pytest

from tests.support.clients import GENERATED, MEMBERS, manager_of_some, played
from tests.support.in_process import served

MANIFESTS = (
    GENERATED / "apollo-manifest.json",
    GENERATED / "persisted-documents.json",
    GENERATED / "relay-persisted.json",
)


@pytest.fixture(scope="module")
async def given(clients_database: str) -> dict[str, str]:
    """A group and its manager, who came while texts were taken and the sandbox was there."""
    async with served(database_url=clients_database) as world:
        return await manager_of_some(world)


async def test_documents_by_their_ids_and_nothing_else(
    clients_database: str, given: dict[str, str]
) -> None:
    settings = {"documents": MANIFESTS, "documents_only": True}
    async with served(database_url=clients_database, **settings) as world:
        [told] = await played("documents", **given | {"url": world.url})
        [listed] = await played("relay", **given | {"url": world.url})
    assert told == {"text": "ONLY_PERSISTED_DOCUMENTS", "unknown": "PERSISTED_DOCUMENT_NOT_FOUND"}
    assert listed["listed"] == MEMBERS + 1


async def test_in_production_documents_without_a_manifest_are_sent_whole(
    clients_database: str, given: dict[str, str]
) -> None:
    settings = {"environment": "production", "sandbox": False}
    async with served(database_url=clients_database, **settings) as world:
        for client in ("urql", "apollo"):
            await played(client, persisted="unsupported", **given | {"url": world.url})

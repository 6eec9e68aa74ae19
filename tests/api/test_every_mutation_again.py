"""Every mutation, sent again with the same key: when the answer came, and when it was lost."""

from typing import Any

from app.schema import build_schema
from tests.support.every_mutation import every_mutation
from tests.support.world import World

# Without a session, or ending it: no key holds. A refresh token serves once by itself.
NOT_KEPT = {"signIn", "refreshSession", "signOut", "closeAccount"}


async def test_what_is_sent_again_is_done_once_whatever_it_is(world: World) -> None:
    again = await every_mutation(world)
    mutations: Any = build_schema()._schema.type_map["Mutation"]
    assert again.tried == set(mutations.fields) - NOT_KEPT

"""Hooks of extensions are passed over only where nobody has them."""

from collections.abc import AsyncGenerator, AsyncIterator

import strawberry
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionContext

from app.schema.event_runner import EventRunner


@strawberry.type
class Query:
    one: int


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def numbers(self) -> AsyncGenerator[int, None]:
        for number in range(2):
            yield number


class Hooked(SchemaExtension):
    """Tells how many results it saw before."""

    seen = 0

    async def on_stream_result(self, result: object) -> AsyncIterator[None]:
        yield
        self.seen += 1

    def get_results(self) -> dict[str, object]:
        return {"seen": self.seen}


class Silent(SchemaExtension):
    """Has no hook."""


class Schema(strawberry.Schema):
    def create_extensions_runner(
        self, execution_context: ExecutionContext, extensions: list[SchemaExtension]
    ) -> EventRunner:
        return EventRunner(execution_context, extensions)


async def told(*extensions: type[SchemaExtension]) -> list[dict[str, object] | None]:
    schema = Schema(Query, subscription=Subscription, extensions=extensions)
    results = await schema.stream("subscription { numbers }")
    return [getattr(result, "extensions", None) async for result in results]


async def test_whoever_has_a_hook_is_asked_at_every_event() -> None:
    assert await told(Silent, Hooked) == [{"seen": 0}, {"seen": 1}]


async def test_who_has_none_says_nothing() -> None:
    assert await told(Silent) == [{}, {}]

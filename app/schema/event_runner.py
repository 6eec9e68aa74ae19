"""What extensions say of each event: only those are asked that say anything.

Strawberry asks every extension at every event of a subscription. Ours have nothing to do with the
single event but to tell what the operation cost, once; a thousand who are told of one change would
pay for the silence of the others.
"""

from types import TracebackType

from strawberry.extensions import SchemaExtension
from strawberry.extensions.context import StreamResultContextManager
from strawberry.extensions.runner import SchemaExtensionsRunner
from strawberry.types import ExecutionContext, StreamExecutionResult
from strawberry.utils.await_maybe import await_maybe


class EventRunner(SchemaExtensionsRunner):
    """Strawberry's runner, but that it passes over hooks that nobody has."""

    def __init__(self, context: ExecutionContext, extensions: list[SchemaExtension]) -> None:
        super().__init__(context, extensions)
        self._telling = [
            one for one in extensions if type(one).get_results is not SchemaExtension.get_results
        ]
        self._watching = [
            one
            for one in extensions
            if type(one).on_stream_result is not SchemaExtension.on_stream_result
        ]

    async def get_extensions_results(self, ctx: ExecutionContext) -> dict[str, object]:
        """Return what stands in the answer's ``extensions``."""
        told: dict[str, object] = {}
        for extension in self._telling:
            told.update(await await_maybe(extension.get_results()))
        return told | ctx.extensions_results

    def on_stream_result(self, result: StreamExecutionResult) -> StreamResultContextManager:
        """Return what surrounds the sending of an event: nothing, where nobody has the hook."""
        return super().on_stream_result(result) if self._watching else _UNSEEN


class _Unseen(StreamResultContextManager):
    def __init__(self) -> None:
        """Hold nothing: it can be entered by many at once."""

    async def __aenter__(self) -> None:
        """Do nothing."""

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc_val: BaseException | None,
        exc_tb: TracebackType | None,
    ) -> None:
        """Do nothing."""


_UNSEEN = _Unseen()

"""Where graphql-core goes on with mutations, some of which are carried out already."""

from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Any

from graphql import GraphQLObjectType
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.execution.incremental.incremental_executor import DeliveryGroupMap
from graphql.pyutils import AwaitableOrValue, Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext


@dataclass(slots=True)
class Begun:
    """Of an operation's mutations, in their order: those that are answered, and what came next.

    One that was carried out isn't carried out again: graphql-core is told what it came to.
    """

    answered: dict[str, object] = field(default_factory=dict)  # by the name in the answer
    came_to: object = None  # of the mutation behind these; no payload is None
    failed: Exception | None = None

    @property
    def is_under_way(self) -> bool:
        """Whether anything was carried out, or tried."""
        return bool(self.answered) or self.has_outcome

    @property
    def has_outcome(self) -> bool:
        """Whether the mutation behind those that are answered came to something."""
        return self.failed is not None or self.came_to is not None

    async def outcome(self) -> object:
        """Return what it came to. Raise what it failed for."""
        if self.failed is not None:
            raise self.failed
        return self.came_to


class GoingOnExecutor(StrawberryGraphQLCoreExecutionContext):
    """graphql-core's executor, but that it carries out no mutation that was carried out."""

    begun: Begun | None = None  # what of mutations isn't to be carried out again

    def execute_fields_serially(
        self,
        parent_type: GraphQLObjectType,
        source_value: Any,
        path: Path | None,
        grouped_field_set: GroupedFieldSet,
        position_context: DeliveryGroupMap | None,
    ) -> AwaitableOrValue[dict[str, Any]]:
        """Execute mutations one after another, from where they were left."""
        begun, carry_out = self.begun, super().execute_fields_serially
        if begun is None or not begun.is_under_way:
            return carry_out(parent_type, source_value, path, grouped_field_set, position_context)
        left = {n: one for n, one in grouped_field_set.items() if n not in begun.answered}

        async def go_on() -> dict[str, Any]:
            found = dict(begun.answered)
            if begun.has_outcome:
                name = next(iter(left))
                found[name] = await self._shown(parent_type, name, left.pop(name), begun)
            others = carry_out(parent_type, source_value, path, left, position_context)
            if isinstance(others, Awaitable):
                others = await others
            return found | others

        return go_on()

    def _shown(
        self, parent_type: GraphQLObjectType, name: str, details: FieldDetailsList, begun: Begun
    ) -> Awaitable[Any]:
        """Show what a mutation came to, or why it failed."""
        definition = parent_type.fields[details[0].node.name.value]
        path = Path(None, name, parent_type.name)
        nodes = [one.node for one in details]
        info = self.build_resolve_info(definition, nodes, parent_type, path)
        return self.complete_awaitable_value(
            definition.type, details, info, path, begun.outcome(), None
        )

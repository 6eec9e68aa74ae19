"""Mutations carried out and answered by functions that are made once.

A mutation is asked as it is declared: its right, its quota and its refusals stand in the extensions
of its field, which are called in the order that Strawberry gives them. Below its payload everything
is read as in a query (``whole.py``).

The functions know no errors here either. But a mutation is never carried out twice: where one
fails, or its payload can't be shown, graphql-core is told what it came to, and goes on from there.
"""

from collections.abc import Mapping
from functools import partial
from typing import Any, TypeAlias

from graphql.execution.collect_fields import FieldDetailsList, collect_fields
from strawberry.schema.schema_converter import GraphQLCoreConverter

from app.resolvers.context import Context
from app.schema.asking import AskedField, Given, Run, asked_mutation
from app.schema.completion import CompilingExecutor
from app.schema.going_on import Begun
from app.schema.leaf_completion import NotPlain
from app.schema.root_spans import spanned
from app.schema.showing import ShowAwaited
from app.schema.whole import Maker

_Fields: TypeAlias = Mapping[str, FieldDetailsList]


class WholeMutation:
    """The mutations of an operation as functions, one after another."""

    def __init__(self, asked: list[AskedField], shown: Mapping[str, ShowAwaited]) -> None:
        self._asked = asked
        self._shown = shown

    async def answer(self, context: Context, given: Given, begun: Begun) -> dict[str, object]:
        """Return the data of the answer.

        Whatever this raises, graphql-core goes on from what is ``begun`` then.
        """
        run = Run(context, given)
        for field in self._asked:
            field.arguments(run)  # before anything is carried out: one that can't be read is none
        for name, show in self._shown.items():
            begun.answered[name] = await show(run, begun)
            begun.came_to = None
        return begun.answered


def whole_mutation(executor: CompilingExecutor, converter: GraphQLCoreConverter) -> WholeMutation:
    """Return the functions of mutations. Raise ``NotPlain`` where they can't be made."""
    root = executor.schema.mutation_type
    assert root is not None
    selected: _Fields = collect_fields(
        executor.schema, executor.fragments, executor.variable_values, root, executor.operation
    ).grouped_field_set
    maker = Maker(executor, converter)
    asked: list[AskedField] = []
    shown: dict[str, ShowAwaited] = {}
    for name, details in selected.items():
        field_name = details[0].node.name.value
        if field_name == "__typename":
            shown[name] = _named(root.name)
            continue
        definition = root.fields.get(field_name)
        if definition is None:
            raise NotPlain(field_name)
        field = asked_mutation(definition, details, executor.fragment_definitions, converter)
        below = maker.value(definition.type, details).coming
        shown[name] = spanned(field_name, _carried_out(field, below))
        asked.append(field)
    return WholeMutation(asked, shown)


def _named(typename: str) -> ShowAwaited:
    async def show(run: Run, begun: Begun) -> str:
        return typename

    return show


def _carried_out(asked: AskedField, below: ShowAwaited) -> ShowAwaited:
    """Return how a mutation is carried out and its payload shown."""

    async def act(source: object, info: object, **arguments: object) -> object:
        return await asked.carried_out(info, arguments)

    call: Any = act
    for extension in asked.declared.extensions:  # the last is entered first
        if extension.has_resolver:
            call = partial(extension.resolve_async, call)

    async def show(run: Run, begun: Begun) -> object:
        try:
            begun.came_to = await call(None, asked.info(run), **asked.arguments(run))
        except Exception as error:
            begun.failed = error
            raise
        return await below(run, begun.came_to)

    return show

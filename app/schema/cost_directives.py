"""How the schema says what its fields cost, after the draft of the GraphQL cost directives."""

import strawberry
from graphql import GraphQLSchema
from strawberry import UNSET
from strawberry.schema_directive import Location, StrawberrySchemaDirective
from strawberry.utils.str_converters import to_camel_case

from app.domain.costs import ROW
from app.resolvers.paging import DEFAULT_PAGE


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="cost",
    description="How many points a field costs; 1 unless told. A page costs it for each row.",
)
class Cost:
    weight: str = strawberry.field(description="A number of points.")


@strawberry.schema_directive(
    locations=[Location.FIELD_DEFINITION],
    name="listSize",
    description=(
        "How many elements a list counts as: what the first slicing argument that is given says "
        "(of a list of ids, its length), or the assumed size. With sizedFields it is theirs."
    ),
)
class ListSize:
    assumed_size: int = strawberry.field(description="Where no slicing argument is given.")
    slicing_arguments: list[str] | None = strawberry.field(
        default=UNSET, description="The arguments that say how many."
    )
    sized_fields: list[str] | None = strawberry.field(
        default=UNSET, description="The fields below that are the list."
    )
    require_one_slicing_argument: bool | None = strawberry.field(
        default=UNSET, description="False: the arguments may be left out."
    )


def describe_arguments(schema: GraphQLSchema) -> None:
    """Give the directives' arguments their descriptions, which Strawberry leaves out."""
    for directive in (Cost, ListSize):
        definition: StrawberrySchemaDirective = vars(directive)["__strawberry_directive__"]
        found = schema.get_directive(str(definition.graphql_name))
        assert found is not None, "the directive stands in the schema"
        for field in definition.fields:
            found.args[to_camel_case(field.python_name)].description = field.description


def costs(weight: int = 1, size: int | None = None, by: str | None = None) -> list[Cost | ListSize]:
    """Return the directives of a field: its weight, and how many it lists, ``by`` an argument."""
    directives: list[Cost | ListSize] = [Cost(weight=str(weight))] if weight != 1 else []
    if size is not None and by is None:
        directives.append(ListSize(assumed_size=size))
    elif size is not None and by is not None:
        directives.append(_sliced(size, [by]))
    return directives


def costs_of_page() -> list[Cost | ListSize]:
    """Return the directives of a connection: each row is read, whatever is selected of it."""
    return [Cost(weight=str(ROW)), _sliced(DEFAULT_PAGE, ["first", "last"], ["edges", "nodes"])]


def _sliced(size: int, by: list[str], fields: list[str] | None = UNSET) -> ListSize:
    return ListSize(
        assumed_size=size,
        slicing_arguments=by,
        sized_fields=fields,
        require_one_slicing_argument=False,
    )

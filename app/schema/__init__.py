"""What the world sees: types, inputs, operations with their rights, errors. Declarations."""

import strawberry
from strawberry.schema.config import StrawberryConfig

from app.schema.chinese import add_chinese_terms
from app.schema.cost_directives import describe_arguments
from app.schema.executing import Executing
from app.schema.kept_answers import KeptAnswers
from app.schema.manifests import DocumentRules, read_documents
from app.schema.mutations import Mutation
from app.schema.pipeline import Pipeline
from app.schema.queries import Query
from app.schema.root_spans import executor_class
from app.schema.scalars import SCALARS
from app.schema.subscriptions import Subscription


class GroupCodeSchema(strawberry.Schema):
    """The schema, whose operations go through the pipeline."""

    pipeline: Pipeline


def build_schema(
    rules: DocumentRules | None = None, *, compiled: bool = True, kept_bytes: int = 0
) -> GroupCodeSchema:
    """Build the schema. Raise ``ManifestError`` when its rules name an unusable manifest.

    ``compiled``: complete plain selections by functions of their own, not by graphql-core, and
    execute once the events that many are told alike. ``kept_bytes``: of answers that last.
    """
    schema = GroupCodeSchema(
        query=Query,
        mutation=Mutation,
        subscription=Subscription,
        config=StrawberryConfig(auto_camel_case=True, scalar_map=SCALARS),
    )
    # graphql-core's own schema: there is no public way to it.
    described = schema._schema
    describe_arguments(described)
    add_chinese_terms(described)
    executor = executor_class(compiled=compiled)
    rules = rules or DocumentRules()
    executing = Executing(
        described, schema.schema_converter, executor, suggestions=rules.suggestions
    )
    kept = KeptAnswers(described, kept_bytes)
    schema.pipeline = Pipeline(described, executing, *read_documents(described, rules), kept)
    return schema

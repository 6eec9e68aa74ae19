"""Operations answered both by graphql-core and by functions that are made once."""

import json
from dataclasses import dataclass, field
from typing import Any, Final

from app.domain.languages import Language
from app.resolvers.context import Context
from app.schema import GroupCodeSchema, build_schema
from app.schema.asked import Asked
from tests.support.in_process import env_of
from tests.support.person import Person

_ATTEMPTS: Final = 20  # to see one state of the data by both


@dataclass
class BothWays:
    """People who ask, by their roles, and the two schemas that answer."""

    people: dict[str, Person]
    reference: GroupCodeSchema = field(default_factory=lambda: build_schema(compiled=False))
    compiled: GroupCodeSchema = field(default_factory=build_schema)

    async def answers(self, role: str, query: str, **variables: object) -> tuple[str, str]:
        """Return what graphql-core answers, and what the functions do, at one state of the data."""
        person = self.people[role]
        for _ in range(_ATTEMPTS):
            before = await answer(self.reference, person, query, variables)
            found = await answer(self.compiled, person, query, variables)
            if found == before:
                return before, found
            after = await answer(self.reference, person, query, variables)
            if after == before:
                return before, found
        raise AssertionError(
            f"graphql-core never answers the same twice: {query}\n{before}\n{after}"
        )


async def answer(
    schema: GroupCodeSchema, person: Person, query: str, variables: dict[str, object]
) -> str:
    """Return an answer with its errors, as JSON."""
    language: Language = "en"
    context = Context(env_of(person.world), "127.0.0.1", language, person.token)
    result = await schema.pipeline.execute(Asked(query, dict(variables)), context)
    shown: dict[str, Any] = {"data": _without_cursors(result.data)}
    if result.errors:
        # Fields are resolved side by side: their errors come in no order.
        errors = [error.formatted for error in result.errors]
        shown["errors"] = sorted(errors, key=lambda error: str(error.get("path")))
    return json.dumps(shown, ensure_ascii=False)


def _without_cursors(shown: object, name: str = "") -> object:
    """Return an answer without what its cursors say: those by a name are encrypted each time."""
    if isinstance(shown, dict):
        return {key: _without_cursors(value, key) for key, value in shown.items()}
    if isinstance(shown, list):
        return [_without_cursors(value) for value in shown]
    return "a cursor" if shown and name.lower().endswith("cursor") else shown

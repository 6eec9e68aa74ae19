"""The family registry."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.faults import Faults
from app.sandbox.reading import (
    Person,
    as_objects,
    flag,
    json_body,
    json_object,
    person_in,
    text,
)


class FamilyRegistry:
    """Answers a person's relatives: none, until a tester registers some."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._relatives: dict[Person, list[dict[str, Any]]] = {}

    async def query(self, request: Request) -> Response:
        """Answer the relatives of one person."""
        await self._faults.meet("family")
        person = person_in(await json_object(request))
        return JSONResponse({"relatives": self._relatives.get(person, [])})

    async def put(self, request: Request) -> Response:
        """Take the list of a person's relatives; each is verified unless it says otherwise."""
        person = person_in(request.path_params)
        relatives = [_relative(body) for body in as_objects(await json_body(request), "the body")]
        self._relatives[person] = relatives
        return JSONResponse({"relatives": relatives})


def _relative(body: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": text(body, "name"),
        **person_in(body)._asdict(),
        "relation": text(body, "relation", "OTHER"),
        "verified": flag(body, "verified", True),
        "student": flag(body, "student", False),
    }

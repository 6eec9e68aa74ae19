"""The family registry."""

from pydantic import RootModel
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.domain.identity import Document
from app.sandbox.faults import Faults
from app.sandbox.names import Names
from app.sandbox.reading import (
    Body,
    Flag,
    IdType,
    Person,
    Text,
    document_of,
    read_body,
    read_person,
)


class Relative(Body):
    """An entry of someone's family list; verified unless it says otherwise."""

    name: Text
    id_type: IdType
    id_number: Text
    relation: Text = "OTHER"
    verified: Flag = True
    student: Flag = False


class Relatives(RootModel[list[Relative]]):
    """A person's whole family list."""


class FamilyRegistry:
    """Keeps the relatives of people: none, until a tester registers some."""

    def __init__(self, faults: Faults, names: Names) -> None:
        self._faults = faults
        self._names = names
        self._relatives: dict[Document, Relatives] = {}

    async def query(self, request: Request) -> Response:
        """Return the relatives of one person."""
        await self._faults.meet("family")
        person = await read_body(Person, request)
        relatives = self._relatives.get(person.document, Relatives([]))
        return JSONResponse({"relatives": relatives.model_dump()})

    async def put(self, request: Request) -> Response:
        """Take the list of a person's relatives in place of the one before."""
        person = read_person(request)
        relatives = self._relatives[person.document] = await read_body(Relatives, request)
        for relative in relatives.root:
            self._names.note(document_of(relative.id_type, relative.id_number), relative.name)
        return JSONResponse({"relatives": relatives.model_dump()})

"""The health records provider."""

from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.domain.identity import Document, mask_id_number
from app.sandbox.clock import SandboxClock
from app.sandbox.faults import Faults
from app.sandbox.names import Names
from app.sandbox.reading import Body, Person, Text, read, read_body, read_json, read_person, refusal
from app.sandbox.records import Record, RecordBody, completed_record, plausible_record

_MOST_PEOPLE: Final = 100


class People(Body):
    """Whose records are asked for."""

    people: list[Person]


class ShownPerson(Body):
    """A person as the API shows them, their number masked."""

    name: Text
    id_number_masked: Text


class HealthProvider:
    """Keeps the records that testers set, and returns them."""

    def __init__(self, clock: SandboxClock, faults: Faults, names: Names) -> None:
        self._clock = clock
        self._names = names
        self._faults = faults
        # None: someone the provider has never heard of.
        self._records: dict[Document, Record | None] = {}

    async def query(self, request: Request) -> Response:
        """Return the records of up to 100 people, those unknown left out; 400 for more."""
        fault = await self._faults.meet("health")
        people = (await read_body(People, request)).people
        if len(people) > _MOST_PEOPLE:
            raise refusal(f"at most {_MOST_PEOPLE} people can be asked about at once")
        found = [self._record(person) for person in people]
        records = [record for record in found if record is not None]
        records = records[fault.drop :]
        spoiled = {"id_number": None, "health_code": "MAUVE"}
        garbage = [{**record, **spoiled} for record in records[: fault.malformed]]
        return JSONResponse({"records": [*garbage, *records[fault.malformed :]]})

    async def put(self, request: Request) -> Response:
        """Take what the provider answers about a person from now on; null makes them unknown."""
        person = read_person(request)
        value = await read_json(request)
        if value is None:
            self._records[person.document] = None
            return JSONResponse(None)
        if isinstance(value, dict):
            value = person.model_dump() | value
        body = read(RecordBody, value, "a record")
        if person.document != body.document:
            raise refusal("the body is about somebody else than the path")
        record = self._records[person.document] = completed_record(body, self._clock.now())
        return JSONResponse(record)

    async def put_shown(self, request: Request) -> Response:
        """Change the record of somebody named as the API shows them, among those ever asked about.

        What the body leaves out stays; a code without its time is as of now. 404 when it fits
        nobody, 409 when it fits several. The answer holds no number in full.
        """
        value = await read_json(request)
        shown = read(ShownPerson, value)
        document = self._find(shown)
        assert isinstance(value, dict)  # or it would have been no shown person
        own = {"id_type": document.id_type, "id_number": document.id_number}
        now = {"health_code_at": None} if "health_code" in value else {}
        body = read(RecordBody, {**(self._records[document] or {}), **now, **value, **own})
        record = self._records[document] = completed_record(body, self._clock.now())
        public = {name: part for name, part in record.items() if name not in own}
        return JSONResponse({**shown.model_dump(), **public})

    def _find(self, shown: ShownPerson) -> Document:
        fitting = [
            document
            for document in self._records
            if mask_id_number(document.id_number) == shown.id_number_masked
            and self._names.may_be(document, shown.name)
        ]
        if not fitting:
            raise refusal("nobody of this name and number was ever asked about", 404)
        if len(fitting) > 1:
            raise refusal("several people fit: set the record by the number in full", 409)
        return fitting[0]

    def _record(self, person: Person) -> Record | None:
        known = person.document
        if known not in self._records:
            self._records[known] = plausible_record(person, self._clock.now())
        return self._records[known]

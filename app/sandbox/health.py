"""The health records provider."""

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from app.sandbox.clock import SandboxClock
from app.sandbox.faults import Faults
from app.sandbox.reading import (
    Person,
    as_object,
    as_objects,
    json_body,
    json_object,
    person_in,
    refusal,
)
from app.sandbox.records import Record, completed_record, plausible_record

MOST_PEOPLE = 100


class HealthProvider:
    """Answers what it knows about people, and takes from testers what it is to know."""

    def __init__(self, clock: SandboxClock, faults: Faults) -> None:
        self._clock = clock
        self._faults = faults
        # None: someone the provider has never heard of.
        self._records: dict[Person, Record | None] = {}

    async def query(self, request: Request) -> Response:
        """Answer the records of up to 100 people, those unknown left out; 400 for more."""
        fault = await self._faults.meet("health")
        people = as_objects((await json_object(request)).get("people"), "people")
        if len(people) > MOST_PEOPLE:
            raise refusal(f"at most {MOST_PEOPLE} people can be asked about at once")
        found = [self._record(person_in(person)) for person in people]
        records = [record for record in found if record is not None]
        records = records[fault.drop :]
        garbage = [{**record, "health_code": "MAUVE"} for record in records[: fault.malformed]]
        return JSONResponse({"records": garbage + records[fault.malformed :]})

    async def put(self, request: Request) -> Response:
        """Take what the provider answers about a person from now on; null makes them unknown."""
        person = person_in(request.path_params)
        body = await json_body(request)
        if body is None:
            self._records[person] = None
            return JSONResponse(None)
        body = as_object(body, "a record")
        if person != person_in({**person._asdict(), **body}):
            raise refusal("the body is about somebody else than the path")
        record = completed_record(person, body, self._clock.now())
        self._records[person] = record
        return JSONResponse(record)

    def _record(self, person: Person) -> Record | None:
        if person not in self._records:
            self._records[person] = plausible_record(person, self._clock.now())
        return self._records[person]

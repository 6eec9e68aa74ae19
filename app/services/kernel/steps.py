"""Requests with an idempotency key: each mutation of one is a step, which is done once.

What a step returned is written in the very transaction that does it. So whether it was done is
decided where it is done: no process can die between the two, and of two that do the same step
at once, one commits.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import TypeVar, get_type_hints
from uuid import UUID

from pydantic import TypeAdapter
from pydantic_core import to_jsonable_python

from app.domain.refusals import KeyReused
from app.models.keyed_requests import (
    KeyedRequest,
    KnownRequest,
    find_request,
    lock_request,
    write_request,
)

T = TypeVar("T")


class AlreadyDone(Exception):
    """The step was done meanwhile, by the same request sent twice; nothing was done now."""


@dataclass(slots=True)
class Keyed:
    """One request with a key: what of it is known to be done, and its answer if that was kept."""

    id: UUID
    session_id: UUID
    fingerprint: str
    steps: dict[str, object] = field(default_factory=dict)
    answer: dict[str, object] | None = None

    async def look(self) -> None:
        """Read what was done of it so far. Raise ``KeyReused`` when the key is another's."""
        known = await find_request(self.id)
        if known is not None:
            self.take(known)

    def take(self, known: KnownRequest | KeyedRequest) -> None:
        """Take over what is on record. Raise ``KeyReused`` when it is another request's."""
        if known.fingerprint != self.fingerprint:
            raise KeyReused
        self.steps, self.answer = known.steps, known.answer


@dataclass(slots=True)
class Step:
    """One mutation of a request, by the name it is answered under."""

    request: Keyed
    name: str
    concluded: bool = False

    @property
    def is_done(self) -> bool:
        """Whether it is known to be done."""
        return self.name in self.request.steps

    async def conclude(self, result: object, now: datetime) -> None:
        """Write what the step returns, as the last act of the transaction that does it.

        Raise ``AlreadyDone`` when another transaction did it, ``KeyReused`` when the key was
        taken by another request meanwhile.
        """
        assert not self.concluded, "one transaction does a step; others are on the way to it"
        request, done = self.request, {self.name: to_jsonable_python(result)}
        if await write_request(request.id, request.session_id, request.fingerprint, done, now):
            return
        row = await lock_request(request.id)
        request.take(row)
        if self.is_done:
            raise AlreadyDone
        await KeyedRequest.filter(id=row.id).update(steps=row.steps | done)

    def committed(self, result: object) -> None:
        """Note that the transaction which concluded the step is committed."""
        self.concluded = True
        self.request.steps[self.name] = to_jsonable_python(result)

    def result_of(self, service: Callable[..., object]) -> object:
        """Return what the step returned, as the use case that does it returns it."""
        return _reader(service).validate_python(self.request.steps[self.name])


@cache  # each takes long to make
def _reader(service: Callable[..., object]) -> TypeAdapter[object]:
    return TypeAdapter(get_type_hints(service)["return"])

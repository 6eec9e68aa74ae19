"""What every route of the sandbox reads: bodies, people, texts, times.

Bodies are pydantic models. Whatever can't be read is refused with 400 and a sentence about the
first fault found, which helps whoever typed it.
"""

import json
from datetime import UTC, datetime
from typing import Annotated, Final, Literal, TypeVar, get_args

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainValidator,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)
from starlette.exceptions import HTTPException
from starlette.requests import Request

from app.domain.identity import Document
from app.domain.identity import IdType as DocumentType

# What pydantic calls the faults that have no sentence of their own here.
_SHAPES: Final = {
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "list_type": "must be a list",
    "tuple_type": "must be a list",
}


def refusal(sentence: str, status: int = 400) -> HTTPException:
    """Return the answer to a request that can't be served, to be raised."""
    return HTTPException(status, sentence)


def says(sentence: str) -> WrapValidator:
    """Refuse whatever the type refuses, and null, by one sentence without its subject."""

    def check(value: object, handler: ValidatorFunctionWrapHandler) -> object:
        if value is not None:
            try:
                return handler(value)
            except ValidationError:
                pass
        raise ValueError(sentence)

    return WrapValidator(check)


def says_one_of(choices: object) -> WrapValidator:
    """Refuse whatever isn't one of a ``Literal``'s values by a sentence that lists them."""
    return says(f"must be one of {', '.join(get_args(choices))}")


def _timestamp(value: object) -> datetime:
    try:
        at = datetime.fromisoformat(value) if isinstance(value, str) else None
        if at is not None and at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise ValueError("must be a time with its zone, like 2022-09-01T08:00:00Z")


_IdType = Literal[
    "RESIDENT_ID", "HK_MACAO_PERMIT", "TAIWAN_PERMIT", "PASSPORT", "FOREIGN_RESIDENT_CARD"
]
IdType = Annotated[_IdType, says_one_of(_IdType)]
Text = Annotated[str, Field(strict=True, min_length=1), says("must be a text that is not empty")]
Flag = Annotated[bool, Field(strict=True), says("must be true or false")]
Timestamp = Annotated[datetime, PlainValidator(_timestamp)]


class Body(BaseModel):
    """What a request brings: what it may leave out has a default, what isn't known is ignored."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _read_missing_as_null(cls, value: object) -> object:
        # So that what is missing is refused by its type's sentence, too.
        if not isinstance(value, dict):
            return value
        required = (name for name, field in cls.model_fields.items() if field.is_required())
        return dict.fromkeys(required) | value


class Person(Body):
    """A person as the outside systems know them, their document as it was written."""

    id_type: IdType
    id_number: Text

    @property
    def document(self) -> Document:
        """By what the person is known, however their document was written."""
        return document_of(self.id_type, self.id_number)


def document_of(id_type: str, id_number: str) -> Document:
    """Return the document of a type and number that were read."""
    return Document(DocumentType(id_type), id_number)


Read = TypeVar("Read", bound=BaseModel)


async def read_json(request: Request) -> object:
    """Return the body; 400 unless it is JSON."""
    try:
        body: object = await request.json()
        # NaN and half a surrogate pair can be read but never answered.
        json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
    except (ValueError, RecursionError):
        raise refusal("the body is not JSON") from None
    return body


async def read_body(model: type[Read], request: Request) -> Read:
    """Return the body as ``model`` has it; 400 unless it is like that."""
    return read(model, await read_json(request))


def read_person(request: Request) -> Person:
    """Return the person whom the path names; 400 when it names none."""
    return read(Person, request.path_params)


def read(model: type[Read], value: object, subject: str = "the body") -> Read:
    """Return a value as ``model`` has it; 400 unless it is like that."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
    at = problem["loc"]
    if at and isinstance(at[-1], int):
        subject = f"each of {at[-2] if len(at) > 1 else subject}"
    elif at:
        subject = str(at[-1])
    fault = _SHAPES.get(problem["type"], problem["msg"].removeprefix("Value error, "))
    raise refusal(f"{subject} {fault}")

"""How the columns of a statement's rows are read: a converter for each, found once."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any, Final, Literal, TypeAlias, cast
from uuid import UUID

from tortoise import Model
from tortoise.fields import DatetimeField, Field, JSONField, UUIDField
from tortoise.fields.data import CharEnumFieldInstance
from tortoise.fields.relational import RelationalField

from app.domain.displays import display_of
from app.models.fields import EncryptedText

Values: TypeAlias = dict[str, Any]  # a row's columns by attribute: it never leaves its file
Column: TypeAlias = Sequence[Any]  # of one attribute the values of all rows
Record: TypeAlias = Sequence[object]
Dialect: TypeAlias = Literal["sqlite", "postgres"]
_Convert: TypeAlias = Callable[[Any], object]

SHAPES_KEPT: Final = 500
# ``tests__unless__newest_result``: the tests of whose record has no newest result, None of others.
UNLESS: Final = "__unless__"


@dataclass(frozen=True, slots=True)
class Reading:
    """How a column is read.

    ``opened`` returns what is as good as any value: it decrypts. What of it a key, time, enum or
    JSON is still differs by the database: ``convert`` makes a value of each. None: it is as wanted.
    """

    opened: Callable[[Column], Column] | None = None
    convert: _Convert | None = None

    def value(self, stored: Any) -> Any:
        """Return one value."""
        if self.opened is not None:
            [stored] = self.opened([stored])
        return stored if self.convert is None else self.convert(stored)

    @property
    def by_value(self) -> _Convert | None:
        """What returns one value; None where that is as wanted."""
        return self.convert if self.opened is None else self.value


# What takes some attributes' values of a record, what makes a row of them, and what reads those
# that aren't as wanted.
_Choice: TypeAlias = tuple[
    Callable[[Record], tuple[object, ...]], Callable[..., Values], Sequence[tuple[str, _Convert]]
]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where in a record each attribute is, and how its column is read."""

    places: Mapping[str, int]
    readings: Sequence[Reading]
    _chosen: dict[tuple[str, ...], _Choice] = field(default_factory=dict)

    def values(self, records: Sequence[Record], attributes: tuple[str, ...] = ()) -> list[Values]:
        """Return rows as plain values, of these attributes or of all."""
        choice = self._chosen.get(attributes)
        if choice is None:
            choice = self._chosen[attributes] = self._choice(attributes or tuple(self.places))
        take, make, converted = choice
        rows = [make(*take(record)) for record in records]
        for name, read in converted:
            for row in rows:
                stored = row[name]
                if stored is not None:
                    row[name] = read(stored)
        return rows

    def _choice(self, names: tuple[str, ...]) -> _Choice:
        places = [self.places[name] for name in names]
        of_these = [(name, self.readings[place]) for name, place in zip(names, places, strict=True)]
        converted = [(name, one.by_value) for name, one in of_these if one.by_value is not None]
        if len(places) == 1:
            return lambda record: (record[places[0]],), display_of(names), converted
        return itemgetter(*places), display_of(names), converted


def distinct(columns: Mapping[str, str]) -> dict[str, str]:
    """Return the paths, each with the first attribute that has it, in the order of a statement."""
    found: dict[str, str] = {}
    # A statement has what is worked out behind what is read.
    for attribute, path in sorted(columns.items(), key=lambda column: UNLESS in column[1]):
        found.setdefault(path, attribute)
    return found


@lru_cache(SHAPES_KEPT)
def layout_of(model: type[Model], columns: tuple[tuple[str, str], ...], dialect: Dialect) -> Layout:
    """Return the layout of the rows of a model's query: each attribute with its column's path."""
    paths = list(distinct(dict(columns)))
    readings = [_reading(model, path, dialect) for path in paths]
    return Layout(
        {attribute: paths.index(path) for attribute, path in columns},
        readings,
    )


def _reading(model: type[Model], path: str, dialect: Dialect) -> Reading:
    """Return how a column is read, so that its values are exactly as its field would have them."""
    owner, field = _field_at(model, path.partition(UNLESS)[0])
    if isinstance(field, EncryptedText):
        return Reading(opened=field.decrypts_column())
    if isinstance(field, CharEnumFieldInstance):
        members: dict[str | None, object] = {one.value: one for one in field.enum_type}
        return Reading(convert=(members | {None: None}).__getitem__)
    if isinstance(field, DatetimeField | UUIDField):
        read = _moment if isinstance(field, DatetimeField) else _key
        return Reading(convert=None if dialect == "postgres" else read)
    if isinstance(field, JSONField):
        return Reading(convert=field.to_python_value)
    if any(field is native for _, _, native in owner._meta.db_native_fields):
        return Reading()
    to_python = field.to_python_value
    return Reading(opened=lambda column: list(map(to_python, column)))


def _field_at(model: type[Model], path: str) -> tuple[type[Model], Field[Any]]:
    name, _, further = path.partition("__")
    field = model._meta.fields_map[name]
    if not further:
        return model, field
    return _field_at(cast("RelationalField[Model]", field).related_model, further)


def _moment(written: str | None) -> datetime | None:
    return None if written is None else datetime.fromisoformat(written).astimezone(UTC)


def _key(written: str | None) -> UUID | None:
    return None if written is None else UUID(written)

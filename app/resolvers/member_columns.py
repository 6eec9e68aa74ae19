"""Members as columns: what a row says of one member, said of hundreds at once.

What is worked out of a column is worked out by the same functions as of a row (`member_row.py`).
What isn't here is read off the rows, which are made when they are asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import compress, repeat
from operator import methodcaller
from typing import Any, ClassVar, Final, overload

import orjson

from app.domain.identity import mask_id_number
from app.models.details import StoredTest, latest_of
from app.models.reading import Column, Table
from app.resolvers.ids import encode_ids
from app.resolvers.member_row import MemberRow, shown_code, shown_doses
from app.resolvers.rows import ReadColumn
from app.resolvers.sharing import is_health


def _read(attribute: str) -> ReadColumn:
    """Return what reads a column that is shown as it is."""
    return methodcaller("column", attribute)


def _each_once(work_out: Callable[[Any], object], column: Iterable[Any]) -> Column:
    """Return what is worked out of each value, once for all that are equal."""
    values = list(column)
    found = {value: work_out(value) for value in set(values)}
    return [found[value] for value in values]


class MemberColumns(Sequence[MemberRow]):
    """Members, as rows and as columns; of whom consent is withdrawn without all health (R42)."""

    typename: ClassVar[str] = "Member"
    present: Sequence[bool] | None = None

    def __init__(self, table: Table) -> None:
        self._table = table

    @cached_property
    def _rows(self) -> list[MemberRow]:
        return list(map(MemberRow, self._table.values()))

    @cached_property
    def _withheld(self) -> Sequence[bool]:
        """Of whom consent is withdrawn; empty where it is of nobody, as in most groups."""
        if "withheld_at" not in self._table:
            return ()
        withheld = [at is not None for at in self._table.column("withheld_at")]
        return withheld if any(withheld) else ()

    def column(self, attribute: str) -> Column:
        """Return the column of one of the attributes that were read, as ``Table.column`` does."""
        column = self._table.column(attribute)
        if not self._withheld or not is_health(attribute):
            return column
        of_all = zip(column, self._withheld, strict=True)
        return [None if withheld else value for value, withheld in of_all]

    def codes(self) -> Column:
        """Return what is shown of each one's health code."""
        withheld = self._withheld or repeat(False)
        of_all = zip(self.column("record_code"), withheld, strict=False)
        return _each_once(lambda one: shown_code(one[0], withheld=one[1]), of_all)

    def persons(self) -> "_PersonColumns":
        """Return who they are."""
        return _PersonColumns(self)

    def __len__(self) -> int:
        return len(self._table)

    @overload
    def __getitem__(self, place: int) -> MemberRow: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[MemberRow]: ...
    def __getitem__(self, place: int | slice) -> MemberRow | Sequence[MemberRow]:
        return self._rows[place]

    fields: ClassVar[Mapping[str, ReadColumn]] = {
        "id": lambda own: encode_ids("Member", own.column("id")),
        "person": lambda own: own.persons(),
        "phone": _read("phone"),
        "remark": _read("remark"),
        "role": _read("role"),
        "joined_at": _read("joined_at"),
        "enrolled_by": lambda own: _GuardianColumns(own, own.column("enroller_name")),
        "health_code": lambda own: own.codes(),
        "health_code_at": _read("health_code_at"),
        "latest_test": lambda own: _TestColumns(map(latest_of, own.column("stored_tests"))),
        "doses": lambda own: list(map(shown_doses, own.column("record_doses"))),
        "anomaly": lambda own: _AnomalyColumns(own, own.column("anomaly_id")),
        "as_of": _read("as_of"),
    }


class _Belonging:
    """What belongs to each of the members whose ``decisive`` column isn't None; to all without."""

    def __init__(self, members: MemberColumns, decisive: Column | None = None) -> None:
        self._members = members
        self.present: Sequence[bool] | None = None
        if decisive is not None:
            self.present = [value is not None for value in decisive]

    def __len__(self) -> int:
        return len(self._members) if self.present is None else sum(self.present)

    def column(self, attribute: str) -> Column:
        """Return one of the members' columns, of those to whom something belongs."""
        column = self._members.column(attribute)
        return column if self.present is None else list(compress(column, self.present))


class _PersonColumns(_Belonging):
    typename: ClassVar[str] = "Person"
    fields: ClassVar[Mapping[str, ReadColumn]] = {
        "name": _read("name"),
        "id_number_masked": lambda own: list(map(mask_id_number, own.column("id_number"))),
        "student": _read("student"),
    }


class _GuardianColumns(_Belonging):
    typename: ClassVar[str] = "Guardian"
    fields: ClassVar[Mapping[str, ReadColumn]] = {"name": _read("enroller_name")}


class _AnomalyColumns(_Belonging):
    typename: ClassVar[str] = "Anomaly"
    fields: ClassVar[Mapping[str, ReadColumn]] = {
        "id": lambda own: encode_ids("Anomaly", own.column("anomaly_id")),
        "reasons": lambda own: _each_once(orjson.loads, own.column("reasons")),
        "opened_at": _read("opened_at"),
        "next_change_at": _read("next_change_at"),
    }


class _TestColumns:
    """A test of each, or None."""

    typename: ClassVar[str] = "NucleicAcidTest"

    def __init__(self, tests: Iterable[StoredTest | None]) -> None:
        of_all = list(tests)
        self.present: Sequence[bool] | None = [test is not None for test in of_all]
        self._tests = [test for test in of_all if test is not None]

    def __len__(self) -> int:
        return len(self._tests)

    def result(self) -> Column:
        """Return the results."""
        return [test["result"] for test in self._tests]

    def sampled_at(self) -> Column:
        """Return when the samples were taken."""
        return [test["sampled_at"] for test in self._tests]

    def tested_at(self) -> Column:
        """Return when the results came."""
        return [test["tested_at"] for test in self._tests]

    def institution(self) -> Column:
        """Return who tested."""
        return [test["institution"] for test in self._tests]

    fields: ClassVar[Mapping[str, ReadColumn]] = {
        "result": result,
        "sampled_at": sampled_at,
        "tested_at": tested_at,
        "institution": institution,
    }


# By the name of its type in the schema, what each kind of columns has.
COLUMN_FIELDS: Final[Mapping[str, Mapping[str, ReadColumn]]] = {
    kind.typename: kind.fields
    for kind in (MemberColumns, _PersonColumns, _GuardianColumns, _AnomalyColumns, _TestColumns)
}

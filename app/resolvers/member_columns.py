"""Members as columns: what a row says of one member, said of hundreds at once.

What is worked out of a column is worked out by the same functions as of a row (`member_row.py`).
What isn't here is read off the rows, which are made when they are asked for.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import compress
from operator import methodcaller
from typing import Any, ClassVar, Final, overload

import orjson

from app.domain.identity import mask_id_numbers
from app.models.columns import Column
from app.models.details import StoredTest, latest_of
from app.models.reading import Table
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
        return self._shown(attribute, self._table.column(attribute), self._withheld)

    def column_of(self, attribute: str, wanted: Sequence[bool]) -> Column:
        """Return the column of those of the members that are ``wanted``."""
        column = self._table.column_of(attribute, wanted)
        return self._shown(attribute, column, list(compress(self._withheld, wanted)))

    def _shown(self, attribute: str, column: Column, withheld: Sequence[bool]) -> Column:
        if not withheld or not is_health(attribute):
            return column
        of_all = zip(column, withheld, strict=True)
        return [None if withheld else value for value, withheld in of_all]

    def codes(self) -> Column:
        """Return what is shown of each one's health code."""
        codes = self.column("record_code")
        if not self._withheld:
            return _each_once(lambda code: shown_code(code, withheld=False), codes)
        of_all = zip(codes, self._withheld, strict=True)
        return _each_once(lambda one: shown_code(one[0], withheld=one[1]), of_all)

    def persons(self) -> "_PersonColumns":
        """Return who they are."""
        return _PersonColumns(self)

    def latest_tests(self) -> "_TestColumns":
        """Return the latest test of each."""
        return _TestColumns(self)

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
        "section": lambda own: _SectionColumns(own, own.column("section_id")),
        "health_code": lambda own: own.codes(),
        "health_code_at": _read("health_code_at"),
        "latest_test": lambda own: own.latest_tests(),
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
        if self.present is None:
            return self._members.column(attribute)
        return list(compress(self._members.column(attribute), self.present))


class _PersonColumns(_Belonging):
    typename: ClassVar[str] = "Person"
    fields: ClassVar[Mapping[str, ReadColumn]] = {
        "name": _read("name"),
        "id_number_masked": lambda own: mask_id_numbers(own.column("id_number")),
        "student": _read("student"),
    }


class _GuardianColumns(_Belonging):
    typename: ClassVar[str] = "Guardian"
    fields: ClassVar[Mapping[str, ReadColumn]] = {"name": _read("enroller_name")}


class _SectionColumns(_Belonging):
    typename: ClassVar[str] = "Section"
    fields: ClassVar[Mapping[str, ReadColumn]] = {
        "id": lambda own: encode_ids("Section", own.column("section_id")),
        "name": _read("section_name"),
    }


class _AnomalyColumns(_Belonging):
    typename: ClassVar[str] = "Anomaly"
    fields: ClassVar[Mapping[str, ReadColumn]] = {
        "id": lambda own: encode_ids("Anomaly", own.column("anomaly_id")),
        "reasons": lambda own: _each_once(orjson.loads, own.column("reasons")),
        "opened_at": _read("opened_at"),
        "next_change_at": _read("next_change_at"),
    }


class _TestColumns:
    """The latest test of each member, where there is one.

    One with a result is that by which is judged: its result and time stand beside the encrypted
    tests (R20). So to show these, tests are read only of who has none with a result.
    """

    typename: ClassVar[str] = "NucleicAcidTest"

    def __init__(self, members: MemberColumns) -> None:
        self._members = members
        results = list(members.column("newest_result"))
        times = list(members.column("newest_result_at"))
        without = [result is None for result in results]
        places = compress(range(len(results)), without)
        for place, stored in zip(places, members.column_of("pending_tests", without), strict=True):
            if (test := latest_of(stored)) is not None:
                results[place], times[place] = test["result"], test["tested_at"]
        self.present: Sequence[bool] | None = [result is not None for result in results]
        self._results = list(compress(results, self.present))
        self._times = list(compress(times, self.present))

    def __len__(self) -> int:
        return len(self._results)

    @cached_property
    def _tests(self) -> list[StoredTest]:
        latest = map(latest_of, self._members.column("stored_tests"))
        return [test for test in latest if test is not None]

    def results(self) -> Column:
        """Return the results."""
        return self._results

    def tested_at(self) -> Column:
        """Return when the results came."""
        return self._times

    def sampled_at(self) -> Column:
        """Return when the samples were taken."""
        return [test["sampled_at"] for test in self._tests]

    def institutions(self) -> Column:
        """Return who tested."""
        return [test["institution"] for test in self._tests]

    fields: ClassVar[Mapping[str, ReadColumn]] = {
        "result": results,
        "sampled_at": sampled_at,
        "tested_at": tested_at,
        "institution": institutions,
    }


# By the name of its type in the schema, what each kind of columns has.
COLUMN_FIELDS: Final[Mapping[str, Mapping[str, ReadColumn]]] = {
    kind.typename: kind.fields
    for kind in (
        MemberColumns,
        _PersonColumns,
        _GuardianColumns,
        _SectionColumns,
        _AnomalyColumns,
        _TestColumns,
    )
}

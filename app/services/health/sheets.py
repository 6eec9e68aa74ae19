"""A report of one day as a spreadsheet, XLSX or CSV (R37).

Names and remarks are what anybody entered: opened in a spreadsheet, none may run as a formula.
"""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Final
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from app.domain.health import HealthCode, TestResult
from app.domain.languages import Language

_HEADERS: Final[Mapping[Language, tuple[str, ...]]] = {
    "zh": ("姓名", "备注", "健康码", "核酸结果", "检测时间", "疫苗剂次", "分组"),
    "en": (
        "Name",
        "Remark",
        "Health code",
        "Test result",
        "Tested at",
        "Vaccine doses",
        "Section",
    ),
}
_CODES: Final[Mapping[Language, Mapping[HealthCode, str]]] = {
    "zh": {
        HealthCode.GREEN: "绿码",
        HealthCode.YELLOW: "黄码",
        HealthCode.RED: "红码",
        HealthCode.UNKNOWN: "未知",
        HealthCode.WITHHELD: "未授权",
    },
    "en": {
        HealthCode.GREEN: "Green",
        HealthCode.YELLOW: "Yellow",
        HealthCode.RED: "Red",
        HealthCode.UNKNOWN: "Unknown",
        HealthCode.WITHHELD: "Withheld",
    },
}
_RESULTS: Final[Mapping[Language, Mapping[TestResult, str]]] = {
    "zh": {
        TestResult.NEGATIVE: "阴性",
        TestResult.POSITIVE: "阳性",
        TestResult.PENDING: "检测中",
    },
    "en": {
        TestResult.NEGATIVE: "Negative",
        TestResult.POSITIVE: "Positive",
        TestResult.PENDING: "Pending",
    },
}

# Fill and font: dark enough on light to be read in print.
_COLOURS: Final[Mapping[HealthCode, tuple[str, str]]] = {
    HealthCode.GREEN: ("#C6EFCE", "#006100"),
    HealthCode.YELLOW: ("#FFEB9C", "#7F4F00"),
    HealthCode.RED: ("#FFC7CE", "#9C0006"),
    HealthCode.UNKNOWN: ("#D9D9D9", "#404040"),
    HealthCode.WITHHELD: ("#FFFFFF", "#404040"),
}
_NARROWEST, _WIDEST, _MARGIN = 8, 40, 4  # in characters; the margin holds the filter's button
_FIRST_YEAR: Final = 1900  # of the dates that a workbook knows
_SHEET_NAME_UNITS: Final = 31
_MADE_AT: Final = datetime(2000, 1, 1, tzinfo=UTC)  # a file depends on its rows alone

_TEXT: Final = {"num_format": "@"}  # stays text even when somebody edits the cell
_UNWRITABLE: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
# Where the list separator isn't a comma, a `;`, a tab or a line break inside begins a cell too.
_CELL_BEGINS: Final = re.compile(r"^|(?<=[;\t\n])")


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A member on the day: ``result`` is the newest test's; ``tested_at`` is aware, in UTC."""

    name: str
    remark: str
    health_code: HealthCode
    result: TestResult | None
    tested_at: datetime | None
    doses: int
    section: str = ""


@dataclass(frozen=True, slots=True)
class _Cells:
    """A row as it is read: words in the language, the time in the zone; a text before 1900."""

    name: str
    remark: str
    code: str
    result: str
    tested_at: datetime | str
    doses: int
    section: str


def render_xlsx(
    rows: Sequence[ReportRow], *, title: str, timezone: ZoneInfo, language: Language
) -> bytes:
    """Return the report as an XLSX workbook of one sheet, named after ``title`` (R37).

    Texts are written as texts, unchanged but for characters that no workbook can hold; times
    are dates in ``timezone``, before 1900 texts. The same rows make the same bytes.
    """
    cells = [_read(row, timezone, language) for row in rows]
    file = BytesIO()
    with Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"created": _MADE_AT})
        sheet = book.add_worksheet(_sheet_name(title))
        _write_header(book, sheet, cells, _HEADERS[language])
        _write_rows(book, sheet, rows, cells)
    return file.getvalue()


def render_csv(rows: Sequence[ReportRow], *, timezone: ZoneInfo, language: Language) -> bytes:
    """Return the report as CSV: UTF-8 with a byte order mark, lines ended by CRLF (R37).

    A text that a spreadsheet would run as a formula gets an apostrophe before it. Times are
    ``2022-09-01 08:00`` in ``timezone``.
    """
    file = StringIO(newline="")
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(_HEADERS[language])
    for row in rows:
        cells = _read(row, timezone, language)
        at = cells.tested_at if isinstance(cells.tested_at, str) else _written(cells.tested_at)
        name, remark, section = map(_defuse, (cells.name, cells.remark, cells.section))
        writer.writerow([name, remark, cells.code, cells.result, at, cells.doses, section])
    return file.getvalue().encode("utf-8-sig")


def _read(row: ReportRow, timezone: ZoneInfo, language: Language) -> _Cells:
    return _Cells(
        name=_writable(row.name),
        remark=_writable(row.remark),
        code=_CODES[language][row.health_code],
        result=_RESULTS[language][row.result] if row.result else "",
        tested_at=_in_zone(row.tested_at, timezone) if row.tested_at else "",
        doses=row.doses,
        section=_writable(row.section),
    )


def _in_zone(at: datetime, timezone: ZoneInfo) -> datetime | str:
    """Return a time as a clock of the zone shows it; as a text where a workbook has no dates."""
    try:
        local = at.astimezone(timezone)
    except OverflowError:  # the first day there is, or the last: as it is in UTC
        local = at
    local = local.replace(tzinfo=None, microsecond=0)
    return local if local.year >= _FIRST_YEAR else _written(local)


def _written(at: datetime) -> str:
    return at.isoformat(" ", "minutes")


def _writable(text: str) -> str:
    """Leave out what XML can't hold; every line break becomes a line feed, as within a cell."""
    return _UNWRITABLE.sub("", re.sub(r"\r\n?", "\n", text))


def _defuse(text: str) -> str:
    return _CELL_BEGINS.sub(lambda begin: "'" if _may_run(text[begin.end() :]) else "", text)


def _may_run(cell: str) -> bool:
    """Return whether a cell's first visible character, full-width or not, makes it a formula."""
    seen = (char for char in cell if char.isprintable() and char not in ' "')
    first = unicodedata.normalize("NFKC", next(seen, ""))
    return cell.lstrip('"').startswith("\t") or first.startswith(("=", "+", "-", "@"))


def _sheet_name(title: str) -> str:
    """Make a title a name that Excel takes: 31 UTF-16 units at most, not empty, no reserved mark.

    Excel keeps the name History for itself.
    """
    name = re.sub(r"[\[\]:*?/\\\s]+", " ", _writable(title)).strip(" '")
    while len(name.encode("utf-16-le")) > 2 * _SHEET_NAME_UNITS:
        name = name[:-1]
    name = name.rstrip(" '")
    return name if name.casefold() not in ("", "history") else "Sheet1"


def _write_header(
    book: Workbook, sheet: Worksheet, cells: Sequence[_Cells], headers: Sequence[str]
) -> None:
    bold = book.add_format({"bold": True, "bottom": 1})
    columns = zip(*(astuple(row) for row in cells), strict=True) if cells else [()] * len(headers)
    for column, (header, values) in enumerate(zip(headers, columns, strict=True)):
        sheet.write_string(0, column, header, bold)
        widest = max(_width(value) for value in (header, *values))
        sheet.set_column(column, column, min(max(widest + _MARGIN, _NARROWEST), _WIDEST))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.autofilter(0, 0, len(cells), len(headers) - 1)


def _width(value: str | datetime | int) -> int:
    """Return how many characters wide a cell is; a Chinese one counts as two."""
    if isinstance(value, datetime):
        return len("2022-09-01 08:00")
    return sum(1 + (unicodedata.east_asian_width(char) in "WF") for char in str(value))


def _write_rows(
    book: Workbook, sheet: Worksheet, rows: Sequence[ReportRow], cells: Sequence[_Cells]
) -> None:
    text = book.add_format(_TEXT)
    moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
    count = book.add_format({"num_format": "0"})
    positive = book.add_format({**_TEXT, "bold": True, "font_color": "#9C0006"})
    colours = {
        code: book.add_format({**_TEXT, "bg_color": fill, "font_color": font})
        for code, (fill, font) in _COLOURS.items()
    }
    for line, (row, cell) in enumerate(zip(rows, cells, strict=True), start=1):
        _write_text(sheet, line, 0, cell.name, text)
        _write_text(sheet, line, 1, cell.remark, text)
        sheet.write_string(line, 2, cell.code, colours[row.health_code])
        marked = positive if row.result is TestResult.POSITIVE else text
        _write_text(sheet, line, 3, cell.result, marked)
        if isinstance(cell.tested_at, datetime):
            sheet.write_datetime(line, 4, cell.tested_at, moment)
        elif cell.tested_at:
            sheet.write_string(line, 4, cell.tested_at, text)
        sheet.write_number(line, 5, cell.doses, count)
        _write_text(sheet, line, 6, cell.section, text)


def _write_text(sheet: Worksheet, line: int, column: int, text: str, style: Format) -> None:
    if not text:
        sheet.write_blank(line, column, None, style)
    # XlsxWriter takes a text in these tags for markup of its own and writes it unescaped; given
    # in two pieces it is escaped like any other.
    elif text.startswith("<r>") and text.endswith("</r>"):
        sheet.write_rich_string(line, column, text[:1], style, text[1:], style)
    else:
        sheet.write_string(line, column, text, style)

"""A day's report as its readers open it: in a spreadsheet (R37)."""

import csv
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO, StringIO
from typing import Any, Final, Literal
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.health import HealthCode
from app.domain.health import TestResult as Result
from app.services.health.sheets import ReportRow, render_csv, render_xlsx

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
ZHANG: Final = ReportRow(
    "张三",
    "三年2班",
    HealthCode.GREEN,
    Result.NEGATIVE,
    datetime(2022, 9, 1, tzinfo=UTC),
    3,
    "二班",
)
LI: Final = ReportRow("李四", "", HealthCode.UNKNOWN, None, None, 0)
FORMULAS: Final = [
    '=HYPERLINK("http://x","y")',
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "＝1",
    "＋1",
    "－1",
    "＠x",
    "  =1",
    "\u3000=1",
    "\xa0=1",
    "\x01=1",
    "\ufeff=1",
    "\u200b=1",
    "\t1",
    "\t=1",
    "\n=1",
    "\r\n=1",
]

# What any part of a cell would begin with, were it one.
texts = st.text(max_size=20) | st.text("=+-@＝;\t\r\n \"',a张\x00\u200b<r>/", max_size=20)
printable = st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), max_size=20)


def named(name: str, remark: str = "") -> ReportRow:
    return ReportRow(name, remark, HealthCode.GREEN, None, None, 0)


def xlsx(
    rows: Sequence[ReportRow],
    title: str = "三年级",
    timezone: ZoneInfo = SHANGHAI,
    language: Literal["zh", "en"] = "zh",
) -> Any:
    """The one sheet of a workbook, as a spreadsheet reads it."""
    content = render_xlsx(rows, title=title, timezone=timezone, language=language)
    return openpyxl.load_workbook(BytesIO(content)).active


def values(sheet: Any) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def csv_text(
    rows: Sequence[ReportRow],
    timezone: ZoneInfo = SHANGHAI,
    language: Literal["zh", "en"] = "zh",
) -> str:
    content = render_csv(rows, timezone=timezone, language=language)
    assert content.startswith(b"\xef\xbb\xbf")
    return content.decode("utf-8-sig")


def csv_rows(rows: Sequence[ReportRow], delimiter: str = ",") -> list[list[str]]:
    return list(csv.reader(StringIO(csv_text(rows), newline=""), delimiter=delimiter))


def test_a_row_a_member_under_headers() -> None:  # R37
    assert values(xlsx([ZHANG, LI])) == [
        ["姓名", "备注", "健康码", "核酸结果", "检测时间", "疫苗剂次", "分组"],
        ["张三", "三年2班", "绿码", "阴性", datetime(2022, 9, 1, 8, 0), 3, "二班"],  # noqa: DTZ001
        ["李四", None, "未知", None, None, 0, None],
    ]


def test_a_report_in_english() -> None:  # R37
    assert values(xlsx([ZHANG], language="en")) == [
        ["Name", "Remark", "Health code", "Test result", "Tested at", "Vaccine doses", "Section"],
        ["张三", "三年2班", "Green", "Negative", datetime(2022, 9, 1, 8, 0), 3, "二班"],  # noqa: DTZ001
    ]
    header, row = csv_text([ZHANG], language="en").splitlines()
    assert header == "Name,Remark,Health code,Test result,Tested at,Vaccine doses,Section"
    assert row == "张三,三年2班,Green,Negative,2022-09-01 08:00,3,二班"


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ["绿码", "黄码", "红码", "未知", "未授权", "阴性", "阳性", "检测中"]),
        (
            "en",
            ["Green", "Yellow", "Red", "Unknown", "Withheld", "Negative", "Positive", "Pending"],
        ),
    ],
)
def test_every_code_and_every_result_has_its_word(
    language: Literal["zh", "en"], words: list[str]
) -> None:  # R37
    codes = [ReportRow("a", "", code, None, None, 0) for code in HealthCode]
    results = [ReportRow("a", "", HealthCode.RED, result, None, 0) for result in Result]
    lines = csv_text([*codes, *results], language=language).splitlines()[1:]
    cells = [line.split(",") for line in lines]
    shown = [row[2] for row in cells[: len(codes)]] + [row[3] for row in cells[len(codes) :]]
    assert shown == words


def test_times_are_times_in_the_zone_of_the_group() -> None:  # R37
    cell = xlsx([ZHANG], timezone=ZoneInfo("America/New_York"))["E2"]
    assert (cell.value, cell.is_date) == (datetime(2022, 8, 31, 20, 0), True)  # noqa: DTZ001
    assert cell.number_format == "yyyy-mm-dd hh:mm"
    assert "2022-08-31 20:00" in csv_text([ZHANG], timezone=ZoneInfo("America/New_York"))


OLD: Final = datetime(1, 1, 1, 18, 6, tzinfo=UTC)
SOUTH: Final = ZoneInfo("America/Lima")


def dated(at: datetime) -> ReportRow:
    return ReportRow("张三", "", HealthCode.GREEN, Result.NEGATIVE, at, 0)


def test_a_date_before_1900_is_a_text_of_four_digit_years() -> None:  # R37
    assert csv_rows([dated(OLD)])[1][4] == "0001-01-02 02:11"  # the zone's mean time
    assert xlsx([dated(OLD)]).cell(2, 5).value == "0001-01-02 02:11"


ENDS: Final = st.sampled_from([datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])


@given(st.datetimes(timezones=st.just(UTC)) | ENDS, st.sampled_from([SHANGHAI, SOUTH]))
def test_every_time_is_written_alike(at: datetime, zone: ZoneInfo) -> None:  # R37
    row = csv_text([dated(at)], timezone=zone).splitlines()[1]
    written = row.split(",")[4]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", written)
    shown = xlsx([dated(at)], timezone=zone).cell(2, 5).value
    assert shown == written if written < "1900" else isinstance(shown, datetime)


def test_doses_are_numbers_and_texts_are_texts() -> None:  # R37
    sheet = xlsx([ReportRow("007", "1e5", HealthCode.RED, Result.POSITIVE, None, 3)])
    assert [cell.data_type for cell in sheet[2]] == ["s", "s", "s", "s", "n", "n", "n"]
    assert [sheet["A2"].value, sheet["B2"].value, sheet["F2"].value] == ["007", "1e5", 3]


def test_the_header_stays_in_sight_and_filters() -> None:  # R37
    sheet = xlsx([ZHANG, LI])
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:G3"
    assert xlsx([]).auto_filter.ref == "A1:G1"


def test_columns_are_as_wide_as_what_is_in_them() -> None:  # R37
    def width(remark: str) -> float:
        return float(xlsx([named("张三", remark)]).column_dimensions["B"].width)

    assert width("") < width("a" * 12) < width("班" * 12) <= width("班" * 60) < 50
    assert width("班" * 12) >= 24
    assert xlsx([ZHANG]).column_dimensions["E"].width >= len("2022-09-01 08:00")


def test_each_code_is_filled_in_its_colour() -> None:  # R37
    rows = [ReportRow("a", "", code, None, None, 0) for code in HealthCode]
    fills = [row[2].fill for row in xlsx(rows).iter_rows(min_row=2)]
    assert {fill.patternType for fill in fills} == {"solid"}
    colours = [tuple(bytes.fromhex(fill.fgColor.rgb[2:])) for fill in fills]
    green, yellow, red, unknown, withheld = colours
    assert green[1] > max(green[0], green[2])
    assert min(yellow[0], yellow[1]) > yellow[2] + 50
    assert red[0] > max(red[1], red[2]) + 30
    assert len(set(unknown)) == len(set(withheld)) == 1 and unknown != withheld


def test_a_positive_result_stands_out() -> None:  # R37
    rows = [ReportRow("a", "", HealthCode.GREEN, result, None, 0) for result in Result]
    marked = {row[3].value: row[3].font.b for row in xlsx(rows).iter_rows(min_row=2)}
    assert marked == {"阴性": False, "阳性": True, "检测中": False}


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_stays_text_in_a_workbook(text: str) -> None:  # R37
    for cell in xlsx([named(text, text)])[2][:2]:
        assert cell.data_type == "s"
        assert cell.number_format == "@"  # even when somebody edits the cell
        assert cell.value.endswith(text[-1])


@pytest.mark.parametrize(
    "text",
    [
        "http://example.com",
        "mailto:a@example.com",
        "internal:Sheet1!A1",
        "{=1}",
        "<r><t>x</t></r>",
        "<r>&</r>",
        "<r></r>",
        "a&b<c>\"d'",
        "_x0041_",
        " 张 三 ",
        "一\n二",
    ],
)
def test_no_text_is_read_as_anything_else(text: str) -> None:  # R37
    cell = xlsx([named(text)])["A2"]
    assert (cell.value, cell.data_type, cell.hyperlink) == (text, "s", None)


@given(st.lists(printable, min_size=1, max_size=5))
def test_a_workbook_returns_every_text_as_it_was_entered(names: list[str]) -> None:  # R37
    sheet = xlsx([named(name, name) for name in names])
    assert values(sheet)[1:] == [
        [name or None, name or None, "绿码", None, None, 0, None] for name in names
    ]


@given(texts)
def test_a_workbook_opens_and_shows_all_there_is_to_see(text: str) -> None:  # R37
    def visible(text: str) -> str:
        return "".join(filter(str.isprintable, text))

    found = xlsx([named(text)], title=text)["A2"].value or ""
    assert visible(found) == visible(text)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("三年级 2022-09-01", "三年级 2022-09-01"),
        ("A/B [1]: *?\\", "A B 1"),
        ("'a'b'", "a'b"),
        ("班" * 40, "班" * 31),
        ("a" * 30 + "'b", "a" * 30),
        ("😀" * 31, "😀" * 15),
        ("", "Sheet1"),
        ("'/'", "Sheet1"),
        ("History", "Sheet1"),
        ('<&>"\n\x00', '<&>"'),
    ],
)
def test_the_sheet_is_named_after_the_title_as_far_as_excel_allows(
    title: str, name: str
) -> None:  # R37
    assert xlsx([ZHANG], title=title).title == name


@given(st.text("[]:*?/\\' a班😀\n", max_size=50))
def test_every_title_makes_a_name_that_excel_takes(title: str) -> None:  # R37
    name = xlsx([], title=title).title
    assert 1 <= len(name.encode("utf-16-le")) / 2 <= 31
    assert not re.search(r"[\[\]:*?/\\\n]|^'|'$", name)


def test_the_same_rows_make_the_same_bytes() -> None:  # R37
    first, second = (
        render_xlsx([ZHANG, LI], title="a", timezone=SHANGHAI, language="zh") for _ in range(2)
    )
    assert first == second
    with ZipFile(BytesIO(first)) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2000-01-01T00:00:00Z" in parts.read("docProps/core.xml")  # not the time of now


def test_csv_is_what_excel_opens_as_unicode() -> None:  # R37
    assert render_csv([ZHANG, LI], timezone=SHANGHAI, language="zh").decode() == (
        "\ufeff姓名,备注,健康码,核酸结果,检测时间,疫苗剂次,分组\r\n"
        "张三,三年2班,绿码,阴性,2022-09-01 08:00,3,二班\r\n"
        "李四,,未知,,,0,\r\n"
    )


def test_csv_quotes_what_would_break_a_row() -> None:  # R37
    row = named('a,"b"', "一\n二")
    assert csv_text([row]).split("\r\n")[1] == '"a,""b""","一\n二",绿码,,,0,'
    assert csv_rows([row])[1][:2] == ['a,"b"', "一\n二"]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_is_defused_in_csv(text: str) -> None:  # R37
    for cell in csv_rows([named(text, text)])[1][:2]:
        assert cell.startswith("'")


@pytest.mark.parametrize("text", ["张三", "a=b", "1-2", "a@b", "a - b", "'=1", "x, -y", " a"])
def test_a_harmless_text_is_left_alone_in_csv(text: str) -> None:  # R37
    assert csv_rows([named(text, text)])[1][:2] == [text, text]


def begins_formula(cell: str) -> bool:
    seen = "".join(char for char in cell if char.isprintable() and not char.isspace())
    return cell.startswith(("\t", "\r")) or seen.startswith(tuple("=+-@＝＋－＠"))


@given(texts, texts)
def test_no_cell_of_csv_begins_as_a_formula(name: str, remark: str) -> None:  # R37
    header, row = csv_rows([replace(named(name, remark), section=name)])
    assert len(header) == len(row) == 7
    assert not any(begins_formula(cell) for cell in row)


@pytest.mark.parametrize("delimiter", [";", "\t"])
@given(texts, texts)
def test_nor_where_the_list_separator_is_another(
    delimiter: str, name: str, remark: str
) -> None:  # R37
    cells = (cell for row in csv_rows([named(name, remark)], delimiter) for cell in row)
    assert not any(begins_formula(cell) for cell in cells)

"""Exports: a day's report and one's own data, behind links that need no header (R37)."""

import csv
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO, StringIO

import openpyxl
import pytest

from tests.support.clock import SHANGHAI, pass_time, pass_until, today
from tests.support.lists import CREATOR
from tests.support.members import Profile, add_members, member_id_of
from tests.support.person import Person
from tests.support.refreshes import refresh
from tests.support.reports import OWN_DATA, a_report, get, link, works
from tests.support.waiting import settled
from tests.support.world import World

HEADERS = ["Name", "Remark", "Health code", "Test result", "Tested at", "Vaccine doses", "Section"]
FORMULAS = ["=1+1", "@SUM(A1)", "-2+3"]
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


async def read_csv(manager: Person, group_id: str, day: date) -> list[list[str]]:
    answer = await get(manager.world, await link(manager, group_id, day))
    assert answer.status_code == 200
    assert answer.content.startswith(b"\xef\xbb\xbf")
    header, *rows = csv.reader(StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert header == HEADERS
    return rows


async def test_a_report_is_a_sheet_of_typed_cells_or_csv(world: World) -> None:  # R37
    tested_at = datetime.fromisoformat(await world.now()) - timedelta(days=3)
    tests = [{"result": "POSITIVE", "tested_at": tested_at.isoformat()}]
    record = {"health_code": "RED", "tests": tests, "vaccinations": [{"dose": 3}]}
    parts = [Profile("诸葛孔明", "三年二班", record), Profile("无", "", None)]
    parts += [Profile(f"员{n}", remark) for n, remark in enumerate(FORMULAS)]
    group_id, (creator, *_) = await a_report(world, *parts)
    day = await today(world)
    answer = await get(world, await link(creator, group_id, day, "XLSX"))
    assert answer.headers["content-type"] == XLSX
    (sheet,) = openpyxl.load_workbook(BytesIO(answer.content)).worksheets
    header, _, positive, unknown, *run = sheet.iter_rows()
    assert [cell.value for cell in header] == HEADERS
    minute = timedelta(minutes=1)
    local = tested_at.astimezone(SHANGHAI).replace(tzinfo=None)
    assert [cell.value for cell in positive[:4]] == ["诸葛孔明", "三年二班", "Red", "Positive"]
    assert positive[4].is_date and abs(positive[4].value - local) < minute
    assert (positive[5].data_type, positive[5].value) == ("n", 3)
    assert [cell.value for cell in unknown] == ["无", None, "Unknown", None, None, 0, None]
    for row, formula in zip(run, FORMULAS, strict=True):  # texts, never formulas
        assert (row[1].data_type, row[1].value) == ("s", formula)
    rows = await read_csv(creator, group_id, day)
    assert rows[0] == [CREATOR, "", "Green", "", "", "0", ""]
    at = local.strftime("%Y-%m-%d %H:%M")
    assert rows[1] == ["诸葛孔明", "三年二班", "Red", "Positive", at, "3", ""]
    assert rows[2] == ["无", "", "Unknown", "", "", "0", ""]
    assert [row[1] for row in rows[3:]] == [f"'{formula}" for formula in FORMULAS]
    chinese = await get(world, await link(creator, group_id, day), "zh-CN")
    assert chinese.content.decode("utf-8-sig").startswith("姓名,备注,健康码")


@pytest.mark.parametrize("format", ["XLSX", "CSV"])
async def test_a_download_is_kept_by_nobody_on_the_way(world: World, format: str) -> None:  # R37
    group_id, (creator,) = await a_report(world)
    day = await today(world)
    made = await link(creator, group_id, day, format)
    expires_at = datetime.fromisoformat(made["expiresAt"])
    assert expires_at - datetime.fromisoformat(await world.now()) <= timedelta(minutes=10)
    headers = (await get(world, made)).headers
    assert headers["cache-control"] == "no-store"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    name = f"report-{day}.{format.lower()}"
    assert headers["content-disposition"] == f'attachment; filename="{name}"'


async def test_who_left_since_and_who_joined_later_are_not_in_it(world: World) -> None:  # R37
    group_id, (creator, *_, leaver) = await a_report(world, Profile("留"), Profile("走"))
    day = await today(world)
    await add_members(creator, group_id, Profile("新"))
    assert [row[0] for row in await read_csv(creator, group_id, day)] == [CREATOR, "留", "走"]
    made = await link(creator, group_id, day, "XLSX")
    member_id = await member_id_of(leaver, group_id)
    await creator.change("removeMember", "__typename", memberId=member_id)
    assert [row[0] for row in await read_csv(creator, group_id, day)] == [CREATOR, "留"]
    sheet = openpyxl.load_workbook(BytesIO((await get(world, made)).content)).worksheets[0]
    assert [row[0].value for row in sheet.iter_rows()] == ["Name", CREATOR, "留"]
    await leaver.join(await creator.invite(group_id))  # back, but not as who they were
    await settled(world)
    assert [row[0] for row in await read_csv(creator, group_id, day)] == [CREATOR, "留"]


async def test_a_day_before_is_exported_as_it_was(world: World) -> None:  # R37
    group_id, (creator, member) = await a_report(world, Profile("员", "旧备注"))
    first = await today(world)
    await world.set_record(member.id_number, health_code="RED")
    await pass_time(creator, days=1)
    second = await today(world)
    assert await refused(creator, group_id, second) == "NO_REPORT_FOR_DAY"
    await refresh(creator, group_id)
    for day, code in ((first, "Green"), (second, "Red")):
        assert (await read_csv(creator, group_id, day))[1][2] == code
    await pass_time(creator, days=5)
    made = await link(creator, group_id, first)
    assert len(await read_csv(creator, group_id, first)) == 2
    await pass_until(23, creator)
    await pass_time(creator, minutes=55)
    made = await link(creator, group_id, first)
    assert await works(world, made)
    await pass_time(creator, minutes=6)  # a day too old now, though the link would still live
    assert not await works(world, made)
    assert await refused(creator, group_id, first) == "DAY_NOT_KEPT"


async def refused(person: Person, group_id: str, day: date) -> str:
    export = {"groupId": group_id, "date": day.isoformat(), "format": "CSV"}
    return await person.refused("exportReport", **export)


async def test_what_there_is_no_report_of(world: World) -> None:  # R37, R38
    group_id, (creator, member) = await a_report(world, Profile("员"))
    day = await today(world)
    assert await refused(creator, group_id, day - timedelta(days=6)) == "NO_REPORT_FOR_DAY"
    for away in (-3650, -7, 1, 3650):
        assert await refused(creator, group_id, day + timedelta(days=away)) == "DAY_NOT_KEPT"
    outsider = await world.real_person()
    export = {"groupId": group_id, "date": day.isoformat(), "format": "CSV"}
    assert await member.denied("exportReport", **export) == "FORBIDDEN"
    assert await outsider.denied("exportReport", **export) == "NOT_FOUND"
    assert await world.stranger().denied("exportReport", **export) == "UNAUTHENTICATED"


async def test_a_link_lives_ten_minutes(world: World) -> None:  # R37
    group_id, (creator,) = await a_report(world)
    report = await link(creator, group_id, await today(world))
    own = (await creator.ask(OWN_DATA))["exportMyData"]
    await world.advance(minutes=9, seconds=45)
    assert await works(world, report) and await works(world, own)
    await world.advance(seconds=20)
    assert not await works(world, report) and not await works(world, own)


async def test_a_link_dies_with_the_right_and_with_the_session(world: World) -> None:  # R37
    group_id, (creator, admin) = await a_report(world, Profile("管"))
    day = await today(world)
    admin_id = await member_id_of(admin, group_id)
    await creator.change("appointAdmin", "member { id }", memberId=admin_id)
    made = await link(admin, group_id, day)
    assert await works(world, made)
    await creator.change("dismissAdmin", "member { id }", memberId=admin_id)
    assert not await works(world, made)
    await creator.change("appointAdmin", "member { id }", memberId=admin_id)
    assert await works(world, made)
    own = (await admin.ask(OWN_DATA))["exportMyData"]
    assert await works(world, own)
    await admin.ask("mutation { signOut { errors { code } } }")
    assert not await works(world, made) and not await works(world, own)
    assert await works(world, await link(creator, group_id, day))  # others' go on


async def test_a_token_that_was_tampered_with_opens_nothing(world: World) -> None:  # R37
    group_id, (creator,) = await a_report(world)
    url = (await link(creator, group_id, await today(world)))["url"]
    base, token = url.rsplit("/", 1)
    head, body, signature = token.split(".")
    other = (await creator.ask(OWN_DATA))["exportMyData"]["url"].rsplit("/", 1)[1].split(".")
    for wrong in (
        f"{head}.{other[1]}.{signature}",
        f"{head}.{body}.{other[2]}",
        f"{head}.{body}.",
        f"{head}.{body}",
        token[:-6],
        "x",
        creator.token,  # an access token is no link
        "测试",
    ):
        assert not await works(world, {"url": f"{base}/{wrong}"}), wrong
    bearer = replace(creator, token=token, refresh_token="")  # nor is a link an access token
    assert await bearer.error_code("{ me { id } }") == "UNAUTHENTICATED"
    assert await works(world, {"url": url})

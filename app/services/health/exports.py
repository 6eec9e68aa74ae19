"""Exports: a day's report or one's own data, behind a signed link of ten minutes (R37)."""

import asyncio
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.domain.accesses import AccessKind
from app.domain.events import Event, EventType
from app.domain.health import HealthCode, TestResult
from app.domain.languages import Language
from app.domain.limits import DOWNLOAD_LIFE
from app.domain.refusals import NotFound, Refusal, RefusalCode
from app.domain.reports import ReportFormat, is_kept
from app.domain.roles import Right
from app.models.accesses import note_access
from app.models.groups import Group
from app.models.members import Membership
from app.models.reports import DayReport
from app.ports.tokens import TokenClaims
from app.services.accounts.own_data import collect_own_data
from app.services.accounts.sessions import viewer_of_session
from app.services.health.sheets import ReportRow, render_csv, render_xlsx
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require
from app.services.kernel.unit import unit_of_work

_MEDIA: Final = {
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Link:
    """A link that needs no header, and until when it works."""

    url: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it is served."""

    name: str
    media_type: str
    content: bytes


async def export_report(
    env: Env, viewer: Viewer, group_id: UUID, day: date, report_format: ReportFormat
) -> Link:
    """Make the link to a day's report, as a manager (R37).

    Refused: a day older than seven, in the future, or without a refresh.
    """
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.VIEW_MEMBERS)
        if not is_kept(day, unit.today):
            raise Refusal(RefusalCode.DAY_NOT_KEPT, "date")
        if not await DayReport.filter(group_id=group_id, day=day).exists():
            raise Refusal(RefusalCode.NO_REPORT_FOR_DAY, "date")
        event = Event(
            EventType.REPORT_EXPORTED,
            actor_id=viewer.person_id,
            details={"date": day.isoformat(), "format": report_format.value},
        )
        await unit.log(group_id, event)
    what = {"group": group_id.hex, "date": day.isoformat(), "format": report_format.value}
    return _link(env, viewer, what)


def export_own_data(env: Env, viewer: Viewer) -> Link:
    """Make the link to everything that is kept of the viewer."""
    return _link(env, viewer, {})


def _link(env: Env, viewer: Viewer, what: dict[str, str]) -> Link:
    expires_at = env.clock.now() + DOWNLOAD_LIFE
    claims = TokenClaims(viewer.account_id, viewer.session_id)
    token = env.tokens.issue_download(claims, what, expires_at)
    return Link(f"{env.public_url}/downloads/{token}", expires_at)


async def open_download(env: Env, token: str, language: Language) -> Download:
    """Render what a link stands for, if it still works and the right still stands.

    Raises ``NotFound`` for a link that is none of ours or too old, and when the session, the
    right or the report is gone since.
    """
    found = env.tokens.read_download(token, env.clock.now())
    viewer = await viewer_of_session(found[0]) if found else None
    if found is None or viewer is None:
        raise NotFound
    what = found[1]
    if not what:
        return Download("my-data.json", "application/json", await collect_own_data(env, viewer))
    day = date.fromisoformat(what["date"])
    return await _render(env, viewer, UUID(what["group"]), day, what["format"], language)


async def _render(
    env: Env, viewer: Viewer, group_id: UUID, day: date, format_name: str, language: Language
) -> Download:
    report_format = ReportFormat(format_name)
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.VIEW_MEMBERS)
        if not is_kept(day, unit.today) or viewer.person_id is None:
            raise NotFound
        rows = await _rows(group_id, day)
        group = await Group.get(id=group_id).only("name")
        await note_access(
            unit.new_id(), group_id, viewer.person_id, unit.today, AccessKind.EXPORTED, unit.now
        )
    if report_format is ReportFormat.XLSX:
        title = f"{day.isoformat()} {group.name}"
        content = await asyncio.to_thread(
            render_xlsx, rows, title=title, timezone=env.timezone, language=language
        )
    else:
        content = await asyncio.to_thread(
            render_csv, rows, timezone=env.timezone, language=language
        )
    name = f"report-{day.isoformat()}.{report_format.value.lower()}"
    return Download(name, _MEDIA[report_format], content)


async def _rows(group_id: UUID, day: date) -> list[ReportRow]:
    """The rows of a day: whoever has left since is not among them (R37)."""
    report = await DayReport.get_or_none(group_id=group_id, day=day)
    if report is None:
        raise NotFound
    here = (
        await Membership.filter(group_id=group_id)
        .order_by("joined_at", "id")
        .values("id", "remark", name="person__name")
    )
    kept: dict[str, list[Any]] = {row[0]: row[1:] for row in report.members}
    rows = []
    for member in here:
        if str(member["id"]) not in kept:
            continue
        code, result, tested_at, doses = kept[str(member["id"])]
        rows.append(
            ReportRow(
                name=member["name"],
                remark=member["remark"],
                health_code=HealthCode(code or HealthCode.UNKNOWN),
                result=TestResult(result) if result else None,
                tested_at=datetime.fromisoformat(tested_at) if tested_at else None,
                doses=doses,
            )
        )
    return rows

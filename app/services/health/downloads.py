"""Downloads: the files that the links of ``exports`` lead to (R37)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.accesses import AccessKind
from app.domain.languages import Language
from app.domain.refusals import NotFound
from app.domain.reports import ReportChoice, ReportFormat, is_kept
from app.domain.roles import Right
from app.domain.sections import Charge, is_in_charge
from app.models.accesses import NewAccess, note_access
from app.models.groups import Group
from app.models.members import Membership
from app.models.reports import DayReport, read_member
from app.services.accounts.own_data import collect_own_data
from app.services.accounts.sessions import viewer_of_session
from app.services.health.sheets import ReportRow, render_csv, render_xlsx
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require_charge
from app.services.kernel.unit import unit_of_work

_MEDIA: Final = {
    ReportFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ReportFormat.CSV: "text/csv; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class Download:
    """A file as it is served."""

    name: str
    media_type: str
    content: bytes


async def open_download(env: Env, token: str, language: Language) -> Download:
    """Render what a link leads to, if it still works and the viewer still has the right.

    Raise ``NotFound`` for a link that is none of ours or too old, and when the session, the
    right or the report is gone since.
    """
    found = env.tokens.read_download(token, env.clock.now())
    if found is None:
        raise NotFound
    claims, report = found
    viewer = await viewer_of_session(claims)
    if viewer is None:
        raise NotFound
    if report is None:
        return Download("my-data.json", "application/json", await collect_own_data(env, viewer))
    return await _open_report(env, viewer, report, language)


async def _open_report(
    env: Env, viewer: Viewer, report: ReportChoice, language: Language
) -> Download:
    group_id, day = report.group_id, report.day
    async with unit_of_work(env, group_id) as unit:
        _, rights = await require_charge(viewer, group_id, Right.VIEW_CHARGE)
        if not is_kept(day, unit.today) or viewer.person_id is None:
            raise NotFound
        kept = await DayReport.get_or_none(group_id=group_id, day=day)
        if kept is None:
            raise NotFound
        rows = await _rows(kept, rights.charge)
        group = await Group.get(id=group_id).only("name")
        access = NewAccess(
            group_id,
            viewer.person_id,
            unit.today,
            unit.now,
            AccessKind.EXPORTED,
            report_at=kept.refreshed_at,
            charge=rights.charge,
        )
        await note_access(access, unit.new_id)
    title = f"{day.isoformat()} {group.name}"
    # In a thread: a sheet of 500 rows would hold up everyone else's requests.
    content = await asyncio.to_thread(_render, env, report.format, rows, title, language)
    name = f"report-{day.isoformat()}.{report.format.value.lower()}"
    return Download(name, _MEDIA[report.format], content)


def _render(
    env: Env, file_format: ReportFormat, rows: Sequence[ReportRow], title: str, language: Language
) -> bytes:
    if file_format is ReportFormat.XLSX:
        return render_xlsx(rows, title=title, timezone=env.timezone, language=language)
    return render_csv(rows, timezone=env.timezone, language=language)


async def _rows(report: DayReport, charge: Charge) -> list[ReportRow]:
    """Return the rows of a day's report; whoever has left since is not among them (R37).

    Nor is who isn't in the ``charge`` of who exports it (R51).
    """
    kept = {member.member_id: member for member in map(read_member, report.members)}
    present = Membership.filter(group_id=report.group_id).order_by("joined_at", "id")
    names = await present.values_list("id", "person__name", "remark", "section_id", "section__name")
    return [
        ReportRow(
            name=name,
            remark=remark,
            section=section or "",
            health_code=kept[member_id].health_code,
            result=kept[member_id].result,
            tested_at=kept[member_id].tested_at,
            doses=kept[member_id].doses,
        )
        for member_id, name, remark, section_id, section in names
        if member_id in kept and is_in_charge(charge, section_id)
    ]

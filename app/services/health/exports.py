"""Exports: signed links of ten minutes to a day's report, or to one's own data (R37)."""

from dataclasses import dataclass
from datetime import datetime

from app.domain.events import Event, EventType
from app.domain.limits import DOWNLOAD_LIFE
from app.domain.refusals import Refusal, RefusalCode
from app.domain.reports import ReportChoice, is_kept
from app.domain.roles import Right
from app.models.reports import DayReport
from app.ports.tokens import TokenClaims
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require
from app.services.kernel.unit import unit_of_work


@dataclass(frozen=True, slots=True)
class Link:
    """A link that needs no header, and until when it works."""

    url: str
    expires_at: datetime


async def export_report(env: Env, viewer: Viewer, report: ReportChoice) -> Link:
    """Make the link to a day's report, as a manager (R37).

    Refused: a day older than seven, in the future, or without a refresh.
    """
    async with unit_of_work(env, report.group_id) as unit:
        await require(viewer, report.group_id, Right.VIEW_CHARGE)
        if not is_kept(report.day, unit.today):
            raise Refusal(RefusalCode.DAY_NOT_KEPT, "date")
        if not await DayReport.filter(group_id=report.group_id, day=report.day).exists():
            raise Refusal(RefusalCode.NO_REPORT_FOR_DAY, "date")
        event = Event(
            EventType.REPORT_EXPORTED,
            actor_id=viewer.person_id,
            details={"date": report.day.isoformat(), "format": report.format.value},
        )
        await unit.log(report.group_id, event)
        return unit.returns(_link(env, viewer, report))


async def export_own_data(env: Env, viewer: Viewer) -> Link:
    """Make the link to everything that is kept of the viewer."""
    return _link(env, viewer, None)


def _link(env: Env, viewer: Viewer, report: ReportChoice | None) -> Link:
    expires_at = env.clock.now() + DOWNLOAD_LIFE
    claims = TokenClaims(viewer.account_id, viewer.session_id)
    token = env.tokens.issue_download(claims, report, expires_at)
    return Link(f"{env.public_url}/downloads/{token}", expires_at)

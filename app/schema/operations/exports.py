"""Exports: links to a day's report and to one's own data (R37)."""

import datetime as dt

import strawberry

from app.domain.reports import ReportChoice
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.enums import ReportFormat
from app.schema.once import once
from app.schema.operations.reading import Input
from app.schema.payloads import ExportPayload
from app.services.health import exports


@strawberry.input(description="Which day is exported, and as what.")
class ExportReportInput:
    group_id: strawberry.ID = strawberry.field(description="Which group.")
    date: dt.date = strawberry.field(description="Today or one of the six days before.")
    format: ReportFormat = strawberry.field(description="The kind of file.")


async def export_report(info: Info, input: Input[ExportReportInput]) -> ExportPayload:
    """Make the link to a day's report (R37)."""
    report = ReportChoice(decode_id(input.group_id, "Group"), input.date, input.format)
    link = await once(info, exports.export_report, await info.context.viewer(), report)
    return ExportPayload(url=link.url, expires_at=link.expires_at)


async def export_my_data(info: Info) -> ExportPayload:
    """Make the link to one's own data."""
    link = await once(info, exports.export_own_data, await info.context.viewer())
    return ExportPayload(url=link.url, expires_at=link.expires_at)

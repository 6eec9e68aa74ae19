"""Members and anomalies: lists of just the columns asked for, and one's own membership."""

from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from app.domain.health import HealthCode, TestResult
from app.domain.identity import mask_id_number
from app.domain.roles import Right
from app.models.anomalies import Anomaly
from app.models.members import Membership
from app.resolvers.context import Info
from app.resolvers.paging import Page, connection
from app.resolvers.rows import Columns, Row, asked_fields, columns_for

_RECORD: Final = "person__record__"
MEMBER_COLUMNS: Final[Columns] = {
    "person": {"name": "person__name", "id_number": "person__id_number"},
    "phone": {"phone": "phone"},
    "remark": {"remark": "remark"},
    "role": {"role": "role"},
    "joinedAt": {"joined_at": "joined_at"},
    "healthCode": {"record_code": f"{_RECORD}health_code"},
    "healthCodeAt": {"health_code_at": f"{_RECORD}health_code_at"},
    "latestTest": {"test_values": f"{_RECORD}tests"},
    "tests": {"test_values": f"{_RECORD}tests"},
    "vaccinations": {"vaccination_values": f"{_RECORD}vaccinations"},
    "doses": {"record_doses": f"{_RECORD}doses"},
    "asOf": {"as_of": f"{_RECORD}as_of"},
    "anomaly": {
        "anomaly_id": "anomaly__id",
        "reasons": "anomaly__reasons",
        "opened_at": "anomaly__opened_at",
        "next_change_at": "anomaly__next_change_at",
    },
}


def member_row(values: dict[str, Any]) -> Row:
    """Make a member's row of the columns that were read."""
    row = Row("Member", **values)
    if "name" in values:
        row.person = Row(
            "Person", name=values["name"], id_number_masked=mask_id_number(values["id_number"])
        )
    if "record_code" in values:
        row.health_code = values["record_code"] or HealthCode.UNKNOWN
    if "record_doses" in values:
        row.doses = values["record_doses"] or 0
    if "anomaly_id" in values:
        row.anomaly = _anomaly_row(values, row) if values["anomaly_id"] else None
    return row


def _anomaly_row(values: dict[str, Any], member: Row) -> Row:
    return Row(
        "Anomaly",
        reasons=values["reasons"],
        opened_at=values["opened_at"],
        next_change_at=values["next_change_at"],
        member=member,
    )


async def members(root: Any, info: Info, page: Page) -> Row:
    """Resolve ``group.members``, in the order of joining: one statement."""
    asked = asked_fields(info, "nodes") | asked_fields(info, "edges", "node")
    columns = columns_for(asked, MEMBER_COLUMNS, "id")
    query = Membership.filter(group_id=root.id)
    return await connection(query, page, "joined_at", columns, member_row)


async def anomalies(root: Any, info: Info, page: Page) -> Row:
    """Resolve ``group.anomalies``, in the order of opening: one statement."""
    asked = asked_fields(info, "nodes", "member") | asked_fields(info, "edges", "node", "member")
    asked |= {"anomaly"}
    columns = {
        attribute: _through_member(path)
        for attribute, path in columns_for(asked, MEMBER_COLUMNS, "id").items()
    }
    query = Anomaly.filter(group_id=root.id)
    return await connection(
        query, page, "opened_at", columns, lambda values: member_row(values).anomaly
    )


def _through_member(path: str) -> str:
    """The same column seen from an anomaly's row."""
    own = path.removeprefix("anomaly__")
    return own if own != path else f"member__{path}"


async def viewer_members(root: Any, info: Info) -> list[Row]:
    """Resolve ``viewerMembers``: the viewer's own memberships in a group (R17)."""
    viewer = await info.context.viewer()
    columns = columns_for(asked_fields(info), MEMBER_COLUMNS, "id")
    rows = await Membership.filter(group_id=root.id, person_id=viewer.person_id).values(**columns)
    return [member_row(row) for row in rows]


async def load_member(info: Info, member_id: UUID, *path: str) -> Row | None:
    """Read a member for the viewer: their own, or one of a group they manage (R15, R17)."""
    viewer = await info.context.viewer()
    columns = columns_for(asked_fields(info, *path), MEMBER_COLUMNS, "id", "group_id", "person_id")
    rows = await Membership.filter(id=member_id, group__dissolved_at=None).values(**columns)
    if not rows:
        return None
    own = rows[0]["person_id"] == viewer.person_id
    if own or (await info.context.access(rows[0]["group_id"])).allows(Right.VIEW_MEMBERS):
        return member_row(rows[0])
    return None


def latest_test(root: Any) -> Row | None:
    """Resolve ``latestTest``: the newest with a result; a pending one only if there is none."""
    rows = tests(root, first=None)
    with_result = [row for row in rows if row.result is not TestResult.PENDING]
    return next(iter(with_result or rows), None)


def tests(root: Any, first: int | None = 20) -> list[Row]:
    """Resolve ``tests``, newest first, pending ones included (R15)."""
    rows = [
        Row(
            "NucleicAcidTest",
            result=TestResult(test["result"]),
            sampled_at=datetime.fromisoformat(test["sampled_at"]),
            tested_at=datetime.fromisoformat(test["tested_at"]) if test["tested_at"] else None,
            institution=test["institution"],
        )
        for test in root.test_values or ()
    ]
    rows.sort(key=lambda row: row.tested_at or row.sampled_at, reverse=True)
    return rows[: max(first, 0)] if first is not None else rows


def vaccinations(root: Any) -> list[Row]:
    """Resolve ``vaccinations`` in the order of doses."""
    rows = [
        Row(
            "Vaccination",
            dose=dose["dose"],
            date=date.fromisoformat(dose["date"]),
            manufacturer=dose["manufacturer"],
        )
        for dose in root.vaccination_values or ()
    ]
    return sorted(rows, key=lambda row: (row.dose, row.date))

"""Members and anomalies: lists of just the columns asked for, and one's own membership."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from app.domain.anomalies import AnomalyReason
from app.domain.evidence import Evidence, JudgedRecord, evidence_of
from app.domain.health import HealthCode, NucleicAcidTest, Vaccination, by_dose, newest_first
from app.domain.health import latest_test as newest
from app.domain.identity import mask_id_number, mask_phone
from app.domain.refusals import NotFound
from app.domain.roles import Right
from app.models.guardians import Guardianship
from app.models.health import read_tests, read_vaccinations
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.resolvers.accesses import note
from app.resolvers.context import Info
from app.resolvers.rows import Columns, Row, asked_fields, columns_for
from app.services.kernel.env import Viewer

_RECORD: Final = "person__record__"
_WHOSE: Final = {"person_id": "person_id", "enrolled_by_id": "enrolled_by_id"}
_WHERE: Final = {"group_id": "group_id", "group_version": "group__version"}
MEMBER_COLUMNS: Final[Columns] = {
    "person": {
        "name": "person__name",
        "id_number": "person__id_number",
        "student": "student",
    },
    "phone": {"phone": "phone"},
    "remark": {"remark": "remark"},
    "role": {"role": "role"},
    "joinedAt": {"joined_at": "joined_at"},
    "enrolledBy": {"enroller_name": "enrolled_by__name"},
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
    "evidence": {
        "record_code": f"{_RECORD}health_code",
        "health_code_at": f"{_RECORD}health_code_at",
        "negative_at": f"{_RECORD}newest_negative_at",
        "nat_validity": "group__nat_validity",
        "test_values": f"{_RECORD}tests",
        "as_of": f"{_RECORD}as_of",
    },
    "leaveRequest": {
        "leave_id": "leave_request__id",
        "leave_reason": "leave_request__reason",
        "requested_at": "leave_request__requested_at",
        "due_at": "leave_request__due_at",
    },
}


def member_columns(info: Info, *path: str) -> dict[str, str]:
    """The columns behind what is asked of members below ``path``."""
    return columns_for(asked_of_members(info, *path), MEMBER_COLUMNS, "id")


def asked_of_members(info: Info, *path: str) -> set[str]:
    """What is asked of members below ``path``, also by way of what belongs to them and back."""
    asked = asked_fields(info, *path)
    asked |= {"evidence"} & asked_fields(info, *path, "anomaly")
    for own in asked & {"anomaly", "leaveRequest"}:
        asked |= asked_of_members(info, *path, own, "member")
    return asked


def member_row(values: dict[str, Any]) -> Row:
    """Make a member's row of the columns that were read."""
    row = Row("Member", **values)
    if "name" in values:
        row.person = Row(
            "Person",
            name=values["name"],
            id_number_masked=mask_id_number(values["id_number"]),
            student=values["student"],
        )
    if "record_code" in values:
        row.health_code = values["record_code"] or HealthCode.UNKNOWN
    if "record_doses" in values:
        row.doses = values["record_doses"] or 0
    if "anomaly_id" in values:
        row.anomaly = _anomaly_row(values, row) if values["anomaly_id"] else None
    if "leave_id" in values:
        row.leave_request = _leave_row(values, row) if values["leave_id"] else None
    if "enroller_name" in values:
        name = values["enroller_name"]
        row.enrolled_by = Row("Guardian", name=name) if name else None
    return row


def _leave_row(values: dict[str, Any], member: Row) -> Row:
    return Row(
        "LeaveRequest",
        reason=values["leave_reason"],
        requested_at=values["requested_at"],
        due_at=values["due_at"],
        member=member,
    )


def _anomaly_row(values: dict[str, Any], member: Row) -> Row:
    return Row(
        "Anomaly",
        reasons=values["reasons"],
        opened_at=values["opened_at"],
        next_change_at=values["next_change_at"],
        member=member,
    )


def evidence(root: Any) -> list[Evidence]:
    """Resolve ``anomaly.evidence``: by which record each reason stands (R20)."""
    member = root.member
    record = JudgedRecord(
        health_code=member.record_code,
        health_code_at=member.health_code_at,
        tests=read_tests(member.test_values),
        newest_negative_at=member.negative_at,
        as_of=member.as_of,
    )
    reasons = (AnomalyReason(reason) for reason in root.reasons)
    return [evidence_of(reason, record, member.nat_validity) for reason in reasons]


def through(relation: str, columns: Mapping[str, str]) -> dict[str, str]:
    """A member's columns as seen from a row that belongs to the member by ``relation``."""
    own = f"{relation}__"
    return {
        attribute: path.removeprefix(own) if path.startswith(own) else f"member__{path}"
        for attribute, path in columns.items()
    }


async def viewer_members(root: Any, info: Info) -> list[Row]:
    """Resolve ``viewerMembers``: the viewer and who they enrolled in a group (R12, R17)."""
    viewer = await info.context.viewer()
    columns = member_columns(info) | _WHOSE | {"group_id": "group_id", "joined_at": "joined_at"}

    async def load(keys: list[tuple[UUID, bool]]) -> list[list[Row]]:
        rows = await _own_and_guarded(viewer, [group_id for group_id, _ in keys], columns)
        managed = {group_id for group_id, manages in keys if manages}
        await _mask_phones(viewer, [row for row in rows if row["group_id"] not in managed])
        return [
            [member_row(row) for row in rows if row["group_id"] == group_id] for group_id, _ in keys
        ]

    loader = info.context.scope.loader(("viewerMembers", *sorted(columns)), load)
    found: list[Row] = await loader.load((root.id, root.rights.allows(Right.VIEW_MEMBERS)))
    return found


async def _own_and_guarded(
    viewer: Viewer, group_ids: list[UUID], columns: dict[str, str]
) -> list[dict[str, Any]]:
    """The viewer's own memberships of these groups, then those they hold as a guardian."""
    if viewer.person_id is None:
        return []
    of_groups = Membership.filter(group_id__in=group_ids, group__dissolved_at=None)
    rows = await of_groups.filter(person_id=viewer.person_id).values(**columns)
    guarded = of_groups.filter(guardianships__guardian_id=viewer.person_id)
    return rows + await guarded.order_by("joined_at", "id").values(**columns)


async def group_of(member_id: UUID) -> UUID:
    """The group that a member is in, or was until lately. Raises ``NotFound`` for neither."""
    for table in (Membership, FormerMember):
        found = await table.filter(id=member_id).values_list("group_id")
        if found:
            group_id: UUID = found[0][0]
            return group_id
    raise NotFound


async def load_member(info: Info, member_id: UUID, *path: str) -> Row | None:
    """Read a member for the viewer: their own, or one of a group they manage (R15, R17)."""
    viewer = await info.context.viewer()
    columns = member_columns(info, *path) | _WHOSE | _WHERE
    rows = await Membership.filter(id=member_id, group__dissolved_at=None).values(**columns)
    if not rows:
        return None
    row = rows[0]
    group_id, version = row["group_id"], row["group_version"]
    manages = (await info.context.rights(group_id)).allows(Right.VIEW_MEMBERS)
    own = row["person_id"] == viewer.person_id
    if manages:
        if not own:
            await note(info, group_id, version)
        return member_row(row)
    if not own and not await _guards(viewer, member_id):
        return None
    await _mask_phones(viewer, rows)
    return member_row(row)


async def _mask_phones(viewer: Viewer, rows: list[dict[str, Any]]) -> None:
    """Mask the phones that aren't the viewer's: a member may be reached by another guardian's."""
    if not any("phone" in row for row in rows):
        return
    held = Guardianship.filter(guardian_id=viewer.person_id, member_id__in=[r["id"] for r in rows])
    proved = dict(await held.values_list("member_id", "phone"))
    for row in rows:
        own = row["person_id"] == viewer.person_id and row["enrolled_by_id"] is None
        if not own and proved.get(row["id"]) != row["phone"]:
            row["phone"] = mask_phone(row["phone"])


async def _guards(viewer: Viewer, member_id: UUID) -> bool:
    held = Guardianship.filter(member_id=member_id, guardian_id=viewer.person_id)
    return viewer.person_id is not None and await held.exists()


def latest_test(root: Any) -> NucleicAcidTest | None:
    """Resolve ``latestTest``: the newest with a result; a pending one only if there is none."""
    return newest(read_tests(root.test_values))


def tests(root: Any, first: int = 20) -> list[NucleicAcidTest]:
    """Resolve ``tests``, newest first, pending ones included (R15)."""
    return newest_first(read_tests(root.test_values))[: max(first, 0)]


def vaccinations(root: Any) -> list[Vaccination]:
    """Resolve ``vaccinations`` in the order of doses."""
    return by_dose(read_vaccinations(root.vaccination_values))

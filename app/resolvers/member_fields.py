"""The columns behind the fields of members, and of what belongs to them."""

from typing import Final

from app.models.columns import UNLESS
from app.resolvers.excuses import EXCUSE_COLUMNS
from app.resolvers.rows import Columns
from app.resolvers.sharing import with_consent

_RECORD: Final = "person__record__"
_COLUMNS: Final[Columns] = {
    "person": {},
    "person.name": {"name": "person__name"},
    "person.idNumberMasked": {"id_number": "person__id_number"},
    "person.student": {"student": "student"},
    "phone": {"phone": "phone"},
    "remark": {"remark": "remark"},
    "role": {"role": "role"},
    "joinedAt": {"joined_at": "joined_at"},
    "enrolledBy": {"enroller_name": "enrolled_by__name"},
    "section": {"section_id": "section_id", "section_name": "section__name"},
    "boundTo": {"bound_to": "bound_to"},
    "healthCode": {"record_code": f"{_RECORD}health_code"},
    "healthCodeAt": {"health_code_at": f"{_RECORD}health_code_at"},
    "latestTest": {
        "pending_tests": f"{_RECORD}tests{UNLESS}newest_result",
        "newest_result": f"{_RECORD}newest_result",
        "newest_result_at": f"{_RECORD}newest_result_at",
    },
    "latestTest.sampledAt": {"stored_tests": f"{_RECORD}tests"},
    "latestTest.institution": {"stored_tests": f"{_RECORD}tests"},
    "tests": {"stored_tests": f"{_RECORD}tests"},
    "vaccinations": {"stored_vaccinations": f"{_RECORD}vaccinations"},
    "doses": {"record_doses": f"{_RECORD}doses"},
    "asOf": {"as_of": f"{_RECORD}as_of"},
    "anomaly": {"anomaly_id": "anomaly__id"},
    "anomaly.reasons": {"reasons": "anomaly__reasons"},
    "anomaly.openedAt": {"opened_at": "anomaly__opened_at"},
    "anomaly.nextChangeAt": {"next_change_at": "anomaly__next_change_at"},
    "anomaly.evidence": {
        "reasons": "anomaly__reasons",
        "record_code": f"{_RECORD}health_code",
        "health_code_at": f"{_RECORD}health_code_at",
        "negative_at": f"{_RECORD}newest_negative_at",
        "nat_validity": "group__nat_validity",
        "stored_tests": f"{_RECORD}tests",
        "as_of": f"{_RECORD}as_of",
    },
    **EXCUSE_COLUMNS,
    "leaveRequest": {
        "leave_id": "leave_request__id",
        "leave_reason": "leave_request__reason",
        "requested_at": "leave_request__requested_at",
        "due_at": "leave_request__due_at",
        "requested_by": "leave_request__requested_by",
        "person_id": "person_id",
        "group_id": "group_id",
        "section_id": "section_id",
    },
}
MEMBER_COLUMNS: Final[Columns] = with_consent(_COLUMNS)

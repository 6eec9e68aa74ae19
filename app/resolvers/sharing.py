"""What managers are shown of people, by the very tables of columns that they read (R11)."""

from collections.abc import Mapping
from typing import Final

from app.domain.sharing import SharedData
from app.resolvers.rows import Columns

# Each attribute that a table of columns fills of a member, and what it is to who shares it. Who
# gives managers one more attribute has to say here what it is: without, the server doesn't start.
SHARED_AS: Final[Mapping[str, SharedData]] = {
    "name": SharedData.NAME,
    "id_number": SharedData.ID_NUMBER_MASKED,
    "phone": SharedData.PHONE,
    "remark": SharedData.REMARK,
    "student": SharedData.STUDENT,
    "role": SharedData.ROLE,
    "joined_at": SharedData.MEMBERSHIP_TIMES,
    "left_at": SharedData.MEMBERSHIP_TIMES,
    "enroller_name": SharedData.GUARDIAN,
    "section_id": SharedData.SECTION,
    "section_name": SharedData.SECTION,
    "bound_to": SharedData.ROLE,
    "record_code": SharedData.HEALTH_CODE,
    "health_code": SharedData.HEALTH_CODE,
    "health_code_at": SharedData.HEALTH_CODE,
    "as_of": SharedData.HEALTH_CODE,
    "withheld_at": SharedData.HEALTH_CODE,
    "stored_tests": SharedData.NUCLEIC_ACID_TESTS,
    "pending_tests": SharedData.NUCLEIC_ACID_TESTS,
    "newest_result": SharedData.NUCLEIC_ACID_TESTS,
    "newest_result_at": SharedData.NUCLEIC_ACID_TESTS,
    "stored_test": SharedData.NUCLEIC_ACID_TESTS,
    "negative_at": SharedData.NUCLEIC_ACID_TESTS,
    "stored_vaccinations": SharedData.VACCINATIONS,
    "record_doses": SharedData.VACCINATIONS,
    "doses": SharedData.VACCINATIONS,
    "anomaly_id": SharedData.ANOMALY,
    "reasons": SharedData.ANOMALY,
    "opened_at": SharedData.ANOMALY,
    "next_change_at": SharedData.ANOMALY,
    "nat_validity": SharedData.ANOMALY,
    # From what a member is excused is what else would be an anomaly.
    "excused_from": SharedData.ANOMALY,
    "excused_until": SharedData.ANOMALY,
    "excuse_reason": SharedData.ANOMALY,
    "leave_id": SharedData.LEAVING,
    "leave_reason": SharedData.LEAVING,
    "requested_at": SharedData.LEAVING,
    "due_at": SharedData.LEAVING,
    # Who asked, for whom and where: managers are told whether they may complete it.
    "requested_by": SharedData.LEAVING,
    "person_id": SharedData.LEAVING,
    "group_id": SharedData.LEAVING,
    "cause": SharedData.LEAVING,
    "reason": SharedData.LEAVING,
}


def shared_by(*tables: Columns) -> tuple[SharedData, ...]:
    """Return all that these tables of columns show of a person, in the order of the enum.

    Raise ``KeyError`` for an attribute of which it isn't said what it is.
    """
    shown = {
        SHARED_AS[attribute]
        for table in tables
        for columns in table.values()
        for attribute in columns
    }
    return tuple(data for data in SharedData if data in shown)


def is_health(attribute: str) -> bool:
    """Return whether an attribute of a member tells of their health."""
    return attribute in SHARED_AS and SHARED_AS[attribute].is_health


def with_consent(table: Columns) -> Columns:
    """Return a table that reads, beside all that tells of health, whether consent holds (R42)."""
    return {
        field: {
            **columns,
            **({"withheld_at": "withheld_at"} if any(map(is_health, columns)) else {}),
        }
        for field, columns in table.items()
    }

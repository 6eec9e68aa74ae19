"""What creator and admins of a group see of its members, by name, for who is to join (R11)."""

from enum import StrEnum


class SharedData(StrEnum):
    """One kind of what managers read of a member, or of somebody who left."""

    NAME = "NAME"
    ID_NUMBER_MASKED = "ID_NUMBER_MASKED"
    PHONE = "PHONE"
    REMARK = "REMARK"
    STUDENT = "STUDENT"
    ROLE = "ROLE"
    MEMBERSHIP_TIMES = "MEMBERSHIP_TIMES"
    GUARDIAN = "GUARDIAN"
    SECTION = "SECTION"
    HEALTH_CODE = "HEALTH_CODE"
    NUCLEIC_ACID_TESTS = "NUCLEIC_ACID_TESTS"
    VACCINATIONS = "VACCINATIONS"
    ANOMALY = "ANOMALY"
    LEAVING = "LEAVING"

    @property
    def is_health(self) -> bool:
        """Whether it tells of the person's health."""
        return self in _HEALTH


_HEALTH = frozenset(
    {
        SharedData.HEALTH_CODE,
        SharedData.NUCLEIC_ACID_TESTS,
        SharedData.VACCINATIONS,
        SharedData.ANOMALY,
    }
)

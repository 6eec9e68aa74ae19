"""A member's row, and what belongs to the member: anomaly, evidence, leave request."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from app.domain.anomalies import AnomalyReason
from app.domain.consents import BY_WITHDRAWAL
from app.domain.evidence import Evidence, JudgedRecord, evidence_of
from app.domain.groups import NatValidity
from app.domain.health import HealthCode, NucleicAcidTest, TestResult, Vaccination, by_dose
from app.domain.identity import mask_id_number
from app.domain.roles import Role
from app.models.columns import Values
from app.models.details import (
    StoredTest,
    StoredVaccination,
    read_latest_test,
    read_tests,
    read_vaccinations,
)
from app.resolvers.excuses import Excused
from app.resolvers.rows import Row
from app.resolvers.section_row import SectionRow
from app.resolvers.sharing import is_health


@dataclass(frozen=True, slots=True)
class PersonRow:
    """The real person behind a membership."""

    member: "MemberRow"

    @property
    def name(self) -> str:
        """As on the document."""
        return self.member.name

    @property
    def id_number_masked(self) -> str:
        """The document's number, the middle hidden."""
        return mask_id_number(self.member.id_number)

    @property
    def student(self) -> bool:
        """Whether they were enrolled as a student."""
        return self.member.student


@dataclass(frozen=True, slots=True)
class GuardianRow:
    """Who enrolled a member."""

    name: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """A member's latest test, where just what stands beside the encrypted tests was read of it."""

    result: TestResult
    tested_at: datetime | None


@dataclass(frozen=True, slots=True)
class LeaveRequestRow:
    """A member's request to leave, while it waits (R32)."""

    typename: ClassVar[str] = "LeaveRequest"

    id: UUID
    member: "MemberRow"
    reason: str
    requested_at: datetime
    due_at: datetime
    requested_by: UUID

    @property
    def by_withdrawal(self) -> bool:
        """Whether a withdrawn consent asked for it (R42)."""
        return self.reason == BY_WITHDRAWAL


@dataclass(frozen=True, slots=True)
class AnomalyRow:
    """A member's open anomaly (R20, R23)."""

    typename: ClassVar[str] = "Anomaly"

    id: UUID
    member: "MemberRow"

    @property
    def reasons(self) -> list[str]:
        """Every reason against the member."""
        return self.member.reasons

    @property
    def opened_at(self) -> datetime:
        """Since when there has been one, without a break."""
        return self.member.opened_at

    @property
    def next_change_at(self) -> datetime | None:
        """When time alone will change the reasons; None if it won't."""
        return self.member.next_change_at

    @property
    def evidence(self) -> list[Evidence]:
        """The record behind each reason."""
        return [self.member.evidence_of(AnomalyReason(reason)) for reason in self.reasons]


def shown_code(of_record: HealthCode | None, *, withheld: bool) -> HealthCode:
    """Return a member's code: UNKNOWN without data (R20), WITHHELD without consent (R42)."""
    return HealthCode.WITHHELD if withheld else of_record or HealthCode.UNKNOWN


def shown_doses(of_record: int | None) -> int:
    """Return the number of a member's highest dose, 0 without any (R36)."""
    return of_record or 0


class MemberRow(Row, Excused):
    """A member; a ``record_`` is what the provider's health record says, None without one.

    Once consent is withdrawn nothing of their health is in the row (R42).
    """

    typename: ClassVar[str] = "Member"

    id: UUID
    group_id: UUID
    group_version: int
    person_id: UUID
    enrolled_by_id: UUID | None
    name: str
    id_number: str
    student: bool
    phone: str
    remark: str
    role: Role
    joined_at: datetime
    enroller_name: str | None
    section_id: UUID | None
    section_name: str
    bound_to: list[str] | None
    record_code: HealthCode | None
    record_doses: int | None
    health_code_at: datetime | None
    negative_at: datetime | None
    as_of: datetime | None
    stored_tests: list[StoredTest] | None
    pending_tests: list[StoredTest] | None
    newest_result: TestResult | None
    newest_result_at: datetime | None
    stored_vaccinations: list[StoredVaccination] | None
    nat_validity: NatValidity
    anomaly_id: UUID | None
    reasons: list[str]
    opened_at: datetime
    next_change_at: datetime | None
    leave_id: UUID | None
    leave_reason: str
    requested_at: datetime
    due_at: datetime
    requested_by: UUID
    withheld_at: datetime | None

    def __init__(self, values: Values) -> None:
        withheld = values.get("withheld_at") is not None
        if withheld:
            values = {name: None if is_health(name) else value for name, value in values.items()}
        super().__init__(values)
        self._withheld = withheld

    @property
    def person(self) -> PersonRow:
        """Who they are."""
        return PersonRow(self)

    @property
    def enrolled_by(self) -> GuardianRow | None:
        """Who enrolled them; None for who acts for themselves."""
        return None if self.enroller_name is None else GuardianRow(self.enroller_name)

    @property
    def section(self) -> SectionRow | None:
        """The section they are in; None for who is in none (R50)."""
        return None if self.section_id is None else SectionRow(self.section_id, self.section_name)

    @property
    def health_code(self) -> HealthCode:
        """The provider's colour; UNKNOWN without data (R20), WITHHELD without consent (R42)."""
        return shown_code(self.record_code, withheld=self._withheld)

    @property
    def doses(self) -> int:
        """The number of the highest dose."""
        return shown_doses(self.record_doses)

    @property
    def tests(self) -> list[NucleicAcidTest]:
        """Every test, in no order."""
        return read_tests(self.stored_tests)

    @property
    def latest_test(self) -> NucleicAcidTest | ResultRow | None:
        """The newest test with a result; a pending one only if there is no other."""
        if "stored_tests" in self.__dict__:
            return read_latest_test(self.stored_tests)
        if self.newest_result is None:
            return read_latest_test(self.pending_tests)
        return ResultRow(self.newest_result, self.newest_result_at)

    @property
    def vaccinations(self) -> list[Vaccination]:
        """Every dose, in order."""
        return by_dose(read_vaccinations(self.stored_vaccinations))

    @property
    def anomaly(self) -> AnomalyRow | None:
        """The open anomaly; None while the requirement is met."""
        return None if self.anomaly_id is None else AnomalyRow(self.anomaly_id, self)

    @property
    def leave_request(self) -> LeaveRequestRow | None:
        """The request that waits; None unless they asked to leave."""
        if self.leave_id is None:
            return None
        return LeaveRequestRow(
            self.leave_id,
            self,
            self.leave_reason,
            self.requested_at,
            self.due_at,
            self.requested_by,
        )

    def evidence_of(self, reason: AnomalyReason) -> Evidence:
        """Return the record behind a reason (R20)."""
        record = JudgedRecord(
            health_code=self.record_code,
            health_code_at=self.health_code_at,
            tests=self.tests,
            newest_negative_at=self.negative_at,
            as_of=self.as_of,
        )
        return evidence_of(reason, record, self.nat_validity)

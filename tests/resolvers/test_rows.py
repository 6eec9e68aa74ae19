"""Rows have what the schema reads of them, and what their columns fill."""

from collections.abc import Mapping
from typing import Any, get_type_hints

import pytest

from app.domain.consents import Kept
from app.domain.evidence import Evidence
from app.domain.health import NucleicAcidTest, Vaccination
from app.resolvers import statistics
from app.resolvers.accesses import AccessRow
from app.resolvers.activity import ActivityRow
from app.resolvers.consents import ConsentRow
from app.resolvers.events import EventRow, LaggedRow
from app.resolvers.families import RelativeRow
from app.resolvers.group_row import (
    GROUP_ALWAYS,
    GROUP_COLUMNS,
    ColourReasonRow,
    CreatorRow,
    GroupRow,
    InvitationPolicyRow,
    RequirementRow,
)
from app.resolvers.groups import OfferRow
from app.resolvers.invitations import (
    INVITATION_COLUMNS,
    InvitationPreviewRow,
    InvitationRow,
    InvitingGroupRow,
    OfferedSectionRow,
    TermsRow,
)
from app.resolvers.leaves import FORMER_COLUMNS, FormerMemberRow
from app.resolvers.me import MeRow, VerificationRow
from app.resolvers.member_fields import MEMBER_COLUMNS
from app.resolvers.member_row import (
    AnomalyRow,
    GuardianRow,
    LeaveRequestRow,
    MemberRow,
    PersonRow,
)
from app.resolvers.messages import MESSAGE_COLUMNS, MessageRow
from app.resolvers.paging import PageInfoRow
from app.resolvers.previews import RequirementPreviewRow
from app.resolvers.refresh import RefreshRow, RunRow
from app.resolvers.reminders import ReminderAudienceRow
from app.resolvers.rows import Row
from app.resolvers.section_row import SectionRow
from app.resolvers.sections import SectionStatisticsRow
from app.schema import build_schema

ROWS: dict[str, type] = {
    "AccessRecord": AccessRow,
    "Activity": ActivityRow,
    "Anomaly": AnomalyRow,
    "ColourReason": ColourReasonRow,
    "Consent": ConsentRow,
    "DayReport": statistics.DayReportRow,
    "DosesCount": statistics.DosesCountRow,
    "Evidence": Evidence,
    "FormerMember": FormerMemberRow,
    "Group": GroupRow,
    "GroupCreator": CreatorRow,
    "GroupEvent": EventRow,
    "GroupOffer": OfferRow,
    "Guardian": GuardianRow,
    "HealthCodeCount": statistics.HealthCodeCountRow,
    "IdentityVerification": VerificationRow,
    "Invitation": InvitationRow,
    "InvitationPolicy": InvitationPolicyRow,
    "InvitationPreview": InvitationPreviewRow,
    "InvitingGroup": InvitingGroupRow,
    "Lagged": LaggedRow,
    "Kept": Kept,
    "LeaveRequest": LeaveRequestRow,
    "Me": MeRow,
    "Member": MemberRow,
    "Message": MessageRow,
    "NucleicAcidTest": NucleicAcidTest,
    "PageInfo": PageInfoRow,
    "Person": PersonRow,
    "Refresh": RefreshRow,
    "RefreshRun": RunRow,
    "Relative": RelativeRow,
    "ReminderAudience": ReminderAudienceRow,
    "Requirement": RequirementRow,
    "RequirementPreview": RequirementPreviewRow,
    "Section": SectionRow,
    "SectionStatistics": SectionStatisticsRow,
    "OfferedSection": OfferedSectionRow,
    "Statistics": statistics.StatisticsRow,
    "Terms": TermsRow,
    "TestCount": statistics.TestCountRow,
    "Vaccination": Vaccination,
}
COLUMNS: list[tuple[type[Row], Mapping[str, Mapping[str, str]], set[str]]] = [
    (GroupRow, GROUP_COLUMNS, set(GROUP_ALWAYS)),
    (MemberRow, MEMBER_COLUMNS, {"id", "group_id", "group_version", "person_id", "enrolled_by_id"}),
    (FormerMemberRow, FORMER_COLUMNS, {"id", "group_id"}),
    (InvitationRow, INVITATION_COLUMNS, {"id", "group_id", "created_by_id"}),
    (MessageRow, MESSAGE_COLUMNS, {"id", "group_id", "caused_by"}),
]


@pytest.mark.parametrize("typename", ROWS)
def test_a_row_has_every_field_that_no_resolver_finds(typename: str) -> None:
    row = ROWS[typename]
    definition: Any = build_schema().get_type_by_name(typename)
    read = {field.python_name for field in definition.fields if field.base_resolver is None}
    assert read <= set(get_type_hints(row)) | set(dir(row))


@pytest.mark.parametrize(("row", "table", "always"), COLUMNS)
def test_the_columns_of_a_row_are_those_it_declares(
    row: type[Row], table: Mapping[str, Mapping[str, str]], always: set[str]
) -> None:
    declared = {name for name in get_type_hints(row) if not hasattr(row, name)}
    assert {name for columns in table.values() for name in columns} | always == declared


def test_a_column_that_was_not_selected_is_not_there() -> None:
    row = MemberRow({"remark": "三年2班"})
    assert row.remark == "三年2班"
    with pytest.raises(AttributeError):
        _ = row.phone

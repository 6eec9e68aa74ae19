"""The enums of the API: the domain's own, with a description."""

import strawberry

from app.domain.accesses import AccessKind
from app.domain.activity import ActivityState
from app.domain.events import EventType
from app.domain.family import Relation
from app.domain.groups import GroupColour, GroupType, InvitationState, NatValidity
from app.domain.health import HealthCode, TestResult
from app.domain.identity import (
    CodePurpose,
    IdType,
    VerificationPurpose,
    VerificationStatus,
)
from app.domain.judging import AnomalyReason
from app.domain.members import DepartureCause
from app.domain.messages import SmsState
from app.domain.refresh import RefreshStatus
from app.domain.refusals import RefusalCode
from app.domain.reminders import SkipReason
from app.domain.reports import ReportFormat
from app.domain.roles import Role
from app.domain.statistics import TestWindow

strawberry.enum(GroupColour, description="The one colour a group carries.")
strawberry.enum(GroupType, description="The kind of organisation a group belongs to.")
strawberry.enum(InvitationState, description="Whether an invitation still lets people in.")
strawberry.enum(NatValidity, description="How long a negative nucleic acid test holds.")
strawberry.enum(HealthCode, description="A person's health code; UNKNOWN without data.")
strawberry.enum(TestResult, description="The result of a nucleic acid test.")
strawberry.enum(CodePurpose, description="What an SMS verification code is for.")
strawberry.enum(IdType, description="The kind of an identity document.")
strawberry.enum(VerificationPurpose, description="What an identity verification is for.")
strawberry.enum(VerificationStatus, description="Where an identity verification stands.")
strawberry.enum(AnomalyReason, description="Why a member doesn't meet the requirement.")
strawberry.enum(RefreshStatus, description="Where a refresh run stands.")
strawberry.enum(RefusalCode, name="UserErrorCode", description="Why a mutation was refused.")
strawberry.enum(Role, description="What a member is in a group.")
strawberry.enum(Relation, description="What a relative is to the viewer.")
strawberry.enum(DepartureCause, description="How a former member came to be out.")
strawberry.enum(EventType, name="GroupEventType", description="What happened in a group.")
strawberry.enum(SmsState, name="MessageState", description="What became of an SMS.")
strawberry.enum(ActivityState, description="Whether managers look after a group.")
strawberry.enum(ReportFormat, description="What a report is exported as.")
strawberry.enum(SkipReason, description="Why someone got no reminder.")
strawberry.enum(TestWindow, description="How old a newest result is.")
strawberry.enum(AccessKind, description="What someone did with members' details.")

__all__ = [
    "AccessKind",
    "ActivityState",
    "AnomalyReason",
    "CodePurpose",
    "DepartureCause",
    "EventType",
    "GroupColour",
    "GroupType",
    "HealthCode",
    "IdType",
    "InvitationState",
    "NatValidity",
    "RefreshStatus",
    "RefusalCode",
    "Relation",
    "ReportFormat",
    "Role",
    "SkipReason",
    "SmsState",
    "TestResult",
    "TestWindow",
    "VerificationPurpose",
    "VerificationStatus",
]

"""The rows of the database, their named queries and migrations. No use cases."""

from app.models.accesses import AccessDay, AccessSpell
from app.models.accounts import Account, Device, RefreshToken, Session
from app.models.anomalies import Anomaly
from app.models.codes import VerificationCode
from app.models.consents import Consent
from app.models.data_versions import DataVersion
from app.models.day_counts import DayCount
from app.models.due import DueWork
from app.models.events import GroupEvent
from app.models.groups import Group
from app.models.guardians import Guardianship
from app.models.health import HealthRecord
from app.models.invitations import Invitation
from app.models.key_checks import KeyCheck
from app.models.keyed_requests import KeyedRequest
from app.models.leaves import FormerMember, LeaveRequest
from app.models.members import Membership
from app.models.messages import Sms
from app.models.organisation_days import OrganisationDay
from app.models.organisations import (
    Organisation,
    OrganisationAbove,
    OrganisationCode,
    Overseer,
)
from app.models.people import Person
from app.models.processes import Process
from app.models.quotas import Quota
from app.models.refresh import RefreshRun
from app.models.relatives import Relative
from app.models.reminder_schedules import ReminderSchedule
from app.models.reports import DayReport
from app.models.rosters import RosterEntry
from app.models.sections import Section
from app.models.shown_counts import ShownCount, ShownDay
from app.models.verifications import Verification

__all__ = [
    "AccessDay",
    "AccessSpell",
    "Account",
    "Anomaly",
    "Consent",
    "DataVersion",
    "DayCount",
    "DayReport",
    "Device",
    "DueWork",
    "FormerMember",
    "Group",
    "GroupEvent",
    "Guardianship",
    "HealthRecord",
    "Invitation",
    "KeyCheck",
    "KeyedRequest",
    "LeaveRequest",
    "Membership",
    "Organisation",
    "OrganisationAbove",
    "OrganisationCode",
    "OrganisationDay",
    "Overseer",
    "Person",
    "Process",
    "Quota",
    "RefreshRun",
    "RefreshToken",
    "Relative",
    "ReminderSchedule",
    "RosterEntry",
    "Section",
    "Session",
    "ShownCount",
    "ShownDay",
    "Sms",
    "Verification",
    "VerificationCode",
]

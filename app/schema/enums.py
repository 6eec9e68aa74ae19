"""The enums of the API: the domain's own, each value with a description."""

from enum import EnumMeta

import strawberry
from strawberry.types.enum import StrawberryEnumDefinition

from app.domain.accesses import AccessKind
from app.domain.activity import ActivityState
from app.domain.anomalies import AnomalyReason
from app.domain.codes import CodePurpose
from app.domain.family import Relation
from app.domain.groups import GroupColour, GroupType, NatValidity
from app.domain.health import HealthCode, TestResult
from app.domain.identity import IdType
from app.domain.invitations import InvitationState
from app.domain.members import DepartureCause
from app.domain.refresh import RefreshStatus
from app.domain.refusals import RefusalCode
from app.domain.reminders import SkipReason
from app.domain.reports import ReportFormat
from app.domain.roles import Role
from app.domain.statistics import TestWindow
from app.domain.verifications import VerificationPurpose, VerificationStatus
from app.schema.refusal_texts import describe_refusal


def describe(enum: EnumMeta, what: str, *, name: str | None = None, **values: str) -> None:
    """Take an enum into the schema; ``values`` describe each of its values.

    A value without a description raises ``KeyError``.
    """
    strawberry.enum(enum, name=name, description=what)
    # Strawberry describes values only of enums that are written for it; the domain's know nothing
    # of it, so the descriptions are put where it keeps them.
    definition: StrawberryEnumDefinition = vars(enum)["__strawberry_definition__"]
    for value in definition.values:
        value.description = values[value.name]


describe(
    GroupColour,
    "The one colour a group carries.",
    GREEN="Every code is green, and nobody's test is missing, expired or positive.",
    YELLOW="Some code is yellow or unknown, or some test is missing, expired or positive.",
    RED="Some code is red.",
)
describe(
    GroupType,
    "The kind of organisation a group belongs to.",
    ENTERPRISE="A company.",
    SCHOOL="A school or kindergarten.",
    PUBLIC_INSTITUTION="A public institution, a hospital for one.",
    GOVERNMENT="A government agency.",
    SOCIAL_ORGANISATION="An association, foundation or the like.",
    OTHER="None of these.",
)
describe(
    InvitationState,
    "Whether an invitation still lets people in.",
    OPEN="It does.",
    PAUSED="Not now: the creator paused joining.",
    EXPIRED="No longer: its 24 hours are over.",
    WITHDRAWN="No longer: it was withdrawn.",
)
describe(
    NatValidity,
    "How long a negative nucleic acid test holds.",
    NONE="No test is required.",
    H24="24 hours from the result.",
    H48="48 hours from the result.",
    H72="72 hours from the result.",
    D7="7 days from the result.",
)
describe(
    HealthCode,
    "A person's health code; UNKNOWN without data.",
    GREEN="No known risk.",
    YELLOW="A possible risk.",
    RED="A risk.",
    UNKNOWN="The provider has none, or wasn't heard yet.",
    WITHHELD="Consent was withdrawn: nothing of their health is shown or counted in this group.",
)
describe(
    TestResult,
    "The result of a nucleic acid test.",
    NEGATIVE="Nothing was found.",
    POSITIVE="The virus was found.",
    PENDING="Sampled, not tested yet; it counts for nothing.",
)
describe(
    CodePurpose,
    "What an SMS verification code is for.",
    SIGN_IN="Opening a session.",
    CREATE_GROUP="Creating a group with another phone than the session's.",
    JOIN="Joining a group with another phone than the session's.",
    CHANGE_PHONE="Having a member reached at another phone than the session's.",
    CLOSE_ACCOUNT="Closing the account of that phone.",
)
describe(
    IdType,
    "The kind of an identity document.",
    RESIDENT_ID="A mainland resident ID card.",
    HK_MACAO_PERMIT="A mainland travel permit of Hong Kong and Macao residents.",
    TAIWAN_PERMIT="A mainland travel permit of Taiwan residents.",
    PASSPORT="A passport.",
    FOREIGN_RESIDENT_CARD="A foreign permanent resident ID card.",
)
describe(
    VerificationPurpose,
    "What an identity verification is for.",
    IDENTIFY="Being a real-named person: confirmIdentity.",
    JOIN="Joining a group oneself.",
    ADD_RELATIVE="Adding a relative or verifying one of the registry; of the relative's face.",
    LEAVE="Asking to leave, for oneself or a ward.",
    DISSOLVE="Dissolving a group.",
    TRANSFER="Offering or taking over a group.",
    CLOSE_ACCOUNT="Closing the viewer's account.",
)
describe(
    VerificationStatus,
    "How far an identity verification is.",
    PENDING="The face wasn't checked yet.",
    PASSED="It is the person of the document.",
    FAILED="It isn't, or time ran out.",
)
describe(
    AnomalyReason,
    "Why a member doesn't meet the requirement.",
    CODE_RED="The health code is red.",
    CODE_YELLOW="The health code is yellow.",
    CODE_UNKNOWN="There is no health code.",
    TEST_MISSING="A test is required, and there is no negative one.",
    TEST_EXPIRED="The newest negative test has lapsed.",
    TEST_POSITIVE="The newest test is positive.",
)
describe(
    RefreshStatus,
    "How far a refresh run is.",
    QUEUED="It waits for a worker.",
    RUNNING="The provider is being asked.",
    DONE="Everyone's data came.",
    PARTLY_DONE="Some people's data didn't come: see missing.",
    FAILED="Nobody's data came; a new run is possible at once.",
)
describe(
    RefusalCode,
    "Why a mutation was refused: each as its message in both languages, in braces what depends "
    "on the case.",
    name="UserErrorCode",
    **{code.name: describe_refusal(code) for code in RefusalCode},
)
describe(
    Role,
    "What a member is in a group.",
    CREATOR="Owns the group: every right.",
    ADMIN="Appointed by the creator: looks after members and reports.",
    MEMBER="Sees the group's page and what is their own.",
)
describe(
    Relation,
    "What a relative is to the viewer.",
    SPOUSE="A husband or wife.",
    PARENT="A father or mother.",
    CHILD="A son or daughter.",
    SIBLING="A brother or sister.",
    GRANDPARENT="A grandfather or grandmother.",
    GRANDCHILD="A grandson or granddaughter.",
    OTHER="Any other.",
)
describe(
    DepartureCause,
    "How a former member came to be out.",
    LEAVE_COMPLETED="They asked to leave, and a manager completed it.",
    LEAVE_EXPIRED="They asked to leave, and 24 hours went by.",
    REMOVED="A manager removed them.",
)
describe(
    ActivityState,
    "Whether managers look after a group.",
    ACTIVE="Refreshed by itself four times a day.",
    INACTIVE="No refresh by hand on two whole days: once a day, until the next by hand.",
)
describe(
    ReportFormat,
    "What a report is exported as.",
    XLSX="A workbook with typed cells.",
    CSV="Comma-separated text, UTF-8 with a byte order mark.",
)
describe(
    SkipReason,
    "Why someone got no reminder.",
    REMINDED_WITHIN_AN_HOUR="This group reminded them less than an hour ago.",
    NOT_REMINDABLE="They were chosen, and are no members, withdrew consent, or their first data is "
    "still on its way.",
    NO_PHONE="The number, theirs or their guardian's, is somebody else's by now.",
)
describe(
    TestWindow,
    "How old a newest result is.",
    H24="Less than 24 hours.",
    H48="24 to 48 hours.",
    H72="48 to 72 hours.",
    D7="72 hours to 7 days.",
    OLDER="7 days or more.",
    NONE="No result.",
)
describe(
    AccessKind,
    "What someone did with members' details.",
    VIEWED="Looked at them.",
    EXPORTED="Exported a report they are in.",
)

__all__ = [
    "AccessKind",
    "ActivityState",
    "AnomalyReason",
    "CodePurpose",
    "DepartureCause",
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
    "TestResult",
    "TestWindow",
    "VerificationPurpose",
    "VerificationStatus",
    "describe",
]

"""The terms that people agree to, and what they agree to share."""

import strawberry

from app.domain.sharing import SharedData
from app.schema.enums import describe

describe(
    SharedData,
    "A kind of what creator and admins see of a member.",
    NAME="The name, as on the document.",
    ID_NUMBER_MASKED="The document's number, its middle hidden.",
    PHONE="The phone by which the member is reached.",
    REMARK="The remark given on joining.",
    STUDENT="Whether enrolled as a student.",
    ROLE="What the member is in the group.",
    MEMBERSHIP_TIMES="When the member joined, and left.",
    GUARDIAN="The name of the guardian who enrolled the member.",
    SECTION="The section, such as a class or department, that the member is in.",
    HEALTH_CODE="The health code, when it was set, and when it was last asked for.",
    NUCLEIC_ACID_TESTS="Nucleic acid tests: times, results, institutions.",
    VACCINATIONS="Vaccinations: doses, days, manufacturers.",
    ANOMALY="Whether and why the member doesn't meet the group's requirement, or is excused.",
    LEAVING="A request to leave and its reason, and how a former member came to be out.",
)


@strawberry.type(description="What people agree to who join or create a group.")
class Terms:  # R11
    version: str = strawberry.field(description="Its version; each text keeps its own for ever.")
    text: str = strawberry.field(description="What it says, by Accept-Language.")

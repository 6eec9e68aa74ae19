"""Everything that is kept of one person, as a file for themselves."""

from typing import Final
from uuid import UUID

import orjson

from app.domain.identity import mask_id_number
from app.models.accounts import Account
from app.models.consents import Consent
from app.models.health import HealthRecord
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.models.people import Person
from app.models.relatives import Relative
from app.services.kernel.env import Env, Viewer

_MEMBERSHIP: Final = {
    "group": "group__name",
    "role": "role",
    "remark": "remark",
    "phone": "phone",
    "student": "student",
    "joinedAt": "joined_at",
    "anomaly": "anomaly__reasons",
    "leaveReason": "leave_request__reason",
}
_RECORD: Final = {
    "healthCode": "health_code",
    "healthCodeAt": "health_code_at",
    "tests": "tests",
    "vaccinations": "vaccinations",
    "asOf": "as_of",
}
_FORMER: Final = {
    "group": "group__name",
    "remark": "remark",
    "cause": "cause",
    "reason": "reason",
    "healthCode": "health_code",
    "latestTest": "latest_test",
    "doses": "doses",
    "joinedAt": "joined_at",
    "leftAt": "left_at",
}


async def collect_own_data(env: Env, viewer: Viewer) -> bytes:
    """Collect what is kept of the viewer, as JSON."""
    account = await Account.get(id=viewer.account_id)
    data: dict[str, object] = {
        "madeAt": env.clock.now(),
        "account": {"phone": account.phone, "since": account.created_at},
    }
    if viewer.person_id is not None:
        data |= await _of_person(viewer.person_id)
    return orjson.dumps(data, option=orjson.OPT_INDENT_2, default=str)


async def _of_person(person_id: UUID) -> dict[str, object]:
    person = await Person.get(id=person_id)
    relatives = Relative.filter(guardian_id=person_id).order_by("created_at")
    return {
        "person": {
            "name": person.name,
            "idType": person.id_type,
            "idNumberMasked": mask_id_number(person.id_number),
        },
        "healthRecord": await HealthRecord.get_or_none(person_id=person_id).values(**_RECORD),
        "memberships": await Membership.filter(
            person_id=person_id, group__dissolved_at=None
        ).values(**_MEMBERSHIP),
        "formerMemberships": await FormerMember.filter(
            person_id=person_id, group__dissolved_at=None
        ).values(**_FORMER),
        "consents": await Consent.filter(person_id=person_id).values(
            group="group__name", terms="terms_version", givenBy="given_by__name", givenAt="given_at"
        ),
        "relatives": await relatives.values("name", "relation", "student", idType="id_type"),
    }

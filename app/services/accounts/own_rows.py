"""The parts of the file of one's own data, each read from its rows (R43)."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tortoise.expressions import Q

from app.domain.identity import mask_id_number
from app.models.accesses import AccessDay, spells_about
from app.models.accounts import Account, Device, Session
from app.models.codes import VerificationCode
from app.models.consents import Consent
from app.models.events import GroupEvent
from app.models.groups import Group
from app.models.guardians import Guardianship
from app.models.health import HealthRecord
from app.models.invitations import Invitation
from app.models.leaves import FormerMember
from app.models.members import Membership
from app.models.people import Person
from app.models.refresh import RefreshRun
from app.models.relatives import Relative
from app.models.verifications import Verification
from app.services.accounts.phones import sms_to
from app.services.accounts.shown import shown_health
from app.services.accounts.stays import (
    consents_about,
    former_wards_of,
    listed_as,
    reports_of,
    stays_of,
)
from app.services.kernel.env import Env, Viewer

Part = list[dict[str, object]]  # rows as the file shows them

_OF_MEMBER: Final = {
    "group": "group__name",
    "role": "role",
    "remark": "remark",
    "section": "section__name",
    "student": "student",
    "joinedAt": "joined_at",
    "enrolledBy": "enrolled_by__name",
    "anomaly": "anomaly__reasons",
    "excusedFrom": "excused_from",
    "excusedUntil": "excused_until",
    "excuseReason": "excuse_reason",
    "leaveReason": "leave_request__reason",
    "leaveDueAt": "leave_request__due_at",
}
_MEMBERSHIP: Final = {
    **_OF_MEMBER,
    "phone": "phone",
    "alerts": "alerts",
    "alertMinute": "alert_minute",
    "boundTo": "bound_to",
    "digestMinute": "digest_minute",
    "remindedAt": "reminded_at",
    "withheldAt": "withheld_at",
}
_RECORD: Final = {
    "healthCode": "health_code",
    "healthCodeAt": "health_code_at",
    "tests": "tests",
    "vaccinations": "vaccinations",
    "asOf": "as_of",
    "timesAhead": "ahead",
}
_FORMER: Final = {
    "group": "group__name",
    "name": "person__name",
    "remark": "remark",
    "section": "section__name",
    "cause": "cause",
    "reason": "reason",
    "healthCode": "health_code",
    "latestTest": "latest_test",
    "doses": "doses",
    "asOf": "as_of",
    "joinedAt": "joined_at",
    "leftAt": "left_at",
}
_CONSENT: Final = {
    "group": "group__name",
    "for": "person__name",
    "terms": "terms_version",
    "givenBy": "given_by__name",
    "givenAt": "given_at",
    "withdrawnAt": "withdrawn_at",
}
_ACCESS: Final = {"by": "viewer__name", "group": "group__name", "kind": "kind", "day": "day"}
_SPELL: Final = {
    "by": "access__viewer__name",
    "group": "access__group__name",
    "kind": "access__kind",
    "people": "people",
    "from": "first_at",
    "to": "last_at",
}
_MESSAGE: Final = {
    "template": "template",
    "group": "group__name",
    "state": "state",
    "createdAt": "created_at",
    "endedAt": "ended_at",
}


@dataclass(frozen=True, slots=True)
class OfAccount:
    """What is kept of a phone that signs in."""

    env: Env
    viewer: Viewer
    account: Account

    async def collect(self) -> dict[str, object]:
        """Return the account with its sessions, devices, checks, codes and SMS."""
        of_account = {"account_id": self.account.id}
        messages = await sms_to(self.env, self.viewer)
        codes = VerificationCode.filter(
            phone_hash__in=self.env.cipher.lookups("phone", self.account.phone)
        )
        return {
            "phone": self.account.phone,
            "language": self.account.language,
            "since": self.account.created_at,
            "lastSeenAt": self.account.last_seen_at,
            "sessions": await Session.filter(**of_account).values(
                since="created_at", endedAt="ended_at"
            ),
            "devices": await Device.filter(**of_account).values(lastUsedAt="last_used_at"),
            "verifications": await Verification.filter(**of_account).values(
                "purpose", "name", "status", idType="id_type", at="created_at"
            ),
            "verificationCodes": await codes.values("purpose", at="created_at", usedAt="used_at"),
            "messages": await messages.order_by("created_at").values(**_MESSAGE),
        }


@dataclass(frozen=True, slots=True)
class OfPerson:
    """What is kept of a real-named person."""

    env: Env
    person_id: UUID

    async def collect(self) -> dict[str, object]:
        """Return the parts about the person, and about those whom they are a guardian of."""
        person = await Person.get(id=self.person_id)
        own = Q(person_id=self.person_id)
        record = await HealthRecord.get_or_none(own).values(**_RECORD)
        return {
            "person": {
                "name": person.name,
                "idType": person.id_type,
                "idNumber": person.id_number,
                "since": person.created_at,
            },
            "phones": await Account.filter(own, person_shown=True).values_list("phone", flat=True),
            "healthRecord": record and shown_health(record),
            "memberships": await Membership.filter(own, group__dissolved_at=None).values(
                **_MEMBERSHIP
            ),
            "formerMemberships": await _formers(Q(own, group__dissolved_at=None)),
            "reports": await reports_of(self.person_id),
            "roster": await listed_as(self.person_id),
            "consents": await (await consents_about(self.person_id)).values(**_CONSENT),
            "relatives": await self._relatives(),
            **await self._of_wards(),
            **await self._accesses(),
            **await self._doings(),
        }

    async def _relatives(self) -> Part:
        relatives = Relative.filter(guardian_id=self.person_id).order_by("created_at")
        return [
            {
                "name": relative.name,
                "idType": relative.id_type,
                "idNumberMasked": mask_id_number(relative.id_number),
                "relation": relative.relation,
                "student": relative.student,
                "registered": relative.registered,
                "verifiedAt": relative.verified_at,
            }
            for relative in await relatives
        ]

    async def _of_wards(self) -> dict[str, Part]:
        """Return who this is a guardian of, or was when they left; and their own guardians."""
        held = Guardianship.filter(guardian_id=self.person_id)
        through = {name: f"member__{path}" for name, path in _OF_MEMBER.items()}
        records = {name: f"member__person__record__{path}" for name, path in _RECORD.items()}
        left = [former.id for former in await former_wards_of(self.person_id)]
        guards = Guardianship.filter(member__person_id=self.person_id)
        wards = await held.values(
            **through, **records, name="member__person__name", phone="phone", since="created_at"
        )
        return {
            "wards": [shown_health(ward) for ward in wards],
            "formerWards": await _formers(Q(id__in=left)),
            "guardians": await guards.values(
                group="member__group__name", name="guardian__name", since="created_at"
            ),
        }

    async def _accesses(self) -> dict[str, Part]:
        """Return by whom this person's data and their wards' was read, and whose they read."""
        about = spells_about(await stays_of(self.person_id))
        by_others = about.exclude(access__viewer_id=self.person_id).order_by("first_at")
        made = AccessDay.filter(viewer_id=self.person_id).order_by("first_at")
        spells: Part = await by_others.values(**_SPELL)
        return {"accesses": spells, "accessesMade": await made.values(**_ACCESS)}

    async def _doings(self) -> dict[str, Part]:
        """Return what this person did as a manager, and the events that are about them."""
        members = [
            *await Membership.filter(person_id=self.person_id).values_list("id", flat=True),
            *await FormerMember.filter(person_id=self.person_id).values_list("id", flat=True),
        ]
        # Of these groups alone: who is or was in one, or enrolled someone, consented to it.
        consents = Consent.filter(Q(person_id=self.person_id) | Q(given_by_id=self.person_id))
        groups = await consents.distinct().values_list("group_id", flat=True)
        about = Q(actor_id=self.person_id) | Q(subject_id__in=members)
        events = GroupEvent.filter(about, group_id__in=groups)
        runs = RefreshRun.filter(requested_by=self.person_id, group_id__in=groups)
        return {
            "groupsCreated": await Group.filter(creator_id=self.person_id).values(
                "name", since="created_at"
            ),
            "invitations": await Invitation.filter(created_by_id=self.person_id).values(
                group="group__name", at="created_at", expiresAt="expires_at"
            ),
            "refreshes": await runs.values("status", group="group__name", at="started_at"),
            "events": await events.order_by("at").values("type", "at", group="group__name"),
        }


async def _formers(which: Q) -> Part:
    return [shown_health(row) for row in await FormerMember.filter(which).values(**_FORMER)]

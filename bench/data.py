"""People and groups, as rows of the server's own tables.

They are written straight into the tables, since 500 joins through the API take minutes, but by the
server's own models, cipher, hashes and verdict. All of it is made up, the same in every run.
"""

import random
from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from tortoise import Model

from app.domain.anomalies import reason_mask
from app.domain.belief import BelievedRecord
from app.domain.events import EventType
from app.domain.groups import GroupType, NatValidity, Requirement
from app.domain.health import HealthCode, TestSummary
from app.domain.identity import Document, IdType
from app.domain.judging import GroupVerdict, MemberFacts, judge_group
from app.domain.roles import Role
from app.domain.terms import CURRENT
from app.models import (
    Account,
    Anomaly,
    Consent,
    DueWork,
    Group,
    GroupEvent,
    HealthRecord,
    Membership,
    Person,
    Session,
)
from app.models.due import WorkKind, work_key
from app.models.fields import use_cipher
from app.models.health import dump_record
from app.models.statements import fetch
from app.ports.cipher import Cipher
from bench.people import (
    SECRET,
    Someone,
    is_healthy,
    made_up_record,
    resident_id,
    resident_name,
)

PEOPLE: Final = 500  # of a full group
_WRITTEN_AT_ONCE: Final = 1000
# Rows are written in this order, so that what they refer to is there.
_TABLES: Final[tuple[type[Model], ...]] = (
    Person,
    Account,
    Session,
    Group,
    Membership,
    Consent,
    HealthRecord,
    Anomaly,
    GroupEvent,
    DueWork,
)


class Filler:
    """Makes people and groups; ``write`` writes them into the open database."""

    def __init__(self) -> None:
        self._cipher = Cipher(SECRET)
        use_cipher(self._cipher)
        self._chance = random.Random(7)
        self._now = datetime.now(UTC)
        self._begun = self._now - timedelta(days=20)  # when groups were created
        self._serial = 0
        self._rows: defaultdict[type[Model], list[Model]] = defaultdict(list)
        self.records: dict[UUID, BelievedRecord] = {}  # by person
        self._possible = [made_up_record(self._chance, self._now) for _ in range(400)]
        self._healthy = [one for one in self._possible if is_healthy(one)]

    def someone(self, *, real_named: bool = True) -> Someone:
        """Make a person with an account; one who isn't real-named has no row yet as a person."""
        self._serial += 1
        name, phone = resident_name(self._chance), f"+86139{self._serial:08}"
        who = Someone(uuid4(), uuid4(), uuid4(), phone, resident_id(self._serial), name)
        if real_named:
            document = Document(IdType.RESIDENT_ID, who.id_number)
            self._add(
                Person(
                    id=who.person_id,
                    identity_hash=self._cipher.lookup("identity", document.key),
                    id_type=document.id_type,
                    id_number=who.id_number,
                    name=name,
                    created_at=self._now,
                )
            )
        self._add(
            Account(
                id=who.account_id,
                phone_hash=self._cipher.lookup("phone", phone),
                phone=phone,
                person_id=who.person_id if real_named else None,
                language="zh",
                created_at=self._now,
                last_seen_at=self._now,
            ),
            Session(id=who.session_id, account_id=who.account_id, created_at=self._now),
        )
        return who

    def people(self, number: int, *, healthy: bool = False) -> list[Someone]:
        """Make so many, each with a health record; of two in a hundred there is none.

        Who is ``healthy`` has one, green and negative: a group of them hangs on its requirement.
        """
        found = [self.someone() for _ in range(number)]
        for who in found:
            if healthy or self._chance.random() > 0.02:
                record = self._chance.choice(self._healthy if healthy else self._possible)
                self.records[who.person_id] = record
                columns = dump_record(record)
                self._add(
                    HealthRecord(id=uuid4(), person_id=who.person_id, as_of=self._now, **columns)
                )
        return found

    def group(
        self, name: str, people: Sequence[Someone], validity: NatValidity = NatValidity.NONE
    ) -> UUID:
        """Make a group of these people, the first of them its creator; judged by the rules."""
        group_id, members = uuid4(), [uuid4() for _ in people]
        facts = [self._facts(key, who.person_id) for key, who in zip(members, people, strict=True)]
        verdict = judge_group(Requirement(validity), facts, self._now)
        events: list[tuple[EventType, UUID | None]] = [(EventType.GROUP_CREATED, None)]
        events += [(EventType.MEMBER_JOINED, key) for key in members]
        events += [(EventType.ANOMALY_OPENED, key) for key in verdict.anomalies]
        self._add(self._group_row(group_id, name, people, validity, verdict, len(events)))
        for place, (key, who) in enumerate(zip(members, people, strict=True)):
            self._join(group_id, key, who, place)
        self._open(group_id, verdict)
        for number, (kind, subject) in enumerate(events, 1):
            self._log(group_id, number, kind, subject)
        self._due(WorkKind.START_REFRESH, group_id, self._now + timedelta(hours=4))
        if verdict.next_change_at:
            self._due(WorkKind.JUDGE_GROUP, group_id, verdict.next_change_at)
        return group_id

    def _open(self, group_id: UUID, verdict: GroupVerdict) -> None:
        for key, anomaly in verdict.anomalies.items():
            self._add(
                Anomaly(
                    id=uuid4(),
                    group_id=group_id,
                    member_id=key,
                    reasons=[reason.value for reason in anomaly.reasons],
                    reason_mask=reason_mask(anomaly.reasons),
                    opened_at=self._now,
                    next_change_at=anomaly.next_change_at,
                )
            )

    def _log(self, group_id: UUID, number: int, kind: EventType, subject: UUID | None) -> None:
        at = self._begun + timedelta(seconds=number)
        self._add(
            GroupEvent(
                id=uuid4(), group_id=group_id, seq=number, type=kind, subject_id=subject, at=at
            )
        )

    def _facts(self, member_id: UUID, person_id: UUID) -> MemberFacts:
        record = self.records.get(person_id)
        if record is None:
            return MemberFacts(member_id, HealthCode.UNKNOWN, TestSummary(None, None, None))
        return MemberFacts(member_id, record.health_code, record.summary)

    def _group_row(
        self,
        group_id: UUID,
        name: str,
        people: Sequence[Someone],
        validity: NatValidity,
        verdict: GroupVerdict,
        version: int,
    ) -> Group:
        return Group(
            id=group_id,
            creator_id=people[0].person_id,
            name=name,
            type=GroupType.SCHOOL,
            address="广州市天河区",
            colour=verdict.colour,
            reason_counts={key.value: count for key, count in verdict.reason_counts.items()},
            nat_validity=validity,
            member_count=len(people),
            version=version,
            refreshed_at=self._now,
            visited_on=self._now.date(),
            created_at=self._begun,
        )

    def _join(self, group_id: UUID, member_id: UUID, who: Someone, place: int) -> None:
        at = self._begun + timedelta(seconds=place)
        self._add(
            Membership(
                id=member_id,
                group_id=group_id,
                person_id=who.person_id,
                role=Role.MEMBER if place else Role.CREATOR,
                remark=f"{'一二三四五六'[place % 6]}年{'一二三四'[place % 4]}班",
                phone=who.phone,
                joined_at=at,
            ),
            Consent(
                id=uuid4(),
                person_id=who.person_id,
                group_id=group_id,
                given_by_id=who.person_id,
                terms_version=CURRENT.version,
                given_at=at,
            ),
        )

    def _due(self, kind: WorkKind, subject: UUID, at: datetime) -> None:
        key = work_key(kind, subject)
        self._add(DueWork(key=key, kind=kind, subject_id=subject, due_at=at, stamp=uuid4()))

    def _add(self, *rows: Model) -> None:
        for row in rows:
            self._rows[type(row)].append(row)

    async def write(self) -> None:
        """Write all that was made since the last time, and have the planner look at it."""
        for table in _TABLES:
            await table.bulk_create(self._rows.pop(table, []), batch_size=_WRITTEN_AT_ONCE)
        await fetch("ANALYZE")

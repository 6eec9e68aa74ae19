"""Writing the rows of the demo's tree, as a quarter of a year through the API would have left them.

They are written straight into the tables: 20,000 people join for hours.
"""

from collections import defaultdict
from datetime import timedelta
from typing import Final
from uuid import UUID

from tortoise import Model

from app.demo.cast import Somebody
from app.domain.identity import Document, IdType
from app.domain.limits import COUNT_DAYS
from app.models import (
    Account,
    Consent,
    DueWork,
    Group,
    Membership,
    Organisation,
    OrganisationAbove,
    Overseer,
    Person,
    Section,
)
from app.models.database import transaction
from app.services.kernel.env import Env

_AGE: Final = timedelta(days=COUNT_DAYS + 1)  # of the tree
_WRITTEN_AT_ONCE: Final = 500
# Rows are written in this order, so that what they refer to is there.
_TABLES: Final[tuple[type[Model], ...]] = (
    *(Person, Account, Organisation, OrganisationAbove, Overseer),
    *(Group, Section, Membership, Consent, DueWork),
)


class Rows:
    """Rows that are made, of things that are there ``since`` a moment, until they are written."""

    def __init__(self, env: Env) -> None:
        self.env = env
        self.now = env.clock.now()
        self.since = self.now - _AGE
        self._rows: defaultdict[type[Model], list[Model]] = defaultdict(list)

    def new_id(self) -> UUID:
        """Return the id of a row."""
        return self.env.ids.new()

    def add(self, row: Model) -> None:
        """Have a row written."""
        self._rows[type(row)].append(row)

    async def write(self) -> None:
        """Write all that was added since the last time."""
        async with transaction():
            for table in _TABLES:
                rows = self._rows.pop(table, [])
                await table.bulk_create(rows, batch_size=_WRITTEN_AT_ONCE)

    def person(self, who: Somebody, owned_groups: int = 0) -> tuple[UUID, UUID]:
        """Add a person with an account; return the ids of both."""
        person_id, account_id = self.new_id(), self.new_id()
        document = Document(IdType.RESIDENT_ID, who.id_number)
        self.add(
            Person(
                id=person_id,
                identity_hash=self.env.cipher.lookup("identity", document.key),
                id_type=document.id_type,
                id_number=who.id_number,
                name=who.name,
                name_verified_at=self.since,
                owned_groups=owned_groups,
                created_at=self.since,
            )
        )
        self.add(
            Account(
                id=account_id,
                phone_hash=self.env.cipher.lookup("phone", who.phone),
                phone=who.phone,
                person_id=person_id,
                language="zh",
                created_at=self.since,
                last_seen_at=self.now,
            )
        )
        return person_id, account_id

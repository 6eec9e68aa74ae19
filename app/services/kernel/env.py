"""What every use case is given: the outside, and who is asking."""

import asyncio
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from app.domain.accesses import Viewings
from app.domain.costs import POINTS_PER_ADDRESS, POINTS_PER_PERSON
from app.domain.limits import CODE_COUNTRIES, CODES_PER_ADDRESS
from app.ports.budgets import Budgets, LocalBudgets
from app.ports.bus import Bus
from app.ports.cipher import Cipher
from app.ports.clock import Clock
from app.ports.family import FamilyRegistry
from app.ports.health import HealthRecords
from app.ports.identity import IdentityVerification
from app.ports.ids import Ids
from app.ports.sms import SmsGateway
from app.ports.tokens import Tokens
from app.services.kernel.crowds import Crowds
from app.services.kernel.steps import Step
from app.services.kernel.together import Together
from app.services.kernel.turns import Turns

_EVENTS_AT_ONCE: Final = 8  # of what subscribers are told: queries get between them
SMS_AT_ONCE: Final = 4  # that the gateway is handed, codes not counted


def _event_turns() -> asyncio.Semaphore:
    return asyncio.Semaphore(_EVENTS_AT_ONCE)


def _sms_turns() -> asyncio.Semaphore:
    return asyncio.Semaphore(SMS_AT_ONCE)


@dataclass(frozen=True, slots=True)
class Env:
    """The outside of the server, as Protocols, and the settings that rules depend on.

    ``turns``, ``viewings`` and ``asked_after`` are what a process remembers between requests;
    ``together`` is by what it reads for many at once, ``crowds`` who wait for the same,
    ``event_turns`` in what turns events are executed; ``sms_together`` is by what SMS are read and
    ended for many at once, ``sms_turns`` in what turns they are
    handed over; ``step`` is the mutation with an
    idempotency key that is carried out, if it is one.
    """

    clock: Clock
    ids: Ids
    cipher: Cipher
    tokens: Tokens
    bus: Bus
    health: HealthRecords
    identity: IdentityVerification
    family: FamilyRegistry
    sms: SmsGateway
    timezone: ZoneInfo
    public_url: str
    rate_limits: bool = True
    codes_per_address: int | None = CODES_PER_ADDRESS
    points_per_person: int = POINTS_PER_PERSON
    points_per_address: int = POINTS_PER_ADDRESS
    code_countries: frozenset[str] = CODE_COUNTRIES
    budgets: Budgets = field(default_factory=LocalBudgets)
    turns: Turns = field(default_factory=Turns)
    together: Together = field(default_factory=Together)
    crowds: Crowds = field(default_factory=Crowds)
    event_turns: asyncio.Semaphore = field(default_factory=_event_turns)
    sms_together: Together = field(default_factory=Together)
    sms_turns: asyncio.Semaphore = field(default_factory=_sms_turns)
    viewings: Viewings = field(default_factory=Viewings)
    asked_after: dict[UUID, datetime] = field(default_factory=dict)  # face checks, by their ids
    step: Step | None = None

    def lookups(self, kind: str, value: str) -> list[str]:
        """Return the keyed hashes by which a value may be found, the one it is written by first."""
        return self.cipher.lookups(kind, value)

    def day_of(self, moment: datetime) -> date:
        """Return the day of a moment in the configured zone."""
        return moment.astimezone(self.timezone).date()

    def today(self) -> date:
        """Return the day that it is now in the configured zone."""
        return self.day_of(self.clock.now())


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who is signed in. ``person_id`` is None until they pass a verification (R6)."""

    account_id: UUID
    session_id: UUID
    person_id: UUID | None

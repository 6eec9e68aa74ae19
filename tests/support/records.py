"""What the provider says of people, and what the server keeps of them."""

from datetime import datetime, timedelta
from typing import Any

from app.domain.identity import IdType
from app.models.health import HealthRecord
from app.models.people import Person as PersonRow
from app.ports.cipher import Cipher
from tests.support.in_process import SECRET
from tests.support.person import Person

GREEN = {"health_code": "GREEN"}


def nat(now: datetime, hours: float, result: str = "NEGATIVE") -> dict[str, Any]:
    """Return a nucleic acid test of so many hours ago, as the provider tells of it."""
    return {"result": result, "tested_at": (now - timedelta(hours=hours)).isoformat()}


def shots(count: int) -> list[dict[str, int]]:
    """Return so many doses of a vaccine, as the provider tells of them."""
    return [{"dose": dose} for dose in range(1, count + 1)]


async def row_of(person: Person) -> PersonRow | None:
    """The person's row; None when they were erased."""
    key = f"{IdType.RESIDENT_ID}:{person.id_number}"
    return await PersonRow.get_or_none(identity_hash=Cipher(SECRET).lookup("identity", key))


async def has_record(person: Person) -> bool:
    """Whether the server keeps health data of someone."""
    row = await row_of(person)
    return row is not None and await HealthRecord.filter(person_id=row.id).exists()

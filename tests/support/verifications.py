"""Verifications: their results, and becoming real-named by one."""

from typing import Any

from tests.support.person import Person
from tests.support.world import World


async def confirm(person: Person, verification_id: str) -> str:
    """Become real-named by a verification; return ``DONE``, or the code of the refusal."""
    given = {"verificationId": verification_id}
    payload = await person.payload("confirmIdentity", "__typename", **given)
    return str(payload["errors"][0]["code"]) if payload["errors"] else "DONE"


async def end(verification: dict[str, Any], world: World, status: str) -> dict[str, Any]:
    """Have a verification end as PASSED or FAILED; return it."""
    (await world.http.post(verification["url"], json={"status": status})).raise_for_status()
    return verification

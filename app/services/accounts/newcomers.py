"""Fetching the families of people who just became real-named, without their asking (R12)."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.identity import Document
from app.models.due import Claim, finish
from app.models.people import Person
from app.models.reading import Statement
from app.models.relatives import finish_without_relatives
from app.ports.http import GatewayError
from app.services.accounts.families import bring_in_line, listed_by_registry
from app.services.kernel.env import Env


async def fetch_family(env: Env, claim: Claim) -> None:
    """Fetch the relatives of someone who just became real-named (R12); harmless twice."""
    for error in (await fetch_families(env, [claim])).values():
        raise error


async def fetch_families(env: Env, claims: Sequence[Claim]) -> Mapping[Claim, Exception]:
    """Fetch the relatives of several people as ``fetch_family`` does.

    Return what is to be tried again. Whoever has relatives waits for no answer about others.
    """
    documents = await _documents([claim.subject_id for claim in claims])
    ends = await asyncio.gather(
        *(_fetch(env, claim, documents.get(claim.subject_id)) for claim in claims)
    )
    ended = dict(zip(claims, ends, strict=True))
    await _end_without(env, {k: at for k, at in ended.items() if isinstance(at, datetime)})
    return {claim: error for claim, error in ended.items() if isinstance(error, Exception)}


_DOCUMENTS: Final = Statement(lambda *people: Person.filter(id__in=list(people)))


async def _documents(people: Sequence[UUID]) -> dict[UUID, Document]:
    columns = {"id": "id", "id_type": "id_type", "id_number": "id_number"}
    rows = await _DOCUMENTS.read(columns, *people)
    return {row["id"]: Document(row["id_type"], row["id_number"]) for row in rows}


async def _fetch(env: Env, claim: Claim, own: Document | None) -> Exception | datetime | None:
    """Fetch one family, and end the work.

    Return the error if it is to be tried again; where the registry lists nobody, when it was asked:
    then the work is still to be ended.
    """
    try:
        asked_at = None if own is None else await _sync(env, claim.subject_id, own)
        if asked_at is None:
            await finish(claim)
    except Exception as error:  # it spoils none of the others
        return error
    return asked_at


async def _sync(env: Env, person_id: UUID, own: Document) -> datetime | None:
    """Bring a list in line with the registry; where that lists nobody, return when it was asked."""
    try:
        listed, requested_at = await listed_by_registry(env, own)
    except GatewayError as error:
        if error.permanent:
            return None
        raise
    if not listed:
        return requested_at
    await bring_in_line(env, person_id, listed, requested_at)
    return None


async def _end_without(env: Env, asked_at: Mapping[Claim, datetime]) -> None:
    """End the work about those of whom the registry lists nobody."""
    if not asked_at:
        return
    # As of most who join: nothing to bring in line.
    done = await finish_without_relatives([*asked_at])
    for claim, requested_at in asked_at.items():
        if claim.subject_id not in done:
            await bring_in_line(env, claim.subject_id, {}, requested_at)
            await finish(claim)

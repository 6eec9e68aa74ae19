"""Fetching people's data from the provider, as after they joined (R14).

Who joins at the same moment is asked about by one question, and stored by one transaction.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.identity import Document
from app.models.awaiting import end_awaiting, note_fetched
from app.models.due import Claim
from app.models.finishing import finish_all
from app.models.members import Membership
from app.models.news import end_fetches
from app.models.reading import Statement
from app.ports.health import ProviderAnswer, Told
from app.ports.http import GatewayError
from app.services.health.records import JUDGING_DELAY, store_records
from app.services.kernel.env import Env
from app.services.kernel.unit import unit_of_work


async def fetch_person(env: Env, claim: Claim) -> None:
    """Fetch one person's data (R14); harmless twice.

    When the provider stays away for ten minutes, the person is judged without.
    """
    for error in (await fetch_people(env, [claim])).values():
        raise error


async def fetch_people(env: Env, claims: Sequence[Claim]) -> Mapping[Claim, Exception]:
    """Fetch the data of several people as ``fetch_person`` does; return what is to be tried again.

    They are as many as the provider takes in one question at most.
    """
    documents = await _shared([claim.subject_id for claim in claims])
    asked = [claim for claim in claims if claim.subject_id in documents]
    if len(asked) < len(claims):
        await finish_all([claim for claim in claims if claim.subject_id not in documents])
    if not asked:
        return {}
    requested_at = env.clock.now()
    answer = await _answer(env, documents.values())
    silent = [one for one in asked if documents[one.subject_id] not in answer.answered]
    awaited = await _awaited([one.subject_id for one in silent], requested_at) if silent else ()
    failed = {one: answer.refused for one in silent if one.subject_id in awaited}
    told = {
        person_id: answer.told[document]
        for person_id, document in documents.items()
        if document in answer.told
    }
    await _end(env, [one for one in asked if one not in failed], told, requested_at)
    return {claim: error for claim, error in failed.items() if error is not None}


async def _answer(env: Env, documents: Collection[Document]) -> ProviderAnswer:
    try:
        return await env.health.query(list(documents))
    except GatewayError as error:
        return ProviderAnswer({}, set(), error)


_SHARED: Final = Statement(
    lambda *people: Membership.filter(
        person_id__in=list(people), withheld_at=None, group__dissolved_at=None
    )
)


async def _shared(people: Sequence[UUID]) -> dict[UUID, Document]:
    """Return the documents of those of whom any group may read: of nobody else we ask (R42)."""
    columns = {
        "person_id": "person_id",
        "id_type": "person__id_type",
        "id_number": "person__id_number",
    }
    rows = await _SHARED.read(columns, *people)
    return {row["person_id"]: Document(row["id_type"], row["id_number"]) for row in rows}


async def _awaited(people: Sequence[UUID], now: datetime) -> Collection[UUID]:
    """Return of whom there is still time to ask again."""
    rows = Membership.filter(person_id__in=list(people), awaited_until__gt=now)
    return {person_id for (person_id,) in await rows.values_list("person_id")}


async def _end(
    env: Env, claims: Sequence[Claim], told: Mapping[UUID, Told], requested_at: datetime
) -> None:
    """Store what was told, and have these people judged, be it without anything told.

    Of several people none is waited for: those whose memberships others hold are stored after the
    rest, one by one.
    """
    if not claims:
        return
    held: Collection[UUID] = ()
    async with unit_of_work(env) as unit:
        if len(claims) > 1:
            held = await end_awaiting([claim.subject_id for claim in claims])
        ours = [claim for claim in claims if claim.subject_id not in held]
        people = {claim.subject_id for claim in ours}
        known = {person_id: told[person_id] for person_id in people & told.keys()}
        # Also in a group that they joined since we asked who shows them.
        unit.changes_health(*people)
        await store_records(unit, known, requested_at, end_awaiting=len(claims) == 1)
        if len(claims) == 1 and not known:
            await note_fetched(people)
        unit.announce_due(judged_at := unit.now + JUDGING_DELAY)
        await end_fetches(ours, judged_at)
    for claim in claims:
        if claim.subject_id in held:
            await _end(env, [claim], told, requested_at)

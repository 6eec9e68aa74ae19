"""An organisation in a live view: its colour and numbers, and which groups below it turned (R48).

A nudge says that a group below turned, that what is shown of its counts is new, or that the tree
changed. Whoever follows then reads what isn't green below the organisation and who turned within
the last minutes: as much as there is news of, however large the tree; and the sums of counts, if
they select any. What several follow at the same moment is read once.
"""

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Final, TypeAlias
from uuid import UUID

from app.domain.refusals import NotFound, Unauthenticated
from app.models.overseen import (
    NOTHING_BELOW,
    ColoursBelow,
    OverseenGroup,
    Turned,
    count_colours,
    read_turned,
)
from app.models.oversight import SeenOrganisation, seen_by
from app.ports.bus import organisation_channel
from app.resolvers.context import Context, Info, Scope
from app.resolvers.ids import decode_id
from app.resolvers.organisation_numbers import SumsBelow, read_sums, tell_sums
from app.resolvers.organisation_row import OrganisationRow, OverseenGroupRow
from app.resolvers.paging import LARGEST_PAGE
from app.resolvers.selection import selected_fields
from app.services.accounts.sessions import viewers_of_sessions
from app.services.kernel.env import Env
from app.services.kernel.outlasting import outlasting

# A transaction may commit later than its time says: who turned is looked for over so long.
_LATE: Final = timedelta(minutes=2)
_PAUSE: Final = 0.2  # seconds between looks: a whole tree that turns is told in few events
_COUNTS: Final = {"memberCount", "colourCounts", "statistics"}
_Look: TypeAlias = tuple[UUID | None, UUID]  # whose, a person's, and at which organisation


@dataclass(frozen=True, slots=True)
class OrganisationChangeRow:
    """An organisation as it is now, and the groups that turned since what was told before."""

    organisation: OrganisationRow
    turned: list[OverseenGroupRow]
    turned_count: int


@dataclass(frozen=True, slots=True)
class _Status:
    """What is below an organisation: what isn't green, and who turned lately."""

    colours: ColoursBelow
    turned: list[Turned]


@dataclass(slots=True)
class _Told:
    """What one follower was told last: the state, and when which group turned."""

    news: object = None
    turned: dict[UUID, datetime | None] = field(default_factory=dict)

    def fresh(self, turned: Collection[Turned]) -> list[OverseenGroup]:
        """Return who turned and wasn't told yet; from now on they were."""
        fresh = [group for group in turned if self.turned.get(group.id) != group.turned_at]
        self.turned = {group.id: group.turned_at for group in turned}
        return list(fresh)


async def organisation_status_changed(
    info: Info, organisation_id: str, since: datetime | None
) -> AsyncIterator[OrganisationChangeRow]:
    """Resolve ``organisationStatusChanged``: the organisation now, and whenever its status changes.

    Who resumes gives ``since``, and is told at once who turned after it. Session and standing are
    read again at each nudge. Raise ``Unauthenticated`` once the session ended, ``NotFound`` once
    the organisation isn't the viewer's to see.
    """
    key = decode_id(organisation_id, "Organisation")
    counts = not _COUNTS.isdisjoint(selected_fields(info, "organisation"))
    told = _Told()
    async with info.context.env.bus.listen(organisation_channel(key)) as listener:
        listening = True
        while listening:
            status = await outlasting(partial(_status, info.context.env, key))
            sums = await outlasting(partial(_sums, info.context.env, key)) if counts else None
            # Right and version are read last, so that neither is older than what is told with it.
            row = await outlasting(partial(_look, info.context, key))
            fresh = told.fresh(status.turned)
            if told.news is None:
                fresh = await outlasting(partial(_turned_since, key, since))
            news = (row, status.colours, sums)
            if fresh or news != told.news:
                told.news = news
                if sums is not None:
                    tell_sums(info.context, key, sums)
                yield _change(row, fresh)
                await asyncio.sleep(_PAUSE)
            listening = await listener.nudged()


async def _turned_since(key: UUID, since: datetime | None) -> list[OverseenGroup]:
    return list(await read_turned([key], since)) if since else []


def _change(row: OrganisationRow, turned: list[OverseenGroup]) -> OrganisationChangeRow:
    shown = [OverseenGroupRow.of(group) for group in turned[:LARGEST_PAGE]]
    return OrganisationChangeRow(row, shown, len(turned))


async def _look(context: Context, organisation_id: UUID) -> OrganisationRow:
    """Read session and standing anew, for all who look at the same moment."""
    claims, together = context.claims, context.env.together
    if claims is None:
        raise Unauthenticated
    viewer = await together.read("sessions that follow", viewers_of_sessions, claims)
    context.scope = Scope(viewer=viewer, viewer_known=True)
    if viewer is None:
        raise Unauthenticated
    look: _Look = (viewer.person_id, organisation_id)
    seen = await together.read("followed organisations", _read_seen, look)
    if seen is None:
        raise NotFound
    return OrganisationRow.of(seen)


async def _read_seen(looks: Collection[_Look]) -> dict[_Look, SeenOrganisation]:
    """Read organisations by a statement for each person who looks: those are few."""
    found: dict[_Look, SeenOrganisation] = {}
    for person_id in {person_id for person_id, _ in looks}:
        keys = [key for whose, key in looks if whose == person_id]
        seen = await seen_by(person_id, keys)
        found |= {(person_id, key): one for key, one in seen.items()}
    return found


async def _status(env: Env, organisation_id: UUID) -> _Status:
    found = await env.together.read(
        "status of organisations", partial(_read_status, env), organisation_id
    )
    assert found is not None, "it is read for every key"
    return found


async def _sums(env: Env, organisation_id: UUID) -> SumsBelow | None:
    return await env.together.read("sums of organisations", read_sums, organisation_id)


async def _read_status(env: Env, keys: Collection[UUID]) -> Mapping[UUID, _Status]:
    turned = await read_turned(keys, env.clock.now() - _LATE)
    colours = await count_colours(keys)
    return {
        key: _Status(
            colours.get(key, NOTHING_BELOW), [one for one in turned if one.above_id == key]
        )
        for key in keys
    }

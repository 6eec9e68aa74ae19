"""Trees of organisations in a use case: held while they change, told of what changed below."""

from collections.abc import Awaitable, Callable, Collection
from typing import Final, TypeVar
from uuid import UUID

from app.domain.organisations import OrganisationRight, demand
from app.domain.refusals import NotFound
from app.models.organisations import Organisation, above_of, lock_roots, roots_of
from app.models.oversight import standing_of_person
from app.models.trees import advance_versions
from app.ports.bus import organisation_channel
from app.services.kernel.env import Env, Viewer
from app.services.kernel.unit import Unit, unit_of_work

R = TypeVar("R")

_TRIES: Final = 10  # a tree that moves so often while one waits for it: no tree does


class TreeMoved(Exception):
    """An organisation came to stand below another root before that could be held."""


async def in_tree(env: Env, organisation_id: UUID, change: Callable[[Unit], Awaitable[R]]) -> R:
    """Run a use case's transaction while nobody else changes the tree of an organisation."""

    async def find() -> list[UUID]:
        return [organisation_id]

    return await in_trees(env, find, change)


async def in_trees(
    env: Env,
    find: Callable[[], Awaitable[Collection[UUID]]],
    change: Callable[[Unit], Awaitable[R]],
    group_id: UUID | None = None,
) -> R:
    """Run a use case's transaction while nobody else changes the trees of some organisations.

    ``find`` returns which these are. The roots are locked in the order of their ids, ahead of
    groups: so two that are attached to each other at once can't become a circle, and each limit
    of a tree holds. ``group_id``: whose writers take turns.
    """
    for attempt in range(_TRIES):
        roots = await roots_of(await find())
        try:
            async with unit_of_work(env, group_id) as unit:
                await lock_roots(set(roots.values()))
                if await roots_of(await find()) != roots:
                    raise TreeMoved
                return await change(unit)
        except TreeMoved:
            if attempt == _TRIES - 1:
                raise
    raise AssertionError("the last attempt returned or raised")


async def require_oversight(
    viewer: Viewer, organisation_id: UUID, right: OrganisationRight
) -> Organisation:
    """Return an organisation to a viewer who has the right in it.

    Raise ``NotFound`` to outsiders, ``Forbidden`` to those above it or in it without the right.
    """
    demand(await standing_of_person(viewer.person_id, organisation_id), right)
    found = await Organisation.get_or_none(id=organisation_id)
    if found is None:
        raise NotFound
    return found


async def changed_in_tree(unit: Unit, organisation_id: UUID) -> None:
    """Note that an organisation changed, or what is attached to it: all above show another."""
    await advance_versions(organisation_id)
    await nudge_above(unit, organisation_id)


async def nudge_above(unit: Unit, organisation_id: UUID | None) -> None:
    """Have those look again who follow an organisation or one above it (R48)."""
    if organisation_id is not None:
        for above_id in await above_of(organisation_id):
            unit.announce(organisation_channel(above_id))

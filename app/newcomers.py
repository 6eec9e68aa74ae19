"""What a newcomer finds: a demo on an empty database, and whom to sign in as."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import click

from app.config import Settings
from app.demo import group, tree
from app.demo.cast import FULL_SIZE, TreeSize
from app.main import Server, create_server
from app.ports.clock import MovableClock


@dataclass(frozen=True, slots=True)
class Guide:
    """Somebody of the demo whom a newcomer may sign in as: a phone, and who they are."""

    phone: str
    whose: str


_CREATOR: Final = Guide(group.CREATOR_PHONE, "the creator of the demo group")
_OWNER: Final = Guide(tree.WHO_IS_WHO[0][0].phone, "the owner of the demo's organisation")


async def lay_down_demo(settings: Settings, server: Server) -> Guide | None:
    """Create the demo group on an empty database; return whom to sign in as, if a demo is there.

    The sandbox is told anew of who is in it.
    """
    if await group.is_empty():
        with click.progressbar(length=group.PEOPLE, label="  Creating the demo group") as bar:
            await group.lay_down(server.app, settings.url, bar.update)
        return _CREATOR
    if await group.is_laid_down():
        await group.put_records(server.app, settings.url)
        return _CREATOR
    if await tree.is_laid_down():
        async with group.serving(server.app, settings.url) as reached:
            await tree.put_records(reached)
        return _OWNER
    return None


async def create_demo(settings: Settings) -> list[str]:
    """Create the demo group without serving it; return what to say of it.

    That is nothing where the database holds something else.
    """
    async with _in_the_past(settings, group.AHEAD) as (server, _):
        guide = await lay_down_demo(settings, server)
    return [f"{guide.phone} is {guide.whose}; `groupcode serve` serves it."] if guide else []


async def create_large_demo(settings: Settings, size: TreeSize = FULL_SIZE) -> list[str]:
    """Create the demo's tree on an empty database, without serving it; return what to say of it.

    That is nothing where the database isn't empty.
    """
    async with _in_the_past(settings, tree.LIVED + group.AHEAD) as (server, clock):
        if not await group.is_empty():
            return []
        steps = tree.STEPS * size.groups
        with click.progressbar(length=steps, label="  Creating the demo's tree") as bar:
            await tree.lay_down(server.app, server.env, clock, bar.update, size)
    return [
        f"`groupcode serve` serves it: sign in on {settings.url}/dashboard as",
        *(f"  {who.phone}, who {does}" for who, does in tree.WHO_IS_WHO),
    ]


@asynccontextmanager
async def _in_the_past(
    settings: Settings, ago: timedelta
) -> AsyncIterator[tuple[Server, MovableClock]]:
    """A server that works and isn't reached, so long ago that the next one isn't behind."""
    clock = MovableClock()
    clock.advance(-ago)
    server = create_server(settings, clock)
    async with server.app.router.lifespan_context(server.app):
        yield server, clock

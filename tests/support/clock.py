"""Moving time, and what the clock shows in the configured zone."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.support.person import Person
from tests.support.waiting import settled
from tests.support.world import World

SHANGHAI = ZoneInfo("Asia/Shanghai")


async def move_to(world: World, days: int = 1, hour: int = 8) -> None:
    """Move to eight o'clock, or another hour, of a later day in the configured zone."""
    now = datetime.fromisoformat(await world.now()).astimezone(SHANGHAI)
    then = (now + timedelta(days=days)).replace(hour=hour, minute=0, second=0, microsecond=0)
    await world.advance(seconds=(then - now).total_seconds())


async def pass_time(*people: Person, **by: float) -> None:
    """Move time forward; these people's sessions go on, and what came due is done."""
    world = people[0].world
    await world.advance(**by)
    for person in people:
        await person.renew()
    await settled(world)


async def pass_until(hour: int, *people: Person) -> None:
    """Move time to the next full hour of this number in Shanghai."""
    now = datetime.fromisoformat(await people[0].world.now()).astimezone(SHANGHAI)
    at = now.replace(hour=hour, minute=0, second=0, microsecond=0)
    await pass_time(*people, seconds=(at - now) % timedelta(days=1) / timedelta(seconds=1))


async def today(world: World) -> date:
    """The day in Shanghai."""
    return datetime.fromisoformat(await world.now()).astimezone(SHANGHAI).date()


async def time_until(world: World, moment: str, **before: float) -> timedelta:
    """How long it is until a while before a moment."""
    now = datetime.fromisoformat(await world.now())
    return datetime.fromisoformat(moment) - timedelta(**before) - now


async def advance_to(world: World, moment: str, **before: float) -> None:
    """Move time to a while before a moment."""
    left = await time_until(world, moment, **before)
    await world.advance(seconds=max(left.total_seconds(), 0))


async def to_local(world: World, *people: Person, hour: int, minute: int = 0) -> None:
    """Move the clock to the next such time in the configured zone; sessions end by such steps."""
    now = datetime.fromisoformat(await world.now()).astimezone(SHANGHAI)
    minutes = (hour * 60 + minute - now.hour * 60 - now.minute - 1) % (24 * 60) + 1
    await world.advance(seconds=minutes * 60 - now.second - now.microsecond / 1_000_000)
    for person in people:
        await person.sign_in_again()

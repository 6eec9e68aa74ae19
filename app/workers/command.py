"""What `groupcode work` prints: how much work is due, what is dead, and trying that again.

Nothing of it is personal: keys hold ids, errors are names of types.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.models.data_versions import move_versions
from app.models.database import database, newest_moment, transaction
from app.models.dead_work import DeadWork, due_by_kind, read_dead_work, reschedule
from app.models.due import new_stamp
from app.ports.clock import Clock, MovableClock, SystemClock
from app.workers.kinds import KINDS

_SHOWN = 100  # dead pieces; what is behind them is counted


@dataclass(frozen=True, slots=True)
class Output:
    """What to print, and whether the command could do what it was told."""

    lines: Sequence[str]
    ok: bool = True


async def work(
    database_url: str, retry: str | None, *, retry_all: bool, clock_moves: bool
) -> Output:
    """Carry out `groupcode work` with its options, where ``clock_moves`` by the rows' clock."""
    async with database(database_url, pool_size=1):
        clock = await clock_of_rows() if clock_moves else SystemClock()
        if retry_all:
            return Output([f"{await retry_dead(clock)} dead pieces of work are due again"])
        if retry is None:
            return Output(await overview(clock))
        if await retry_dead(clock, retry):
            return Output([f"{retry} is due again"])
        return Output([f"no dead work has the key {retry}"], ok=False)


async def clock_of_rows() -> Clock:
    """Return the clock of the rows: with the sandbox, theirs may be moved ahead of the system's."""
    clock = SystemClock()
    newest = await newest_moment()
    return MovableClock(fixed_at=newest) if newest and newest > clock.now() else clock


async def overview(clock: Clock) -> list[str]:
    """Return the lines that say how much work is due, since when, and what is dead."""
    now = clock.now()
    counts = {row.kind: row for row in await due_by_kind(now)}
    dead_work = await read_dead_work()
    lines = [f"{'kind':<16}{'due':>10}  {'oldest':<14}{'dead':>8}"]
    for kind in KINDS:
        row = counts.get(kind)
        due, oldest = (0, "") if row is None else (row.due, _age(now - row.oldest_at))
        dead = sum(one.kind is kind for one in dead_work)
        lines.append(f"{kind:<16}{due:>10,}  {oldest:<14}{dead:>8,}")
    if dead_work:
        lines += ["", "Dead: it failed too often, and is tried again only on request."]
        lines += [_line(one) for one in dead_work[:_SHOWN]]
        if len(dead_work) > _SHOWN:
            lines.append(f"… and {len(dead_work) - _SHOWN:,} more")
        lines += ["", "Try it again by --retry KEY, or all of it by --retry-all."]
    return lines


async def retry_dead(clock: Clock, key: str | None = None) -> int:
    """Have dead work done again, all of it or that of one key; return how many pieces."""
    chosen = [one for one in await read_dead_work() if key in (None, one.key)]
    return sum([await _retry(one, clock.now()) for one in chosen])


async def _retry(dead: DeadWork, now: datetime) -> bool:
    """Have dead work done now; False when it isn't dead any more."""
    async with transaction():
        on_retry = KINDS[dead.kind].on_retry
        shown_in = None if on_retry is None else await on_retry(dead.subject_id)
        again = await reschedule(dead, now)
        if shown_in is not None:
            await move_versions(new_stamp(), [shown_in])
        return again


def _line(dead: DeadWork) -> str:
    since = dead.dead_at.strftime("%Y-%m-%d %H:%M:%SZ")
    subject = KINDS[dead.kind].subject
    return f"  {dead.key}  ({subject})  {dead.error}, {dead.attempts} attempts, since {since}"


def _age(age: timedelta) -> str:
    """Say how long ago something came due, in its two largest units."""
    seconds = max(int(age.total_seconds()), 0)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    named = ((days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s"))
    shown = [f"{amount} {unit}" for amount, unit in named if amount]
    return " ".join(shown[:2]) or "0 s"

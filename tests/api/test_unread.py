"""Answers that nobody reads: beyond a share of the memory, who keeps us waiting longest goes."""

import asyncio

import pytest

from app.web import flow
from app.web.flow import Unread

MB = 1 << 20


class Connection(asyncio.Transport):
    """One whose client doesn't read."""

    def __init__(self, unread: int) -> None:
        super().__init__()
        self.unread, self.aborted = unread, False

    def get_write_buffer_size(self) -> int:
        return 0 if self.aborted else self.unread

    def abort(self) -> None:
        self.aborted = True


def waiting(connection: Connection) -> Unread:
    unread = Unread(asyncio.get_running_loop())
    unread.of(connection)
    unread.began()
    return unread


async def test_all_together_keep_no_more_than_their_share() -> None:
    connections = [Connection(30 * MB) for _ in range(10)]
    watched = [waiting(connection) for connection in connections]
    kept = [connection for connection in connections if not connection.aborted]
    assert kept == connections[-4:], "those that came last"
    for one in watched:
        one.ended()


async def test_one_alone_may_have_more() -> None:
    only = Connection(500 * MB)
    unread = waiting(only)
    assert not only.aborted
    unread.ended()


async def test_who_goes_on_reading_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "LOOK_SECONDS", 0.05)
    slow, still = Connection(4 * MB), Connection(4 * MB)
    watched = [waiting(slow), waiting(still)]
    for _ in range(10):
        slow.unread -= 64 << 10
        await asyncio.sleep(0.04)
    assert (slow.aborted, still.aborted) == (False, True)
    for one in watched:
        one.ended()

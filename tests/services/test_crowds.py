"""A crowd has one task, from the first who joins to the last who leaves."""

import asyncio

from app.services.kernel.crowds import Crowd, Crowds


class Serving:
    """Serves crowds, and remembers which."""

    def __init__(self) -> None:
        self.begun: list[Crowd[str]] = []
        self.running = 0
        self.fails = False

    async def __call__(self, crowd: Crowd[str]) -> None:
        """Serve until cancelled, or fail."""
        self.begun.append(crowd)
        self.running += 1
        try:
            crowd.served.set()
            if self.fails:
                raise OSError
            await asyncio.Event().wait()
        finally:
            self.running -= 1


async def test_one_task_serves_all_who_are_there() -> None:
    crowds, serve = Crowds(), Serving()
    async with crowds.joined("a", "one", serve):
        async with crowds.joined("a", "two", serve):
            assert [list(crowd.members) for crowd in serve.begun] == [["one", "two"]]
        assert list(serve.begun[0].members) == ["one"]
        async with crowds.joined("b", "three", serve):
            assert serve.running == 2
    await asyncio.sleep(0)
    assert serve.running == 0


async def test_who_comes_after_the_last_has_left_begins_another() -> None:
    crowds, serve = Crowds(), Serving()
    for _ in range(2):
        async with crowds.joined("a", "one", serve):
            assert serve.running == 1
        await asyncio.sleep(0)
    assert len(serve.begun) == 2


async def test_who_comes_after_its_task_has_failed_begins_another() -> None:
    crowds, serve = Crowds(), Serving()
    serve.fails = True
    async with crowds.joined("a", "one", serve):
        serve.fails = False
        async with crowds.joined("a", "two", serve):
            assert [list(crowd.members) for crowd in serve.begun] == [["one"], ["two"]]
            assert serve.running == 1
    await asyncio.sleep(0)
    assert serve.running == 0

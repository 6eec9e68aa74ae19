"""The worker: background work in a process of its own, which loads nothing of the API."""

import asyncio
import signal

from app.collecting import spare_what_stays
from app.config import Settings
from app.logs import log_loop_error
from app.wiring import observe, running, wire


async def run_worker(settings: Settings) -> None:
    """Do the background work until told to stop; what is under way ends or comes due again."""
    observe(settings, "worker")
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(log_loop_error)
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    async with running(wire(settings), work=True):
        spare_what_stays()
        await stop.wait()

"""A process's environment without a server: its database, its clock, and an SMS gateway."""

from collections.abc import AsyncIterator

import pytest

from app.models.database import database
from app.models.due import DueWork
from app.models.messages import Sms
from app.ports.clock import MovableClock
from app.services.kernel.env import Env
from tests.support.background import CountedSms, environment_of


@pytest.fixture(scope="module")
async def opened(database_url: str) -> AsyncIterator[str]:
    """A database that no server works on."""
    async with database(database_url):
        yield database_url


@pytest.fixture
async def gateway(opened: str) -> CountedSms:
    """An SMS gateway, with nothing to send yet."""
    await DueWork.all().delete()
    await Sms.all().delete()
    return CountedSms()


@pytest.fixture
def clock() -> MovableClock:
    """The clock of the environment."""
    return MovableClock()


@pytest.fixture
def env(opened: str, gateway: CountedSms, clock: MovableClock) -> Env:
    """What one process works with."""
    return environment_of(opened, gateway, clock)

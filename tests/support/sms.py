"""The SMS that people got."""

from collections.abc import Iterable
from typing import Any

from tests.support.person import Person
from tests.support.waiting import eventually


async def sms_of(person: Person, template: str) -> list[dict[str, Any]]:
    """Return the SMS of one template that someone got."""
    return await person.world.messages(person.phone, template)


async def each_got_one(people: Iterable[Person], template: str) -> None:
    """Wait until each of these got one SMS of a template."""
    for person in people:
        await eventually(lambda who=person: sms_of(who, template), bool)  # type: ignore[misc]
        assert len(await sms_of(person, template)) == 1, person


async def wait_for_sms(person: Person, template: str) -> dict[str, Any]:
    """Wait for the one SMS of a template that someone gets, and return it."""
    [message] = await eventually(lambda: sms_of(person, template), bool)
    return message


async def alerts_to(person: Person) -> list[dict[str, Any]]:
    """Return the alerts that a manager got (R28)."""
    return await sms_of(person, "anomaly_alert")


async def wait_for_alerts(person: Person, times: int) -> list[dict[str, Any]]:
    """Wait until a manager has had so many alerts, and return them."""
    return await eventually(lambda: alerts_to(person), lambda seen: len(seen) == times)

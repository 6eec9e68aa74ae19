"""The SMS that people got."""

from collections.abc import Iterable
from typing import Any

from tests.support.person import Person
from tests.support.waiting import eventually


async def told(person: Person, template: str) -> list[dict[str, Any]]:
    """The SMS of one template that someone got."""
    return [one for one in await person.world.messages(person.phone) if one["template"] == template]


async def all_told(people: Iterable[Person], template: str) -> None:
    """Wait until each of these got one SMS of a template."""
    for person in people:
        await eventually(lambda who=person: told(who, template), bool)  # type: ignore[misc]
        assert len(await told(person, template)) == 1, person


async def hears(person: Person, template: str) -> dict[str, Any]:
    """Wait for the one SMS of a kind that someone is sent."""
    [message] = await eventually(lambda: told(person, template), bool)
    return message

"""People who just joined, of whom nothing is known yet."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID, uuid4

from app.models.due import Claim, WorkKind
from app.models.members import Membership
from app.resolvers.ids import decode_id
from tests.support.groups import a_group, fill
from tests.support.in_process import env_of
from tests.support.shown_writes import by_hand
from tests.support.world import World


async def newcomers(world: World, number: int) -> list[UUID]:
    """People of whom a group waits for the first data; nobody fetches it yet."""
    _, group_id, _ = await a_group(world, 0)
    key = decode_id(group_id, "Group")
    await fill(group_id, number)
    joined = Membership.filter(group_id=key, awaited_until=None, person__record=None)
    people = [person_id for (person_id,) in await joined.values_list("person_id")]
    async with by_hand(key):
        until = env_of(world).clock.now() + timedelta(minutes=10)
        await Membership.filter(person_id__in=people).update(awaited_until=until)
    return people


def claims_of(people: Sequence[UUID]) -> list[Claim]:
    """The work of fetching their data, taken."""
    return [Claim(WorkKind.FETCH_PERSON, person_id, uuid4()) for person_id in people]


async def awaited(people: Sequence[UUID]) -> set[UUID]:
    """Of whom the data is still waited for."""
    rows = Membership.filter(person_id__in=list(people), awaited_until__not_isnull=True)
    return {person_id for (person_id,) in await rows.values_list("person_id")}

"""Work about a member, done under the row of their group."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NamedTuple

from app.models.due import Claim, finish
from app.models.groups import Group, lock_group
from app.models.members import Membership
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit, unit_of_work


class MemberWork(NamedTuple):
    """The open transaction, the group whose row it holds, and the member as they are under it."""

    unit: Unit
    group: Group
    member: Membership


@asynccontextmanager
async def member_work(env: Env, claim: Claim) -> AsyncIterator[MemberWork | None]:
    """Open the transaction of work about a member.

    None where they aren't in any more, or the group is dissolved: then the work is finished.
    """
    found = await Membership.get_or_none(id=claim.subject_id).only("id", "group_id")
    if found is None:
        await finish(claim)
        yield None
        return
    async with unit_of_work(env, found.group_id) as unit:
        group = await lock_group(found.group_id)
        member = await Membership.get_or_none(id=claim.subject_id)
        if group is None or member is None:
            await finish(claim)
            yield None
        else:
            yield MemberWork(unit, group, member)

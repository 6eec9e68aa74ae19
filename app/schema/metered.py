"""Mutations that take a quota before they act."""

from collections.abc import Awaitable, Callable
from typing import Protocol, cast

from strawberry import ID
from strawberry.extensions import FieldExtension

from app.domain.quotas import ALLOWANCES, Quota, Whose
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.once import is_done
from app.services.kernel.addresses import network_of
from app.services.kernel.quotas import take


class _NamesGroup(Protocol):
    group_id: ID


class TakesQuota(FieldExtension):
    """Takes a mutation's quota; what was done already for the same request takes none."""

    def __init__(self, quota: Quota) -> None:
        self.quota = quota
        self._whose = {allowance.whose for allowance in ALLOWANCES[quota]}

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[object]],
        source: object,
        info: Info,
        **kwargs: object,
    ) -> object:
        """Take the quota, then act. Raise ``RateLimited`` when it is used up."""
        if not is_done(info):
            subjects = {whose: await self._subject(whose, info, kwargs) for whose in self._whose}
            await take(info.context.env, self.quota, subjects)
        return await next_(source, info, **kwargs)

    async def _subject(self, whose: Whose, info: Info, kwargs: dict[str, object]) -> str:
        match whose:
            case Whose.ADDRESS:
                return network_of(info.context.address)
            case Whose.PERSON:
                return (await info.context.viewer()).account_id.hex
            case Whose.GROUP:
                return decode_id(cast(_NamesGroup, kwargs["input"]).group_id, "Group").hex

"""Mutations that take a quota before they act."""

from collections.abc import Awaitable, Callable
from typing import Protocol, cast

from strawberry import ID
from strawberry.extensions import FieldExtension

from app.domain.quotas import ALLOWANCES, Quota, Whose
from app.domain.refusals import Unauthenticated
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.schema.once import is_done
from app.services.kernel.addresses import network_of
from app.services.kernel.quotas import take, take_as_viewer


class _NamesGroup(Protocol):
    group_id: ID


class TakesQuota(FieldExtension):
    """Takes a mutation's quota; what was done already for the same request takes none."""

    def __init__(self, quota: Quota) -> None:
        self.quota = quota
        self._whose = {allowance.whose for allowance in ALLOWANCES[quota]}

    @property
    def is_of_people(self) -> bool:
        """Whether it is counted of people alone, so that who asks is found along with it."""
        return self._whose == {Whose.PERSON}

    async def resolve_async(
        self,
        next_: Callable[..., Awaitable[object]],
        source: object,
        info: Info,
        **kwargs: object,
    ) -> object:
        """Take the quota, then act. Raise ``RateLimited`` when it is used up."""
        if not is_done(info):
            await self._take(info, kwargs)
        return await next_(source, info, **kwargs)

    async def _take(self, info: Info, kwargs: dict[str, object]) -> None:
        context = info.context
        if self.is_of_people and context.claims is not None and not context.scope.viewer_known:
            viewer = await take_as_viewer(context.env, context.claims, self.quota)
            if viewer is None:
                raise Unauthenticated
            context.recognise(viewer)
            return
        subjects = {whose: await self._subject(whose, info, kwargs) for whose in self._whose}
        await take(context.env, self.quota, subjects)

    async def _subject(self, whose: Whose, info: Info, kwargs: dict[str, object]) -> str:
        match whose:
            case Whose.ADDRESS:
                return network_of(info.context.address)
            case Whose.PERSON:
                return (await info.context.viewer()).account_id.hex
            case Whose.GROUP:
                return decode_id(cast(_NamesGroup, kwargs["input"]).group_id, "Group").hex

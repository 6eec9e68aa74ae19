"""Who may knock at an organisation: one line a right, over stateless classes (R44, R46)."""

from typing import ClassVar, Protocol, cast

from strawberry import ID
from strawberry.permission import BasePermission

from app.domain.organisations import OrganisationRight, demand
from app.domain.refusals import Denied
from app.resolvers.context import Info
from app.resolvers.ids import decode_id
from app.resolvers.organisation_row import OrganisationRow
from app.resolvers.organisations import standing_to
from app.schema.once import done_meanwhile, is_done


class _NamesOrganisation(Protocol):
    organisation_id: ID


class SeesOverseers(BasePermission):
    """Field: owner and overseers of the organisation itself."""

    def has_permission(self, source: object, info: Info, **kwargs: object) -> bool:
        """Decide by the standing that the organisation's row carries."""
        demand(cast(OrganisationRow, source).standing, OrganisationRight.VIEW_PEOPLE)
        return True


class _OrganisationPermission(BasePermission):
    right: ClassVar[OrganisationRight]

    async def demand(self, info: Info, global_id: str) -> None:
        """Raise a denial without the right in the organisation of an id."""
        await info.context.viewer()
        demand(await standing_to(info, decode_id(global_id, "Organisation")), self.right)


class _OperationPermission(_OrganisationPermission):
    """Decides by the viewer's standing to the organisation that the input names.

    Who sends again what was done already may have no right any more, as after dissolving.
    """

    async def has_permission(self, source: object, info: Info, **kwargs: object) -> bool:
        """Raise a denial without the right, unless the same request was carried out before."""
        await info.context.viewer()
        if is_done(info):
            return True
        try:
            named = cast(_NamesOrganisation, kwargs["input"]).organisation_id
            await self.demand(info, named)
        except Denied:
            if not await done_meanwhile(info):
                raise
        return True


class EditsOrganisation(_OperationPermission):
    """Mutation: the owner."""

    right = OrganisationRight.EDIT_ORGANISATION


class AcceptsOrganisation(_OperationPermission):
    """Mutation: an overseer; which one was offered it, the service knows."""

    right = OrganisationRight.ACCEPT_ORGANISATION


class FollowsOrganisation(_OrganisationPermission):
    """Subscription: owner and overseers, also of those above."""

    right = OrganisationRight.VIEW_NUMBERS

    async def has_permission(self, source: object, info: Info, **kwargs: object) -> bool:
        """Decide by the viewer's standing to the organisation that the argument names."""
        await self.demand(info, cast(str, kwargs["organisation_id"]))
        return True

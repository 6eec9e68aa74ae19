"""Who may knock: one line a right, over stateless classes.

A field below a group finds its right on the group's row, decided once when the row was
read. An operation that names a group by its input asks once a request.
"""

from abc import abstractmethod
from typing import ClassVar, Protocol, cast
from uuid import UUID

from strawberry import ID
from strawberry.permission import BasePermission

from app.domain.refusals import Denied
from app.domain.roles import GroupRights, Right
from app.resolvers.context import Info
from app.resolvers.group_of_session import RIGHTS_BY_MEMBER, RIGHTS_BY_SECTION
from app.resolvers.group_row import GroupRow
from app.schema.once import done_meanwhile, is_done
from app.services.kernel.members import group_of_member
from app.services.kernel.sections import group_of_section


class SignedIn(BasePermission):
    """Anyone signed in; services check again what they may do."""

    async def has_permission(self, source: object, info: Info, **kwargs: object) -> bool:
        """Raise ``Unauthenticated`` when nobody is signed in."""
        await info.context.viewer()
        return True


class FindsViewer(BasePermission):
    """Anyone signed in, which the resolver finds out along with what it reads.

    So it takes one statement. The resolver raises ``Unauthenticated`` when nobody is signed in.
    """

    def has_permission(self, source: object, info: Info, **kwargs: object) -> bool:
        """Leave it to the resolver."""
        return True


class Public(BasePermission):
    """Anyone at all: what leads to signing in."""

    def has_permission(self, source: object, info: Info, **kwargs: object) -> bool:
        """Let everyone through."""
        return True


class _NamesGroup(Protocol):
    group_id: ID


class _NamesMember(Protocol):
    member_id: ID


class _NamesSection(Protocol):
    section_id: ID


class _GroupPermission(BasePermission):
    right: ClassVar[Right]

    def demand(self, rights: GroupRights) -> bool:
        """Raise a denial without the right."""
        rights.demand(self.right)
        return True


class FieldPermission(_GroupPermission):
    """Decides by nothing but the row."""

    def has_permission(self, source: GroupRow, info: Info, **kwargs: object) -> bool:
        """Decide by the rights that the group's row carries."""
        return self.demand(source.rights)


class _OperationPermission(_GroupPermission):
    """Decides by the viewer's rights in a group that the input leads to.

    Who sends again what was done already may have no right any more, as after dissolving.
    """

    async def has_permission(self, source: object, info: Info, **kwargs: object) -> bool:
        """Raise a denial without the right, unless the same request was carried out before."""
        if is_done(info):
            await info.context.viewer()
            return True
        try:
            group_id = await self.find_group(info, kwargs["input"])
            return self.demand(await info.context.rights(group_id))
        except Denied:
            if await done_meanwhile(info):
                return True
            raise

    @abstractmethod
    async def find_group(self, info: Info, input: object) -> UUID:
        """Return the group; raise ``Unauthenticated`` before what is wrong with the input."""


class _MutationPermission(_OperationPermission):
    async def find_group(self, info: Info, input: object) -> UUID:
        """Return the group that the input names."""
        return await info.context.decode(cast(_NamesGroup, input).group_id, "Group")


class _MemberPermission(_OperationPermission):
    async def find_group(self, info: Info, input: object) -> UUID:
        """Return the group of the member that the input names."""
        key = await info.context.decode(cast(_NamesMember, input).member_id, "Member")
        found = await info.context.group_around(RIGHTS_BY_MEMBER, key)
        return found or await group_of_member(key)


class _SubscriptionPermission(_GroupPermission):
    async def has_permission(self, source: object, info: Info, **kwargs: object) -> bool:
        """Decide by the viewer's rights in the group that the argument names."""
        group_id = await info.context.decode(cast(str, kwargs["group_id"]), "Group")
        return self.demand(await info.context.rights(group_id))


class SeesCharge(FieldPermission):
    """Field: managers; it shows a section admin nobody but the members in their charge (R51)."""

    right = Right.VIEW_CHARGE


class SeesMembers(FieldPermission):
    """Field: managers of the whole group."""

    right = Right.VIEW_MEMBERS


class SeesInvitations(FieldPermission):
    """Field: creator, and admins where the policy allows."""

    right = Right.INVITE


class PreviewsRequirement(FieldPermission):
    """Field: the creator."""

    right = Right.EDIT_GROUP


class EditsGroup(_MutationPermission):
    """Mutation: the creator."""

    right = Right.EDIT_GROUP


class AcceptsGroup(_MutationPermission):
    """Mutation: an admin; which one was offered the group, the service knows."""

    right = Right.ACCEPT_GROUP


class Invites(_MutationPermission):
    """Mutation: creator, and admins where the policy allows."""

    right = Right.INVITE


class Refreshes(_MutationPermission):
    """Mutation: managers."""

    right = Right.REFRESH


class SwitchesAlerts(_MutationPermission):
    """Mutation: managers."""

    right = Right.SWITCH_ALERTS


class EditsSection(_OperationPermission):
    """Mutation of a section: managers of the whole group."""

    right = Right.MANAGE_MEMBERS

    async def find_group(self, info: Info, input: object) -> UUID:
        """Return the group of the section that the input names."""
        key = await info.context.decode(cast(_NamesSection, input).section_id, "Section")
        found = await info.context.group_around(RIGHTS_BY_SECTION, key)
        return found or await group_of_section(key)


class Reminds(_MutationPermission):
    """Mutation: managers."""

    right = Right.MANAGE_CHARGE


class ManagesGroup(_MutationPermission):
    """Mutation of what concerns the whole group: managers of all of it."""

    right = Right.MANAGE_MEMBERS


class ManagesCharge(_MutationPermission):
    """Mutation of several members of a group: managers."""

    right = Right.MANAGE_CHARGE


class Exports(_MutationPermission):
    """Mutation: managers."""

    right = Right.VIEW_CHARGE


class AppointsAdmins(_MemberPermission):
    """Mutation of a member: the creator."""

    right = Right.EDIT_GROUP


class ManagesMembers(_MemberPermission):
    """Mutation of a member: managers."""

    right = Right.MANAGE_CHARGE


class ActsForMember(_MemberPermission):
    """Mutation of a member: those in the group; the service knows whose member it is."""

    right = Right.VIEW_PAGE


class ViewsPage(_SubscriptionPermission):
    """Subscription: everyone in the group."""

    right = Right.VIEW_PAGE


class WatchesGroup(_SubscriptionPermission):
    """Subscription: managers."""

    right = Right.VIEW_CHARGE

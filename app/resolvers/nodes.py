"""``node`` and ``nodes``: any object by its global id, each type under its own rights."""

from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from app.domain.refusals import BadInput, NotFound
from app.resolvers.context import Info
from app.resolvers.families import load_relative
from app.resolvers.groups import load_group
from app.resolvers.ids import decode_any_id
from app.resolvers.invitations import load_invitation
from app.resolvers.leaves import load_former
from app.resolvers.me import load_me, load_verification
from app.resolvers.members import load_member
from app.resolvers.paging import LARGEST_PAGE
from app.resolvers.rows import NodeRow

_LOADERS: Final[dict[str, Callable[[Info, UUID], Awaitable[NodeRow | None]]]] = {
    "FormerMember": load_former,
    "Group": load_group,
    "IdentityVerification": load_verification,
    "Invitation": load_invitation,
    "Me": load_me,
    "Member": load_member,
    "Relative": load_relative,
}


async def _load(info: Info, global_id: str) -> NodeRow | None:
    typename, key = decode_any_id(global_id)
    loader = _LOADERS.get(typename)
    if loader is None:
        raise BadInput("ID_MALFORMED")
    return await loader(info, key)


async def node(info: Info, id: str) -> NodeRow:
    """Resolve ``node``: what isn't the viewer's to see isn't there."""
    found = await _load(info, id)
    if found is None:
        raise NotFound
    return found


async def nodes(info: Info, ids: list[str]) -> list[NodeRow | None]:
    """Resolve ``nodes``: null in the place of each that isn't the viewer's to see."""
    if len(ids) > LARGEST_PAGE:
        raise BadInput("PAGE_TOO_LARGE", largest=LARGEST_PAGE)
    return [await _load(info, global_id) for global_id in ids]

"""``node`` and ``nodes``: any object by its global id, each type under its own rights."""

from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias
from uuid import UUID

from app.domain.refusals import BadInput, NotFound
from app.resolvers.accesses import load_accesses
from app.resolvers.anomalies import load_anomalies
from app.resolvers.consents import load_consents
from app.resolvers.context import Info
from app.resolvers.families import load_relatives
from app.resolvers.groups import load_groups
from app.resolvers.ids import decode_any_id
from app.resolvers.invitations import load_invitations
from app.resolvers.leaves import load_formers, load_leave_requests
from app.resolvers.me import load_me, load_verifications
from app.resolvers.members import load_members
from app.resolvers.messages import load_messages
from app.resolvers.organisations import load_organisations
from app.resolvers.overseen_groups import load_overseen_groups
from app.resolvers.overseers import load_overseers
from app.resolvers.paging import LARGEST_PAGE
from app.resolvers.refresh import load_runs
from app.resolvers.rosters import load_roster_entries
from app.resolvers.rows import NodeRow
from app.resolvers.sections import load_sections

# Reads those of one type's objects that the viewer may see, by their keys.
Loader: TypeAlias = Callable[[Info, Sequence[UUID]], Awaitable[Mapping[UUID, NodeRow]]]

LOADERS: Final[Mapping[str, Loader]] = {
    "AccessRecord": load_accesses,
    "Anomaly": load_anomalies,
    "Consent": load_consents,
    "FormerMember": load_formers,
    "Group": load_groups,
    "IdentityVerification": load_verifications,
    "Invitation": load_invitations,
    "LeaveRequest": load_leave_requests,
    "Me": load_me,
    "Member": load_members,
    "Message": load_messages,
    "RefreshRun": load_runs,
    "Organisation": load_organisations,
    "OverseenGroup": load_overseen_groups,
    "Overseer": load_overseers,
    "Relative": load_relatives,
    "RosterEntry": load_roster_entries,
    "Section": load_sections,
}


async def node(info: Info, id: str) -> NodeRow:
    """Resolve ``node``: what isn't the viewer's to see isn't there."""
    [found] = await nodes(info, [id])
    if isinstance(found, Exception):
        raise found
    return found


async def nodes(info: Info, ids: Sequence[str]) -> list[NodeRow | BadInput | NotFound]:
    """Resolve ``nodes``: in the place of each that can't be answered the reason, as its error.

    What there is of one type is read together.
    """
    if len(ids) > LARGEST_PAGE:
        raise BadInput("PAGE_TOO_LARGE", largest=LARGEST_PAGE)
    wanted = [_decode(global_id) for global_id in ids]
    keys: defaultdict[str, list[UUID]] = defaultdict(list)
    for one in wanted:
        if not isinstance(one, BadInput):
            keys[one[0]].append(one[1])
    found = {typename: await LOADERS[typename](info, keys[typename]) for typename in keys}
    return [
        one if isinstance(one, BadInput) else found[one[0]].get(one[1], NotFound())
        for one in wanted
    ]


def _decode(global_id: str) -> tuple[str, UUID] | BadInput:
    try:
        typename, key = decode_any_id(global_id)
    except BadInput as malformed:
        return malformed
    return (typename, key) if typename in LOADERS else BadInput("ID_MALFORMED")

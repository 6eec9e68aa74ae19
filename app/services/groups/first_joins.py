"""The join of somebody whom nobody knew, alone and by themselves: as of most who join (R11).

Under the group's row it is one statement. Whoever may be known already joins as everybody else.
"""

from app.domain.events import Event, EventType
from app.domain.limits import GROUP_PEOPLE
from app.models.due import WorkKind
from app.models.first_joins import FirstJoin, LetIn, let_in
from app.models.groups import Group
from app.models.verifications import Verification
from app.ports.bus import account_channel
from app.services.accounts.binding import NewPerson
from app.services.groups.enrolling import JoinedMember
from app.services.groups.invitations import FoundInvitation
from app.services.groups.memberships import NewMember, new_members
from app.services.kernel.env import Viewer
from app.services.kernel.unit import Unit


def has_room(group: Group) -> bool:
    """Return whether one more may join (R2)."""
    return group.member_count < GROUP_PEOPLE


async def join_first(
    unit: Unit,
    viewer: Viewer,
    verification: Verification,
    invitation: FoundInvitation,
    group: Group,
    person: NewPerson,
    new: NewMember,
) -> tuple[LetIn, JoinedMember]:
    """Have the account show a new person, and let them into a group whose row the caller locked.

    Return what was done: less where somebody was known already, or the invitation withdrawn.
    """
    ids, rows = new_members(unit, group.id, [new])
    unit.gather(WorkKind.FETCH_FAMILY, person.id)
    member = JoinedMember(ids[person.id], already=False, person_id=person.id)
    first = FirstJoin(
        verification_id=verification.id,
        account_id=viewer.account_id,
        invitation_id=invitation.id,
        group_id=group.id,
        person=person.row,
        rows=rows,
        event_id=unit.new_id(),
        event=Event(EventType.MEMBER_JOINED, actor_id=person.id, subject_id=member.id),
        due=unit.take_due(),
    )
    done = await let_in(first, unit.now)
    if done.let_in:
        unit.logs(group.id)
        unit.announce(account_channel(viewer.account_id))
    return done, member

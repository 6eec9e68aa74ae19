"""The join of somebody whom nobody knew, alone and for themselves: as of most who join (R11).

Under the group's row it is one statement. Whoever may be known already joins as everybody else.
"""

from collections.abc import Sequence
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.joining import people_path
from app.domain.limits import GROUP_PEOPLE
from app.domain.refusals import Refusal, RefusalCode
from app.models.due import WorkKind
from app.models.first_joins import FirstJoin, let_in
from app.models.groups import Group
from app.models.inserting import NewRows
from app.models.verifications import Verification
from app.ports.bus import account_channel
from app.services.accounts.binding import NewPerson, who_is_new
from app.services.groups.enrolling import JoinedMember
from app.services.groups.joiners import Proved
from app.services.groups.memberships import NewMember, new_members
from app.services.groups.rosters import expect_matching
from app.services.kernel.env import Viewer
from app.services.kernel.unit import Unit


def has_room(group: Group) -> bool:
    """Return whether one more may join (R2)."""
    return group.member_count < GROUP_PEOPLE


async def join_first(
    unit: Unit, viewer: Viewer, proved: Proved, group: Group, section_id: UUID | None
) -> tuple[bool, JoinedMember | None]:
    """Let in who joins alone and for themselves, if nobody knew them; the group has room.

    ``group`` is its row, which the caller locked. Return whether the verification was used up by
    it, and the membership. Refused: what was used or withdrawn meanwhile.
    """
    verification = proved.verification
    person = None if verification is None else who_is_new(unit, viewer, verification)
    if verification is None or person is None:
        return False, None
    [remark] = proved.remarks
    number = proved.phone.number
    new = NewMember(person_id=person.id, phone=number, remark=remark, section_id=section_id)
    ids, rows = new_members(unit, group.id, [new])
    unit.gather(WorkKind.FETCH_FAMILY, person.id)
    expect_matching(unit, group)
    joined = Event(EventType.MEMBER_JOINED, actor_id=person.id, subject_id=ids[person.id])
    first = _first(unit, proved, verification, person, rows, joined)
    done = await let_in(first, unit.now)
    if not done.used:
        raise Refusal(RefusalCode.VERIFICATION_USED, *people_path(0, "verificationId"))
    if not done.bound:
        return True, None
    if not done.let_in:
        raise Refusal(RefusalCode.INVITATION_WITHDRAWN, "token")
    unit.note_logged(group.id)
    unit.announce(account_channel(viewer.account_id))
    return True, JoinedMember(ids[person.id], already=False, person_id=person.id)


def _first(
    unit: Unit,
    proved: Proved,
    verification: Verification,
    person: NewPerson,
    rows: Sequence[NewRows],
    event: Event,
) -> FirstJoin:
    """Return all that is to be written, what was scheduled until now with it."""
    return FirstJoin(
        verification_id=verification.id,
        account_id=verification.account_id,
        invitation_id=proved.invitation.id,
        group_id=proved.invitation.group_id,
        person=person.row,
        rows=rows,
        event_id=unit.new_id(),
        event=event,
        due=unit.take_scheduled(),
    )

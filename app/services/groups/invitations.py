"""Invitations: making, finding and withdrawing them (R9, R10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.groups import GroupType
from app.domain.invitations import InvitationState, invitation_state, too_many_live
from app.domain.limits import INVITATION_LIFE
from app.domain.refusals import Forbidden, NotFound
from app.domain.roles import Right
from app.domain.text import typed
from app.models.invitations import Invitation
from app.models.reading import Statement
from app.ports.cipher import digest
from app.ports.tokens import random_token
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require_charge
from app.services.kernel.unit import unit_of_work


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation just made; its token is the secret that lets people in."""

    id: UUID
    token: str
    created_at: datetime
    expires_at: datetime


async def create_invitation(env: Env, viewer: Viewer, group_id: UUID) -> NewInvitation:
    """Make an invitation that lives 24 hours (R10). Refused: more than may live at once (R9)."""
    token = random_token()
    async with unit_of_work(env, group_id) as unit:
        _, rights = await require_charge(viewer, group_id, Right.INVITE)
        charge = rights.charge
        await _refuse_too_many(viewer, group_id, unit.now)
        invitation = await Invitation.create(
            id=unit.new_id(),
            group_id=group_id,
            created_by_id=viewer.person_id,
            token_hash=token_hash(token),
            token=token,
            created_at=unit.now,
            expires_at=unit.now + INVITATION_LIFE,
            sections=None if charge is None else sorted(map(str, charge)),
        )
        await unit.log(group_id, _event(EventType.INVITATION_CREATED, viewer, invitation.id))
        return unit.returns(
            NewInvitation(invitation.id, token, invitation.created_at, invitation.expires_at)
        )


async def _refuse_too_many(viewer: Viewer, group_id: UUID, now: datetime) -> None:
    """Refuse one more under the group's row, which is locked."""
    live = Invitation.filter(group_id=group_id, withdrawn_at=None, expires_at__gt=now)
    makers = [maker for (maker,) in await live.values_list("created_by_id")]
    refusal = too_many_live(len(makers), sum(maker == viewer.person_id for maker in makers))
    if refusal is not None:
        raise refusal


async def withdraw_invitation(env: Env, viewer: Viewer, invitation_id: UUID) -> UUID:
    """Withdraw an invitation, so that nobody joins by it any more (R10); harmless twice.

    Return the group's id. Raise ``NotFound`` when there is no such invitation.
    """
    invitation = await Invitation.get_or_none(id=invitation_id)
    if invitation is None:
        raise NotFound
    group_id = invitation.group_id
    async with unit_of_work(env, group_id) as unit:
        _, rights = await require_charge(viewer, group_id, Right.INVITE)
        if rights.is_bound and invitation.created_by_id != viewer.person_id:
            raise Forbidden  # they don't see those of others (R51)
        withdrawn = await Invitation.filter(id=invitation_id, withdrawn_at=None).update(
            withdrawn_at=unit.now
        )
        if withdrawn:
            await unit.log(group_id, _event(EventType.INVITATION_WITHDRAWN, viewer, invitation_id))
        return unit.returns(group_id)


def _event(event: EventType, viewer: Viewer, invitation_id: UUID) -> Event:
    return Event(event, actor_id=viewer.person_id, subject_id=invitation_id)


@dataclass(frozen=True, slots=True)
class FoundInvitation:
    """An invitation as someone about to join sees it: the group, and how one joins it."""

    id: UUID
    group_id: UUID
    group_name: str
    group_type: GroupType
    group_address: str
    joining_open: bool
    remark_prompt: str
    remark_required: bool
    invited_by: str
    created_at: datetime
    expires_at: datetime
    withdrawn_at: datetime | None
    organisation_id: UUID | None
    offers_sections: bool
    sections: list[str] | None  # into which alone it leads, where a section admin made it (R51)

    def state(self, now: datetime) -> InvitationState:
        """Return whether it lets people in now (R9, R10)."""
        return invitation_state(self.withdrawn_at, self.expires_at, self.joining_open, now)


_FOUND_COLUMNS: Final = {
    "id": "id",
    "group_id": "group_id",
    "group_name": "group__name",
    "group_type": "group__type",
    "group_address": "group__address",
    "joining_open": "group__joining_open",
    "remark_prompt": "group__remark_prompt",
    "remark_required": "group__remark_required",
    "invited_by": "created_by__name",
    "created_at": "created_at",
    "expires_at": "expires_at",
    "withdrawn_at": "withdrawn_at",
    "organisation_id": "group__organisation_id",
    "offers_sections": "group__offers_sections",
    "sections": "sections",
}

_BY_TOKEN: Final = Statement(
    lambda hashed: Invitation.filter(token_hash=hashed, group__dissolved_at=None)
)


async def find_invitation(token: str) -> FoundInvitation | None:
    """Find an invitation by its token; None if it is made up, or its group dissolved (R8)."""
    rows = await _BY_TOKEN.read(_FOUND_COLUMNS, token_hash(token))
    return FoundInvitation(**rows[0]) if rows else None


def token_hash(token: str) -> str:
    """Return the hash by which an invitation is found, however its token was copied."""
    return digest("invitation", typed(token))

"""Invitations: making, finding and withdrawing them (R9, R10)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.invitations import InvitationState
from app.domain.limits import INVITATION_LIFE
from app.domain.refusals import NotFound
from app.domain.roles import Right
from app.models.invitations import Invitation
from app.ports.tokens import random_token
from app.services.kernel.env import Env, Viewer
from app.services.kernel.rights import require
from app.services.kernel.unit import unit_of_work

_JOINED_COLUMNS = (
    "id",
    "group_id",
    "created_at",
    "expires_at",
    "withdrawn_at",
    "group__joining_open",
    "group__remark_prompt",
    "group__remark_required",
    "group__name",
    "group__type",
    "group__address",
    "created_by__name",
)


@dataclass(frozen=True, slots=True)
class NewInvitation:
    """An invitation just made; its token is the secret that lets people in."""

    id: UUID
    token: str
    created_at: datetime
    expires_at: datetime


async def create_invitation(env: Env, viewer: Viewer, group_id: UUID) -> NewInvitation:
    """Make an invitation that lives 24 hours (R10)."""
    token = random_token()
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.INVITE)
        invitation = await Invitation.create(
            id=unit.new_id(),
            group_id=group_id,
            created_by_id=viewer.person_id,
            token_hash=token_hash(env, token),
            token=token,
            created_at=unit.now,
            expires_at=unit.now + INVITATION_LIFE,
        )
        await unit.log(group_id, _event(EventType.INVITATION_CREATED, viewer, invitation.id))
    return NewInvitation(invitation.id, token, invitation.created_at, invitation.expires_at)


async def withdraw_invitation(env: Env, viewer: Viewer, invitation_id: UUID) -> UUID:
    """Withdraw an invitation: nobody joins by it any more (R10); harmless twice.

    Answers the group's id.
    """
    invitation = await Invitation.get_or_none(id=invitation_id)
    if invitation is None:
        raise NotFound
    group_id: UUID = invitation.group_id
    async with unit_of_work(env, group_id) as unit:
        await require(viewer, group_id, Right.INVITE)
        withdrawn = await Invitation.filter(id=invitation_id, withdrawn_at=None).update(
            withdrawn_at=unit.now
        )
        if withdrawn:
            await unit.log(group_id, _event(EventType.INVITATION_WITHDRAWN, viewer, invitation_id))
    return group_id


def _event(event: EventType, viewer: Viewer, invitation_id: UUID) -> Event:
    return Event(event, actor_id=viewer.person_id, subject_id=invitation_id)


async def find_invitation(env: Env, token: str) -> dict[str, Any] | None:
    """Find an invitation and what it shows of its group, by the token; None if made up."""
    rows = await Invitation.filter(
        token_hash=token_hash(env, token), group__dissolved_at=None
    ).values(*_JOINED_COLUMNS)
    return rows[0] if rows else None


def token_hash(env: Env, token: str) -> str:
    """The keyed hash by which an invitation is found."""
    return env.cipher.lookup("invitation", token)


def invitation_state(invitation: dict[str, Any], now: datetime) -> InvitationState:
    """Whether an invitation still lets people in (R9, R10)."""
    if invitation["withdrawn_at"] is not None:
        return InvitationState.WITHDRAWN
    if now >= invitation["expires_at"]:
        return InvitationState.EXPIRED
    if not invitation["group__joining_open"]:
        return InvitationState.PAUSED
    return InvitationState.OPEN

"""Invitations: whether one still lets people in, and what stops it (R9, R10)."""

from datetime import datetime
from enum import StrEnum
from typing import Final

from app.domain.limits import LIVE_INVITATIONS, LIVE_INVITATIONS_OF_ONE
from app.domain.refusals import Refusal, RefusalCode


class InvitationState(StrEnum):
    """Whether an invitation still lets people in (R9, R10)."""

    OPEN = "OPEN"
    PAUSED = "PAUSED"
    EXPIRED = "EXPIRED"
    WITHDRAWN = "WITHDRAWN"


_STATE_REFUSALS: Final = {
    InvitationState.EXPIRED: RefusalCode.INVITATION_EXPIRED,
    InvitationState.WITHDRAWN: RefusalCode.INVITATION_WITHDRAWN,
    InvitationState.PAUSED: RefusalCode.INVITATION_PAUSED,
}


def invitation_state(
    withdrawn_at: datetime | None, expires_at: datetime, joining_open: bool, now: datetime
) -> InvitationState:
    """Return the state of an invitation: what can't be undone comes before a pause."""
    if withdrawn_at is not None:
        return InvitationState.WITHDRAWN
    if now >= expires_at:
        return InvitationState.EXPIRED
    return InvitationState.OPEN if joining_open else InvitationState.PAUSED


def why_not_joinable(state: InvitationState) -> RefusalCode | None:
    """Return why nobody joins by an invitation in this state; None when people do."""
    return _STATE_REFUSALS.get(state)


def too_many_live(of_group: int, of_manager: int) -> Refusal | None:
    """Return the refusal of one more invitation beside so many that still work; None if it may be.

    ``of_manager``: those of them that were made by whoever wants one more.
    """
    for live, most in ((of_manager, LIVE_INVITATIONS_OF_ONE), (of_group, LIVE_INVITATIONS)):
        if live >= most:
            return Refusal(RefusalCode.TOO_MANY_INVITATIONS, params={"limit": most})
    return None

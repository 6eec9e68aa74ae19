"""Whether an invitation still lets people in, and what stops it (R9, R10)."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.invitations import InvitationState, invitation_state, why_not_joinable
from app.domain.limits import INVITATION_LIFE
from app.domain.refusals import RefusalCode

MADE = datetime(2022, 9, 1, 8, 0, tzinfo=UTC)
END = MADE + INVITATION_LIFE
TICK = timedelta(microseconds=1)


def test_an_invitation_lives_24_hours() -> None:  # R10
    assert timedelta(hours=24) == INVITATION_LIFE
    assert invitation_state(None, END, True, END - TICK) is InvitationState.OPEN
    assert invitation_state(None, END, True, END) is InvitationState.EXPIRED


def test_a_pause_stops_it_and_ends() -> None:  # R9
    assert invitation_state(None, END, False, MADE) is InvitationState.PAUSED
    assert invitation_state(None, END, True, MADE) is InvitationState.OPEN


@pytest.mark.parametrize("joining_open", [True, False])
@pytest.mark.parametrize("now", [MADE, END])
def test_what_was_withdrawn_stays_so_whatever_else_stops_it(  # R10
    joining_open: bool, now: datetime
) -> None:
    assert invitation_state(MADE, END, joining_open, now) is InvitationState.WITHDRAWN


def test_what_ran_out_is_not_waited_for_as_a_pause_is() -> None:  # R10
    assert invitation_state(None, END, False, END) is InvitationState.EXPIRED


def test_only_an_open_invitation_lets_people_in_and_each_other_state_says_why() -> None:
    assert {state: why_not_joinable(state) for state in InvitationState} == {
        InvitationState.OPEN: None,
        InvitationState.PAUSED: RefusalCode.INVITATION_PAUSED,
        InvitationState.EXPIRED: RefusalCode.INVITATION_EXPIRED,
        InvitationState.WITHDRAWN: RefusalCode.INVITATION_WITHDRAWN,
    }

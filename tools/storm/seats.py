"""One person who joins a group, leaves it and comes back, and the managers who see to it."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random

from app.domain.events import EventType
from tools.storm.ledger import Ledger, SeatState, key_of
from tools.storm.phone import Answer, Lost, Phone
from tools.storm.scene import Team, appoint, invite, join, member_id_of

Step = Callable[[], Awaitable[None]]


class Seat:
    """Takes one step after the other; only this actor changes how its person stands."""

    def __init__(self, team: Team, phone: Phone, chance: Random) -> None:
        self._team, self._phone, self._chance = team, phone, chance
        self._ledger: Ledger = phone.net.ledger
        self._state = SeatState(key_of(team.id), phone.number)
        self._ledger.seats.append(self._state)
        self._turn = 0
        self._removed = False

    async def live(self, over: asyncio.Event) -> None:
        """Go on until the storm is over; who lost an answer for good stops."""
        while not over.is_set():
            try:
                await self._choose()()
            except Lost:
                self._ledger.doubt(self._state)
                return
            await asyncio.sleep(self._chance.uniform(0.05, 0.6))

    def _choose(self) -> Step:
        state = self._state
        if not state.member_id:
            return self._join
        if state.reason:
            return self._pick((self._cancel, 3), (self._complete, 3), (self._complete_twice, 3))
        plain = [(self._ask, 5), (self._remark, 3), (self._remove, 1), (self._refresh, 1)]
        if not self._team.full:
            return self._pick(*plain, (self._remind, 2))
        return self._pick(*plain, (self._dismiss if state.admin else self._appoint, 6))

    def _pick(self, *weighted: tuple[Step, int]) -> Step:
        steps, weights = zip(*weighted, strict=True)
        chosen: Step = self._chance.choices(steps, weights)[0]
        return chosen

    def _manager(self) -> Phone:
        return self._chance.choice(self._team.managers)

    def _check(self, answer: Answer, what: str, *once_done: str) -> bool:
        """Whether a change is done; ``once_done``: what says so after an answer was lost."""
        if not answer.refused or (answer.lost and answer.refused in once_done):
            return True
        self._ledger.wrong(f"{what} of {self._phone.number}: {answer.refused}")
        return False

    def _note(self, event: EventType) -> None:
        self._ledger.note(event, self._state.group_id, self._state.member_id)

    async def _join(self) -> None:
        refused = await join(self._phone, self._team.token, self._state)
        if refused == "GROUP_FULL" and self._team.full:
            await asyncio.sleep(self._chance.uniform(0.2, 1))
        elif refused == "INVITATION_WITHDRAWN" and self._removed:
            # R16: who was removed comes back by a new invitation only.
            self._team.token = await invite(self._team.creator, self._team.id)
        elif refused:
            self._ledger.wrong(f"join of {self._phone.number}: {refused}")

    async def _ask(self) -> None:
        self._turn += 1
        reason = f"理由 {self._turn}"
        check = await self._phone.face("LEAVE")
        answer = await self._phone.change(
            "requestLeave",
            "member { id }",
            memberId=member_id_of(self._state),
            reason=reason,
            verificationId=check,
        )
        if self._check(answer, "leave request"):
            self._state.reason = reason
            self._note(EventType.LEAVE_REQUESTED)

    async def _cancel(self) -> None:
        member_id = member_id_of(self._state)
        answer = await self._phone.change("cancelLeave", "member { id }", memberId=member_id)
        if self._check(answer, "taking back", "LEAVE_NOT_REQUESTED"):
            self._state.reason = ""
            self._note(EventType.LEAVE_CANCELLED)

    async def _complete(self) -> None:
        await self._complete_by(self._manager())

    async def _complete_twice(self) -> None:
        await self._complete_by(*self._team.managers[:2])

    async def _complete_by(self, *managers: Phone) -> None:
        """Have managers complete the leave at once: it is done once."""
        wish = {"memberId": member_id_of(self._state)}
        answers = await asyncio.gather(
            *(manager.change("completeLeave", "group { id }", **wish) for manager in managers)
        )
        done = [answer for answer in answers if not answer.refused]
        lost = any(answer.lost for answer in answers)
        refused = {answer.refused for answer in answers if answer.refused}
        if len(done) > 1 or not (done or lost) or refused - {"LEAVE_ALREADY_COMPLETE"}:
            self._ledger.wrong(f"completing of {self._phone.number}: {len(done)} did, {refused}")
        self._note(EventType.MEMBER_LEFT)
        self._ledger.left(self._state, "LEAVE_COMPLETED")

    async def _remove(self) -> None:
        member_id = member_id_of(self._state)
        answer = await self._manager().change("removeMember", "group { id }", memberId=member_id)
        if self._state.admin and answer.refused == "MEMBER_IS_ADMIN":
            return
        if self._check(answer, "removal", "NOT_FOUND"):
            self._note(EventType.MEMBER_REMOVED)
            self._ledger.left(self._state, "REMOVED")
            self._removed = True

    async def _remark(self) -> None:
        self._turn += 1
        remark = f"备注 {self._turn}"
        answer = await self._manager().change(
            "updateMemberRemark", "member { id }", memberId=member_id_of(self._state), remark=remark
        )
        if self._check(answer, "remark"):
            self._state.remark = remark
            self._note(EventType.REMARK_CHANGED)

    async def _appoint(self) -> None:
        refused = await appoint(self._team.creator, self._team.id, self._state)
        if refused and refused != "ADMIN_LIMIT_REACHED":
            self._ledger.wrong(f"appointing {self._phone.number}: {refused}")

    async def _dismiss(self) -> None:
        member_id = member_id_of(self._state)
        answer = await self._team.creator.change(
            "dismissAdmin", "member { id }", memberId=member_id
        )
        if self._check(answer, "dismissal", "MEMBER_NOT_ADMIN"):
            self._state.admin = False
            self._note(EventType.ADMIN_DISMISSED)

    async def _refresh(self) -> None:
        answer = await self._manager().change("refreshGroup", "run { id }", groupId=self._team.id)
        if self._check(answer, "refresh"):
            run_id = key_of(answer.payload["run"]["id"])
            self._ledger.groups[self._state.group_id].runs.add(run_id)

    async def _remind(self) -> None:
        group = self._ledger.groups[self._state.group_id]
        try:
            answer = await self._manager().change(
                "sendHealthReminders",
                "sent skipped",
                groupId=self._team.id,
                condition={"anomalous": True},
            )
        except Lost:
            group.reminders_lost += 200
            return
        group.reminders_lost += answer.lost
        if self._check(answer, "reminder") and answer.payload["sent"]:
            group.reminded += answer.payload["sent"]
            group.reminders += 1

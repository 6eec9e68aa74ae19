"""What one person does: join a group, leave it, join again; and what its managers do to them."""

import asyncio
from collections.abc import Awaitable, Callable
from random import Random
from typing import Final

from app.domain.events import EventType
from tools.storm.client import Lost, Outcome, StormClient
from tools.storm.recorder import MembershipState, Recorder, key_of
from tools.storm.setup import SECTION, TargetGroup, appoint, invite, join, member_id_of

_REMINDERS_SPARED: Final = 12  # for those on their way, which aren't counted yet
Step = Callable[[], Awaitable[None]]


class MemberScript:
    """Takes one step after the other; nothing else changes this person's membership."""

    def __init__(self, target: TargetGroup, client: StormClient, chance: Random) -> None:
        self._target, self._client, self._chance = target, client, chance
        self._recorder: Recorder = client.recorder
        self._state = MembershipState(key_of(target.id), client.phone)
        self._recorder.memberships.append(self._state)
        self._turn = 0
        self._removed = False

    async def run(self, stop: asyncio.Event) -> None:
        """Go on until told to stop, or until an answer is lost for good."""
        while not stop.is_set():
            try:
                await self._choose()()
            except Lost:
                self._recorder.doubt(self._state)
                return
            await asyncio.sleep(self._chance.uniform(0.05, 0.6))

    def _choose(self) -> Step:
        state = self._state
        if not state.member_id:
            return self._join
        if state.withheld:  # which can't be taken back
            return self._pick((self._complete, 3), (self._complete_twice, 3))
        if state.reason:
            return self._pick((self._cancel, 3), (self._complete, 3), (self._complete_twice, 3))
        plain = [
            (self._request_leave, 5),
            (self._withdraw_consent, 2),
            (self._change_phone, 3),
            (self._remark, 3),
            (self._move_to_section, 2),
            (self._remove, 1),
            (self._refresh, 1),
        ]
        if self._target.full:
            plain.append((self._dismiss if state.admin else self._appoint, 6))
        elif self._target.reminding.left > _REMINDERS_SPARED:
            plain.append((self._remind, 2))
        return self._pick(*plain)

    def _pick(self, *weighted: tuple[Step, int]) -> Step:
        steps, weights = zip(*weighted, strict=True)
        chosen: Step = self._chance.choices(steps, weights)[0]
        return chosen

    def _manager(self) -> StormClient:
        return self._chance.choice(self._target.managers)

    def _check(self, outcome: Outcome, what: str) -> bool:
        """Return whether a change is done, which nothing may refuse, however often it was sent."""
        if not outcome.refused:
            return True
        self._recorder.wrong(f"{what} of {self._client.phone}: {outcome.refused}")
        return False

    def _note(self, event: EventType) -> None:
        self._recorder.note(event, self._state.group_id, self._state.member_id)

    async def _join(self) -> None:
        refused = await join(self._client, self._target.token, self._state)
        if refused == "GROUP_FULL" and self._target.full:
            await asyncio.sleep(self._chance.uniform(0.2, 1))
        elif refused == "INVITATION_WITHDRAWN" and self._removed:
            # R16: who was removed comes back by a new invitation only.
            self._target.token = await invite(self._target.creator, self._target.id)
        elif refused:
            self._recorder.wrong(f"join of {self._client.phone}: {refused}")

    async def _request_leave(self) -> None:
        self._turn += 1
        reason = f"理由 {self._turn}"
        verification_id = await self._client.verify("LEAVE")
        outcome = await self._client.try_change(
            "requestLeave",
            "member { id }",
            memberId=member_id_of(self._state),
            reason=reason,
            verificationId=verification_id,
        )
        if self._check(outcome, "leave request"):
            self._state.reason = reason
            self._note(EventType.LEAVE_REQUESTED)

    async def _withdraw_consent(self) -> None:
        """Withdraw the consent, which asks to leave, too; harmless twice (R42)."""
        outcome = await self._client.try_change(
            "withdrawConsent",
            "member { leaveRequest { reason } }",
            memberId=member_id_of(self._state),
        )
        if self._check(outcome, "withdrawing consent"):
            self._state.reason = outcome.payload["member"]["leaveRequest"]["reason"]
            self._state.withheld = True
            self._note(EventType.LEAVE_REQUESTED)
            self._note(EventType.CONSENT_WITHDRAWN)

    async def _change_phone(self) -> None:
        """Be reached at a new phone, by its code, or at the session's own again (R41)."""
        if self._state.reached_at != self._client.phone:
            await self._move({"phone": self._client.phone})
            return
        self._turn += 1
        phone = f"+86138{self._client.serial:04}{self._turn:04}"
        await self._move(await self._client.prove("CHANGE_PHONE", phone))

    async def _move(self, proof: dict[str, str]) -> None:
        # Noted before it is clear whether it happened: if it didn't, the log doesn't tell of it.
        moves = self._recorder.moves[self._state.member_id]
        moves.append(proof["phone"])
        member_id = member_id_of(self._state)
        outcome = await self._client.try_change(
            "updateMemberPhone", "member { id }", memberId=member_id, **proof
        )
        if self._check(outcome, "moving to another phone"):
            self._state.reached_at = proof["phone"]
            self._note(EventType.PHONE_CHANGED)
        else:
            moves.pop()

    async def _cancel(self) -> None:
        member_id = member_id_of(self._state)
        outcome = await self._client.try_change("cancelLeave", "member { id }", memberId=member_id)
        if self._check(outcome, "cancelling a leave"):
            self._state.reason = ""
            self._note(EventType.LEAVE_CANCELLED)

    async def _complete(self) -> None:
        await self._complete_by(self._manager())

    async def _complete_twice(self) -> None:
        await self._complete_by(*self._target.managers[:2])

    async def _complete_by(self, *managers: StormClient) -> None:
        """Have managers complete the leave at once: it is done once."""
        given = {"memberId": member_id_of(self._state)}
        outcomes = await asyncio.gather(
            *(manager.try_change("completeLeave", "group { id }", **given) for manager in managers)
        )
        done = [outcome for outcome in outcomes if not outcome.refused]
        refused = {outcome.refused for outcome in outcomes if outcome.refused}
        if len(done) != 1 or refused - {"LEAVE_ALREADY_COMPLETE"}:
            self._recorder.wrong(f"completing of {self._client.phone}: {len(done)} did, {refused}")
        self._note(EventType.MEMBER_LEFT)
        self._recorder.left(self._state, "LEAVE_COMPLETED")

    async def _remove(self) -> None:
        member_id = member_id_of(self._state)
        outcome = await self._manager().try_change(
            "removeMember", "group { id }", memberId=member_id
        )
        if self._state.admin and outcome.refused == "MEMBER_IS_ADMIN":
            return
        if self._check(outcome, "removal"):
            self._note(EventType.MEMBER_REMOVED)
            self._recorder.left(self._state, "REMOVED")
            self._removed = True

    async def _remark(self) -> None:
        self._turn += 1
        remark = f"备注 {self._turn}"
        outcome = await self._manager().try_change(
            "updateMemberRemark", "member { id }", memberId=member_id_of(self._state), remark=remark
        )
        if self._check(outcome, "remark"):
            self._state.remark = remark
            self._note(EventType.REMARK_CHANGED)

    async def _move_to_section(self) -> None:
        """Have a manager put this member into the group's section, or out of it (R50)."""
        section = "" if self._state.section else SECTION
        outcome = await self._manager().try_change(
            "assignSection",
            "movedMemberIds",
            groupId=self._target.id,
            memberIds=[member_id_of(self._state)],
            sectionId=self._target.section_id if section else None,
        )
        if self._check(outcome, "section"):
            self._state.section = section
            self._note(EventType.MEMBER_MOVED)

    async def _appoint(self) -> None:
        refused = await appoint(self._target.creator, self._target.id, self._state)
        if refused and refused != "ADMIN_LIMIT_REACHED":
            self._recorder.wrong(f"appointing {self._client.phone}: {refused}")

    async def _dismiss(self) -> None:
        member_id = member_id_of(self._state)
        outcome = await self._target.creator.try_change(
            "dismissAdmin", "member { id }", memberId=member_id
        )
        if self._check(outcome, "dismissal"):
            self._state.admin = False
            self._note(EventType.ADMIN_DISMISSED)

    async def _refresh(self) -> None:
        outcome = await self._manager().try_change(
            "refreshGroup", "run { id }", groupId=self._target.id
        )
        if self._check(outcome, "refresh"):
            run_id = key_of(outcome.payload["run"]["id"])
            self._recorder.groups[self._state.group_id].runs.add(run_id)

    async def _remind(self) -> None:
        group = self._recorder.groups[self._state.group_id]
        try:
            outcome = await self._manager().try_change(
                "sendHealthReminders",
                "sent skipped",
                groupId=self._target.id,
                condition={"anomalous": True},
            )
        except Lost:
            group.reminders_lost += 200
            return
        self._target.reminding.count(outcome)
        if self._check(outcome, "reminder") and outcome.payload["sent"]:
            group.reminded += outcome.payload["sent"]
            group.reminders += 1

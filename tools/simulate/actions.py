"""What people do in the simulation, to the server and to the model alike."""

from collections import Counter
from datetime import timedelta
from random import Random
from typing import Any

from tools.simulate.alerts import choose
from tools.simulate.compare import Findings
from tools.simulate.model import Model
from tools.simulate.server import SimulatedServer
from tools.simulate.state import Group, Member, Person, Record, local_day
from tools.simulate.users import User, user_of

_VALIDITIES = ("NONE", "H24", "H48", "H72", "D7")


class Actions:
    """All users, and what they do."""

    def __init__(
        self, server: SimulatedServer, model: Model, findings: Findings, random: Random
    ) -> None:
        self.server, self.model, self.findings, self.random = server, model, findings, random
        self.users: dict[int, User] = {}
        self._phones = 0  # that anyone moved to

    async def newcomer(self) -> User:
        """Someone new, of whom the provider has something to say."""
        number = len(self.users) + 1
        person = Person(number, f"成员{number}", f"+86137{number:08}")
        self.model.people.append(person)
        user = self.users[number] = user_of(self.server, person)
        person.provider = self.record()
        await user.publish()
        return user

    def record(self) -> Record:
        """A record, mostly of someone healthy; times in whole minutes."""
        code = self.random.choices(("GREEN", "YELLOW", "RED", "UNKNOWN"), (90, 4, 3, 3))[0]
        tests = []
        for _ in range(self.random.choice((0, 1, 1, 2, 3))):
            ahead = 2 * 60 * 24 if self.random.random() < 0.08 else 5  # minutes at most
            minutes = self.random.randrange(-ahead, 60 * 24 * 6)
            when = self.model.now.replace(second=0, microsecond=0) - timedelta(minutes=minutes)
            result = self.random.choices(("NEGATIVE", "POSITIVE", "PENDING"), (92, 3, 5))[0]
            tests.append((None if result == "PENDING" else when, result))
        return Record(code, tests, self.random.randrange(4))

    async def create_group(self, number: int) -> Group:
        """Someone creates a group."""
        creator = await self.newcomer()
        await creator.identify()
        validity = self.random.choice(_VALIDITIES)
        payload = await creator.change(
            "createGroup",
            "group { id viewerMembers { id } }",
            name=f"团体{number}",
            type="SCHOOL",
            address="广州",
            consent=True,
            natValidity=validity,
        )
        shown = payload["group"]
        group = Group(shown["id"], number, validity=validity)
        group.visited_on = local_day(self.model.now)
        self.model.groups[group.id] = group
        member_id = shown["viewerMembers"][0]["id"]
        member = Member(member_id, creator.person, "CREATOR", self.model.now, creator.phone)
        self.model.join(group, [member])
        return group

    def user(self, member: Member) -> User:
        """The user behind a member; a child's guardian."""
        return self.users[member.person.number]

    async def invite(self, group: Group) -> str:
        """The creator invites."""
        return await self.user(group.creator()).invite(group.id)

    async def join(self, group: Group, user: User) -> None:
        """Someone joins for themselves."""
        token = await self.invite(group)
        verification_id = await user.verify("JOIN")
        people = [{"self": True, "remark": "同事", "verificationId": verification_id}]
        member = Member("", user.person, "MEMBER", self.model.now, user.phone)
        await self._join(group, user, token, people, [member])

    async def enrol(self, group: Group, guardian: User) -> None:
        """A guardian enrols a child, alone."""
        child = await self.newcomer()
        await guardian.identify()
        added = await guardian.change(
            "addRelative",
            "relative { id }",
            **child.document,
            relation="CHILD",
            student=True,
            verificationId=await guardian.verify_other("ADD_RELATIVE", child),
        )
        token = await self.invite(group)
        people = [{"relativeId": added["relative"]["id"], "remark": "孩子"}]
        member = Member("", child.person, "MEMBER", self.model.now, guardian.phone, enrolled=True)
        self.users[child.person.number] = guardian  # who acts for the child
        await self._join(group, guardian, token, people, [member])

    async def _join(
        self, group: Group, user: User, token: str, people: list[dict[str, Any]], new: list[Member]
    ) -> None:
        payload = await user.change(
            "joinGroup", "members { id }", token=token, consent=True, people=people
        )
        for member, shown in zip(new, payload["members"], strict=True):
            member.id = shown["id"]
        self.model.join(group, new)

    async def refresh(self, group: Group) -> None:
        """A manager refreshes."""
        await self.user(group.creator()).change("refreshGroup", "run { id }", groupId=group.id)
        self.model.refresh_by_hand(group)

    async def require(self, group: Group) -> None:
        """The creator changes the requirement."""
        validity = self.random.choice(_VALIDITIES)
        await self.user(group.creator()).change(
            "setRequirement", "group { id }", groupId=group.id, natValidity=validity
        )
        self.model.require(group, validity)

    async def remind(self, group: Group) -> None:
        """The creator reminds everyone anomalous (R29-R31)."""
        payload = await self.user(group.creator()).change(
            "sendHealthReminders",
            "sent skipped",
            groupId=group.id,
            condition={"anomalous": True},
        )
        now = self.model.now
        meant = [one for one in group.members.values() if one.anomaly]
        last = group.reminded
        fresh = [
            one
            for one in meant
            if one.person.number not in last or now >= last[one.person.number] + timedelta(hours=1)
        ]
        expected = (len(fresh), len(meant) - len(fresh))
        shown = (payload["sent"], payload["skipped"])
        self.findings.check("R31 reminders", group.number, now, expected, shown)
        for member in fresh:
            last[member.person.number] = now
        for phone, number in Counter(one.phone for one in fresh).items():
            self.model.tell("health_reminder" if number == 1 else "health_reminders", [phone])

    async def ask_to_leave(self, group: Group, member: Member) -> None:
        """A member asks to leave, or their guardian for them."""
        user = self.user(member)
        await user.change(
            "requestLeave",
            "member { id }",
            memberId=member.id,
            reason="离职",
            verificationId=await user.verify("LEAVE"),
        )
        self.model.ask_to_leave(group, member)

    async def withdraw(self, group: Group, member: Member) -> None:
        """A member withdraws consent, or their guardian for them."""
        payload = await self.user(member).change(
            "withdrawConsent", "member { healthCode }", memberId=member.id
        )
        self.model.withdraw(group, member)
        self.model.alert(group)
        shown = payload["member"]["healthCode"]
        self.findings.check("R42 withheld", group.number, self.model.now, "WITHHELD", shown)

    async def change_phone(self, member: Member) -> None:
        """A member is reached elsewhere from now on, or at their session's phone again (R41)."""
        given = await self._another_phone(self.user(member))
        await self.user(member).change(
            "updateMemberPhone", "member { id }", memberId=member.id, **given
        )
        member.phone = given["phone"]

    async def join_for_phone(self, group: Group, member: Member) -> None:
        """A member joins again, or their guardian for them, with another phone (R13, R41)."""
        user = self.user(member)
        given = await user.joining(
            await self.invite(group), **await self._another_phone(user, "JOIN")
        )
        if member.enrolled:
            [child] = (await user.ask("{ me { relatives { id } } }"))["me"]["relatives"]
            given["people"] = [{"relativeId": child["id"], "remark": "孩子"}]
        payload = await user.change("joinGroup", "members { id }", **given)
        shown = [one["id"] for one in payload["members"]]
        self.findings.check("R13 the same", group.number, self.model.now, [member.id], shown)
        member.phone = given["phone"]

    async def _another_phone(self, user: User, purpose: str = "CHANGE_PHONE") -> dict[str, str]:
        """A new phone with its code, or that of the user's session, which needs none."""
        if self.random.random() < 0.3:
            return {"phone": user.phone}
        self._phones += 1
        return await user.prove(purpose, f"+86139{self._phones:08}")

    async def cancel_leave(self, member: Member) -> None:
        """They take it back."""
        await self.user(member).change("cancelLeave", "member { id }", memberId=member.id)
        member.leave_due = None

    async def complete_leave(self, group: Group, member: Member) -> None:
        """The creator lets them out."""
        await self.user(group.creator()).change("completeLeave", "group { id }", memberId=member.id)
        self.model.depart(group, member, "LEAVE_COMPLETED")
        self.model.alert(group)

    async def remove(self, group: Group, member: Member) -> None:
        """The creator removes a plain member."""
        await self.user(group.creator()).change("removeMember", "group { id }", memberId=member.id)
        self.model.depart(group, member, "REMOVED")
        self.model.alert(group)

    async def appoint(self, group: Group, member: Member) -> None:
        """The creator appoints an admin, who may want no alerts."""
        await self.user(group.creator()).change("appointAdmin", "member { id }", memberId=member.id)
        member.role = "ADMIN"
        if self.random.random() < 0.5:
            await self.choose_alerts(group, member)

    async def choose_alerts(self, group: Group, manager: Member) -> None:
        """A manager wants alerts, at once or at a time of their own, or none (R28)."""
        on = self.random.random() < 0.8
        at = self.random.choice((None, "06:31", "08:05", "12:17", "17:42", "23:03"))
        given = {"groupId": group.id, "enabled": on, "at": at}
        choose(self.model, group, manager, on=on, at=at)
        await self.user(manager).change("setAnomalyAlerts", "enabled", **given)

    async def excuse(self, group: Group, member: Member) -> None:
        """The creator excuses a member from tests, or ends that (R20)."""
        creator, key = self.user(group.creator()), {"memberId": member.id}
        if member.excuse is not None:
            await creator.change("endExcuse", "member { id }", **key)
            self.model.excuse(group, member, None)
            return
        until = self.model.now + timedelta(minutes=self.random.randint(60, 4000))
        given = {"until": until.isoformat(), "reason": "休假"}
        await creator.change("excuseMember", "member { id }", **key, **given)
        self.model.excuse(group, member, until)

    async def dissolve(self, group: Group) -> None:
        """The creator dissolves the group."""
        creator = self.user(group.creator())
        await creator.change(
            "dissolveGroup",
            "__typename",
            groupId=group.id,
            verificationId=await creator.verify("DISSOLVE"),
            riskAcknowledged=True,
        )
        self.model.dissolve(group)

    async def new_record(self, person: Person) -> None:
        """The provider has something new to say of someone, or forgets them."""
        person.provider = None if self.random.random() < 0.03 else self.record()
        await user_of(self.server, person).publish()

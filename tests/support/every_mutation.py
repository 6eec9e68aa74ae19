"""A group's life in which each mutation is sent again, also as when its answer was lost."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from app.client import mutation
from app.models.keyed_requests import KeyedRequest
from tests.support.clock import today
from tests.support.families import (
    come_of_age,
    enrolling,
    register,
    registry_entry,
    relative_input,
    verify_relative,
)
from tests.support.leaves import leave_request
from tests.support.members import member_id_of
from tests.support.organisations import dissolving_organisation
from tests.support.person import Person
from tests.support.sms import sms_of
from tests.support.waiting import settled
from tests.support.world import World

# What can't be read any more once it was done, when the answer is made anew.
GONE = {"dissolveGroup"}


@dataclass
class Again:
    """Sends mutations twice, and a third time as after a crash; remembers which were tried."""

    tried: set[str] = field(default_factory=set)

    async def change(
        self, person: Person, name: str, fields: str, /, **input: Any
    ) -> dict[str, Any]:
        """Run one mutation, which must be done; return its payload, the same each time."""
        key, query = str(uuid4()), mutation(name, fields)
        if not input:
            query = f"mutation {{ {name} {{ {fields} errors {{ code }} }} }}"
        given = {"input": input} if input else {}
        kept = KeyedRequest.filter(answer__not_isnull=True)
        first = (await person.send(query, key, **given))["data"][name]
        assert first["errors"] == [], first
        for lost in (False, True):
            if lost:
                assert await kept.update(answer=None), name
            body = await person.send(query, key, **given)
            again = body["data"][name]
            if not (lost and name in GONE):
                assert again == first, name
            assert again["errors"] == [] and not body.get("errors"), name
        self.tried.add(name)
        return dict(first)


async def every_mutation(world: World) -> Again:
    """A group from its beginning to its end, in which each mutation is sent again."""
    again = Again()
    creator, members = await _founded(world, again)
    group_id = await _managed(world, again, creator, *members)
    await _families(world, again, creator, group_id)
    await _overseen(world, again, creator, group_id)
    await _left(again, creator, group_id, *members)
    await _ended(again, creator, group_id)
    return again


async def _founded(world: World, again: Again) -> tuple[Person, tuple[Person, str]]:
    creator = await world.someone()
    verification = await again.change(
        creator,
        "startIdentityVerification",
        "verification { id url status expiresAt }",
        purpose="IDENTIFY",
        **creator.document,
    )
    passed = verification["verification"]["id"]
    await again.change(creator, "confirmIdentity", "me { name }", verificationId=passed)
    new = {"name": "第一小学", "type": "SCHOOL", "address": "广州", "consent": True}
    created = await again.change(creator, "createGroup", "group { id memberCount version }", **new)
    member = await world.someone()
    phone = world.stranger().phone
    await again.change(
        member, "requestVerificationCode", "challenge", phone=phone, purpose="CHANGE_PHONE"
    )
    assert len(await world.messages(phone)) <= 1
    return creator, (member, created["group"]["id"])


async def _managed(
    world: World, again: Again, creator: Person, member: Person, group_id: str
) -> str:
    group = {"groupId": group_id}
    made = await again.change(
        creator, "createInvitation", "invitation { id token url expiresAt }", **group
    )
    token = made["invitation"]["token"]
    await again.change(member, "joinGroup", "members { id }", **await member.joining(token))
    await again.change(
        creator,
        "withdrawInvitation",
        "group { id }",
        invitationId=made["invitation"]["id"],
    )
    await settled(world)
    own = await member_id_of(member, group_id)
    await again.change(creator, "updateGroup", "group { name }", **group, name="第二小学")
    await again.change(creator, "setRequirement", "group { id }", **group, natValidity="H24")
    await again.change(creator, "setInvitationPolicy", "group { id }", **group, open=True)
    await again.change(
        creator, "updateMemberRemark", "member { remark }", memberId=own, remark="新"
    )
    rows = [{"memberId": own, "remark": "一班"}]
    await again.change(creator, "updateMemberRemarks", "rows { row result }", **group, rows=rows)
    rows = [{"name": member.name, "remark": "一班"}, {"name": "还没来"}]
    await again.change(
        creator, "importRoster", "rows { row result } group { notJoinedCount }", **group, rows=rows
    )
    await again.change(creator, "clearRoster", "group { rosterCount }", **group)
    until = (datetime.fromisoformat(await world.now()) + timedelta(days=1)).isoformat()
    excuse = {"memberId": own, "until": until, "reason": "休假"}
    await again.change(creator, "excuseMember", "member { excuse { until } }", **excuse)
    await again.change(creator, "endExcuse", "member { excuse { until } }", memberId=own)
    times = {"at": "08:30", "weekdays": ["MONDAY"], "anomalous": True}
    await again.change(
        creator, "setReminderSchedule", "group { reminderSchedule { at } }", **group, **times
    )
    await again.change(
        creator, "clearReminderSchedule", "group { reminderSchedule { at } }", **group
    )
    await again.change(creator, "setDailyDigest", "group { dailyDigestTime }", **group, at="08:00")
    await again.change(creator, "appointAdmin", "member { role }", memberId=own)
    await _sectioned(again, creator, group_id, own)
    await again.change(creator, "setAnomalyAlerts", "enabled", **group, enabled=True, at="07:30")
    condition = {"noNegativeWithin": "H24"}
    await again.change(creator, "sendHealthReminders", "sent skipped", **group, condition=condition)
    await again.change(creator, "refreshGroup", "run { id } nextAllowedAt", **group)
    await settled(world)
    day = (await today(world)).isoformat()
    await again.change(creator, "exportReport", "url expiresAt", **group, date=day, format="CSV")
    await again.change(member, "exportMyData", "url expiresAt")
    offering = {"memberId": own, "verificationId": await creator.verify("TRANSFER")}
    await again.change(creator, "offerGroup", "group { offer { until } }", **offering)
    await again.change(creator, "withdrawGroupOffer", "group { offer { until } }", **group)
    offering["verificationId"] = await creator.verify("TRANSFER")
    await creator.change("offerGroup", "group { id }", **offering)
    accepting = {**group, "verificationId": await member.verify("TRANSFER")}
    await again.change(member, "acceptGroup", "group { viewerRole }", **accepting)
    await _handed_back(creator, member, group_id)
    await again.change(creator, "dismissAdmin", "member { role }", memberId=own)
    return group_id


async def _sectioned(again: Again, creator: Person, group_id: str, admin_id: str) -> None:
    made = await again.change(
        creator, "createSection", "section { id name }", groupId=group_id, name="一班"
    )
    section = {"sectionId": made["section"]["id"]}
    await again.change(creator, "updateSection", "section { name }", **section, name="二班")
    await again.change(
        creator,
        "assignSection",
        "movedMemberIds unchangedMemberIds missingMemberIds",
        **section,
        groupId=group_id,
        memberIds=[admin_id],
    )
    bound = {"memberId": admin_id, "sections": [section["sectionId"]]}
    await again.change(creator, "updateAdminSections", "member { boundTo { name } }", **bound)
    await creator.change("updateAdminSections", "member { id }", memberId=admin_id)
    await again.change(creator, "removeSection", "removedSectionId", **section)


async def _handed_back(creator: Person, member: Person, group_id: str) -> None:
    back = await member_id_of(creator, group_id)
    verified = await member.verify("TRANSFER")
    await member.change("offerGroup", "group { id }", memberId=back, verificationId=verified)
    accepting = {"groupId": group_id, "verificationId": await creator.verify("TRANSFER")}
    await creator.change("acceptGroup", "group { id }", **accepting)


async def _families(world: World, again: Again, creator: Person, group_id: str) -> None:
    guardian, child, other = await world.real_person(), world.stranger(), world.stranger()
    await register(guardian, registry_entry(child, verified=False, student=False))
    listed = await again.change(guardian, "syncRelatives", "relatives { id name }")
    [relative_id] = [one["id"] for one in listed["relatives"]]
    verified = {
        "relativeId": relative_id,
        "verificationId": await verify_relative(guardian, child),
    }
    await again.change(guardian, "verifyRelative", "relative { verified }", **verified)
    entered = relative_input(other, verificationId=await verify_relative(guardian, other))
    added = await again.change(guardian, "addRelative", "relative { id name }", **entered)
    taken_off = {"relativeId": added["relative"]["id"]}
    await again.change(guardian, "removeRelative", "relatives { id }", **taken_off)
    token = await creator.invite(group_id)
    joined = await guardian.change("joinGroup", "members { id }", **enrolling(token, relative_id))
    member_id = joined["members"][0]["id"]
    await come_of_age(child)
    await again.change(child, "endGuardianship", "member { id }", memberId=member_id)
    proof = await child.prove("CHANGE_PHONE", world.stranger().phone)
    await again.change(child, "updateMemberPhone", "member { phone }", memberId=member_id, **proof)
    await again.change(creator, "removeMember", "group { memberCount }", memberId=member_id)


async def _overseen(world: World, again: Again, creator: Person, group_id: str) -> None:
    overseer = await world.real_person()
    made = [
        await again.change(creator, "createOrganisation", "organisation { id version }", name=name)
        for name in ("教育局", "第一小学")
    ]
    bureau, school = (one["organisation"]["id"] for one in made)
    codes = [
        await again.change(
            creator, "createOrganisationCode", "code { token expiresAt }", organisationId=one
        )
        for one in (bureau, school)
    ]
    upper, own = (one["code"]["token"] for one in codes)
    of_school, of_bureau = {"organisationId": school}, {"organisationId": bureau}
    await again.change(
        creator, "attachOrganisation", "organisation { version }", **of_school, token=upper
    )
    await again.change(
        creator, "attachGroup", "group { organisation { name } }", groupId=group_id, token=own
    )
    await again.change(
        creator, "updateOrganisation", "organisation { name }", **of_school, name="第二小学"
    )
    asked = await again.change(
        creator, "appointOverseer", "overseer { id }", **of_bureau, phone=overseer.phone
    )
    assert len(await sms_of(overseer, "overseer_appointed")) <= 1
    await again.change(overseer, "acceptOversight", "organisation { version }", **of_bureau)
    offering = {"overseerId": asked["overseer"]["id"]}
    for withdrawn in (True, False):
        offering["verificationId"] = await creator.verify("TRANSFER")
        await again.change(creator, "offerOrganisation", "organisation { version }", **offering)
        if withdrawn:
            await again.change(
                creator, "withdrawOrganisationOffer", "organisation { version }", **of_bureau
            )
    accepting = {**of_bureau, "verificationId": await overseer.verify("TRANSFER")}
    await again.change(
        overseer, "acceptOrganisation", "organisation { viewerRole overseers { id } }", **accepting
    )
    query = "query($id: ID!) { organisation(id: $id) { overseers { id } } }"
    [old] = (await overseer.ask(query, id=bureau))["organisation"]["overseers"]
    await again.change(overseer, "dismissOverseer", "dismissedOverseerId", overseerId=old["id"])
    await again.change(creator, "detachGroup", "group { id }", groupId=group_id)
    await again.change(creator, "detachOrganisation", "organisation { version }", **of_school)
    ending = await dissolving_organisation(overseer, bureau)
    await again.change(overseer, "dissolveOrganisation", "me { id }", **ending)


async def _left(again: Again, creator: Person, group_id: str, member: Person, _: str) -> None:
    own = await member_id_of(member, group_id)
    await again.change(member, "requestLeave", "member { id }", **await leave_request(member, own))
    await again.change(member, "cancelLeave", "member { leaveRequest { reason } }", memberId=own)
    await again.change(member, "withdrawConsent", "kept { what until }", memberId=own)
    await again.change(creator, "completeLeave", "group { memberCount }", memberId=own)


async def _ended(again: Again, creator: Person, group_id: str) -> None:
    verified = await creator.verify("DISSOLVE")
    ending = {"groupId": group_id, "verificationId": verified, "riskAcknowledged": True}
    await again.change(creator, "dissolveGroup", "group { name }", **ending)

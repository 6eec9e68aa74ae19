"""SMS: queued with what causes them, sent after, tried again, shown to managers (R39)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from string import Formatter
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.identity import mask_name
from app.domain.languages import Language
from app.domain.limits import NAME_LENGTH, PERSON_NAME_LENGTH
from app.domain.sms import SMS_LENGTH, SmsTemplate, sms_length
from app.models.due import DueWork, WorkKind, work_key
from app.models.messages import Sms
from app.ports.http import GatewayError
from app.ports.sms import HttpSmsGateway
from app.resolvers.ids import decode_id
from app.services.sms.notices import organisation_as_fits
from app.services.sms.texts import TEXTS, group_as_fits, render_sms
from tests.support.groups import a_group
from tests.support.leaves import leave, request_leave
from tests.support.members import member_id_of
from tests.support.person import Person
from tests.support.sms import each_got_one, sms_of
from tests.support.waiting import eventually
from tests.support.world import World

MESSAGES = """query($id: ID!, $first: Int, $after: String, $mine: Boolean = false) {
  group(id: $id) { messages(first: $first, after: $after, causedByMe: $mine) {
    nodes { template recipient state attempts createdAt endedAt }
    pageInfo { endCursor hasNextPage } } } }"""
BUSY = {"status": 503, "retry_after": 60}  # longer than a request waits: one exchange an attempt


async def messages(manager: Person, group_id: str, **page: Any) -> list[dict[str, Any]]:
    data = await manager.ask(MESSAGES, id=group_id, **page)
    nodes: list[dict[str, Any]] = data["group"]["messages"]["nodes"]
    return nodes


async def settled(manager: Person, group_id: str) -> list[dict[str, Any]]:
    """Wait until every SMS of a group was sent or given up."""
    return await eventually(
        lambda: messages(manager, group_id),
        lambda seen: bool(seen) and all(one["state"] != "QUEUED" for one in seen),
    )


async def a_leaver(world: World) -> tuple[Person, str, Person, str]:
    """A creator, their group, and a member with the id under which they may leave."""
    creator, group_id, [member] = await a_group(world)
    return creator, group_id, member, await member_id_of(member, group_id)


async def test_managers_see_what_became_of_each_sms(world: World) -> None:  # R39
    creator, group_id, [admin, member, gone] = await a_group(world, members=3)
    admin_id = await member_id_of(admin, group_id)
    await creator.change("appointAdmin", "member { role }", memberId=admin_id)
    await request_leave(member, group_id)
    await leave(gone, group_id, admin)
    seen = await settled(creator, group_id)
    assert [one["template"] for one in seen] == ["LEAVE_COMPLETED"] + ["LEAVE_REQUESTED"] * 4
    assert seen[0]["recipient"] == f"{gone.phone[:6]}****{gone.phone[-4:]}"
    assert {one["recipient"][-4:] for one in seen[1:]} == {creator.phone[-4:], admin.phone[-4:]}
    assert {(one["state"], one["attempts"]) for one in seen} == {("SENT", 1)}
    assert all(one["endedAt"] >= one["createdAt"] for one in seen)
    assert await messages(admin, group_id, mine=True) == seen[:1]
    assert await messages(creator, group_id, mine=True) == []
    outsider = await world.real_person()
    assert await member.error_code(MESSAGES, id=group_id) == "FORBIDDEN"
    assert await gone.error_code(MESSAGES, id=group_id) == "NOT_FOUND"
    assert await outsider.error_code(MESSAGES, id=group_id) == "NOT_FOUND"


async def test_they_are_read_page_by_page(world: World) -> None:  # R39
    creator, group_id, people = await a_group(world, members=3)
    for person in people:
        await leave(person, group_id, creator)
    everything = await settled(creator, group_id)
    assert len(everything) == 6
    read: list[dict[str, Any]] = []
    after = None
    for more in (True, True, False):
        data = await creator.ask(MESSAGES, id=group_id, first=2, after=after)
        page = data["group"]["messages"]
        read += page["nodes"]
        after = page["pageInfo"]["endCursor"]
        assert page["pageInfo"]["hasNextPage"] is more
    assert read == everything


async def test_an_sms_is_tried_again_ever_later_and_given_up_visibly(world: World) -> None:  # R39
    creator, group_id, member, member_id = await a_leaver(world)
    await world.faults(sms=BUSY)
    try:
        before = datetime.fromisoformat(await world.now())
        await creator.change("removeMember", "group { id }", memberId=member_id)
        sms = await Sms.get(group_id=decode_id(group_id, "Group"))
        work = DueWork.filter(key=work_key(WorkKind.SEND_SMS, sms.id))
        for attempt, wait in enumerate((60, 60, 60, 60, 80, 160, 300, 300), start=1):
            [seen] = await eventually(
                lambda: messages(creator, group_id),
                lambda seen, attempt=attempt: seen[0]["attempts"] == attempt,  # type: ignore[misc]
            )
            assert (seen["state"], seen["endedAt"]) == ("QUEUED", None)
            row = await eventually(work.get, lambda row: row.error is not None)
            after = datetime.fromisoformat(await world.now())
            pause = timedelta(seconds=wait)
            assert before + pause <= row.due_at <= after + pause
            assert await sms_of(member, "member_removed") == []
            await DueWork.filter(key=row.key).update(error=None)
            await world.advance(seconds=wait)
            before = after + pause
        await eventually(work.get, lambda row: row.error is not None)  # the ninth
        await world.advance(hours=6)
        await eventually(lambda: Sms.get(id=sms.id), lambda seen: seen.state == "FAILED")
    finally:
        await world.faults()
    await creator.sign_in_again()
    [seen] = await settled(creator, group_id)
    assert (seen["state"], seen["attempts"]) == ("FAILED", 10)
    assert seen["endedAt"] > seen["createdAt"]
    await eventually(work.exists, lambda left: not left)
    assert await sms_of(member, "member_removed") == []


async def test_an_sms_that_was_refused_for_good_is_not_tried_again(world: World) -> None:  # R39
    creator, group_id, member, member_id = await a_leaver(world)
    await world.faults(sms={"status": 400, "times": 1})
    await creator.change("removeMember", "group { id }", memberId=member_id)
    [seen] = await settled(creator, group_id)
    assert (seen["state"], seen["attempts"]) == ("FAILED", 1)
    assert await sms_of(member, "member_removed") == []
    kept = await Sms.get(group_id=decode_id(group_id, "Group"))
    assert kept.params is None  # what it said is forgotten


async def test_an_sms_arrives_though_the_gateway_was_away(world: World) -> None:  # R39
    creator, group_id, member, member_id = await a_leaver(world)
    await world.faults(sms={**BUSY, "times": 2})
    await creator.change("removeMember", "group { id }", memberId=member_id)
    for attempts in (1, 2):
        await eventually(
            lambda: messages(creator, group_id),
            lambda seen, count=attempts: seen[0]["attempts"] == count,  # type: ignore[misc]
        )
        await eventually(
            DueWork.filter(kind=WorkKind.SEND_SMS, error__not_isnull=True).count,
            lambda waiting: waiting == 1,
        )
        await world.advance(seconds=60)
        await DueWork.filter(kind=WorkKind.SEND_SMS).update(error=None)
    [seen] = await settled(creator, group_id)
    assert (seen["state"], seen["attempts"]) == ("SENT", 3)
    await each_got_one((member,), "member_removed")


async def test_one_sms_is_one_to_the_gateway_though_its_answers_were_lost(  # R39
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    creator, group_id, member, member_id = await a_leaver(world)
    send, keys = HttpSmsGateway.send, []

    async def lose_the_answer(gateway: HttpSmsGateway, key: str, phone: str, *sms: Any) -> None:
        await send(gateway, key, phone, *sms)
        if phone == member.phone:
            keys.append(key)
            if len(keys) < 3:
                raise GatewayError("sms", "no answer in time")

    monkeypatch.setattr(HttpSmsGateway, "send", lose_the_answer)
    await creator.change("removeMember", "group { id }", memberId=member_id)

    async def taken() -> int:
        return len(keys)

    for count in (1, 2, 3):
        await eventually(taken, lambda seen, count=count: seen == count)  # type: ignore[misc]
        await world.advance(seconds=10)
    [seen] = await settled(creator, group_id)
    assert (seen["state"], seen["attempts"]) == ("SENT", 3)
    [message] = await sms_of(member, "member_removed")
    assert set(keys) == {message["id"]}


async def test_an_sms_goes_out_only_with_what_causes_it(world: World) -> None:  # R39
    creator, group_id, member, member_id = await a_leaver(world)
    verification_id = await member.verify("LEAVE")
    asking = {"memberId": member_id, "reason": "", "verificationId": verification_id}
    assert await member.refused("requestLeave", **asking) == "REASON_INVALID"
    assert await creator.refused("completeLeave", memberId=member_id) == "LEAVE_NOT_REQUESTED"
    await leave(member, group_id, creator)
    assert await creator.refused("completeLeave", memberId=member_id) == "LEAVE_ALREADY_COMPLETE"
    templates = [one["template"] for one in await settled(creator, group_id)]
    assert templates == ["LEAVE_COMPLETED", "LEAVE_REQUESTED"]


async def test_names_are_cut_and_masked_and_everyone_reads_their_language(world: World) -> None:
    creator, group_id, [member] = await a_group(world, name="中" * NAME_LENGTH)  # R39
    await member.renew()
    chinese = world.stranger("zh")
    await chinese.sign_in()
    await chinese.join(await creator.invite(group_id))
    for person in (member, chinese):
        await leave(person, group_id, creator)
    await each_got_one((member, chinese), "leave_completed")
    [english], [text] = (
        await sms_of(member, "leave_completed"),
        await sms_of(chinese, "leave_completed"),
    )
    name, group = mask_name(member.name), english["params"]["group"]
    assert english["params"] == {"member": name, "group": group}
    assert english["text"] == f"[Group Code] {name} has left {group}."
    assert (sms_length(english["text"]), group[0], group[-1]) == (SMS_LENGTH, "中", "中")
    assert text["text"] == f"【团体码】{mask_name(chinese.name)}已退出“{text['params']['group']}”。"
    assert sms_length(text["text"]) == SMS_LENGTH and text["params"]["group"].count("…") == 1


def test_every_template_has_a_text_in_both_languages_that_says_the_same() -> None:  # R39
    assert set(TEXTS) == set(SmsTemplate)
    for texts in TEXTS.values():
        assert set(texts) == set(get_args(Language))
        said = [
            sorted(name for _, name, _, _ in Formatter().parse(text) if name)
            for text in texts.values()
        ]
        assert said[0] == said[1]


NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=NAME_LENGTH)
LONGEST: Mapping[str, str] = {
    "code": "123456",
    "member": mask_name("名" * PERSON_NAME_LENGTH),
    "count": "500",
    "red": "500",
    "missing": "500",
}


@pytest.mark.parametrize("language", get_args(Language))
@pytest.mark.parametrize("template", SmsTemplate)
@given(NAMES, NAMES)
def test_every_text_fits_one_sms_and_tells_groups_apart(  # R39
    template: SmsTemplate, language: str, start: str, end: str
) -> None:
    long = start + "实验学校" * 20
    texts = []
    for name in (f"{start}{end}"[:NAME_LENGTH], f"{long}-1", f"{long}-2", "1" + long, "2" + long):
        params = {**LONGEST, "organisation": organisation_as_fits(name)}
        group = group_as_fits(name, template, language, params)
        texts.append(render_sms(template, language, {**params, "group": group}))
    gaps = [f"{{{gap}}}" for gap in ("group", "organisation", *LONGEST)]
    assert not any(gap in text for text in texts for gap in gaps)
    assert all(sms_length(text) <= SMS_LENGTH for text in texts)
    if template is not SmsTemplate.VERIFICATION_CODE:
        assert len(set(texts[1:])) == 4

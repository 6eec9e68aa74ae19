"""The line of the log that each operation has in production."""

import json

from tests.support.groups import a_group
from tests.support.logs import logged
from tests.support.personal import found_in
from tests.support.world import World

NAMED = "query Own($x: Boolean = true) { me { phone @include(if: $x) name } }"


async def test_each_operation_is_one_line_without_what_was_asked_or_answered(
    world: World,
) -> None:
    creator, group_id, (member,) = await a_group(world, members=1)
    with logged() as written:
        await creator.ask(NAMED)
        await member.error_code(
            "query($id: ID!) { group(id: $id) { invitations { nodes { id } } } }", id=group_id
        )
        await creator.refused("closeAccount")
        await creator.send("{ me { nothing } }")
    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    told = [
        (line["operation"], line["type"], line["field"], line["outcome"])
        for line in lines
        if line["event"] == "operation"
    ]
    assert told == [
        ("Own", "query", "me", "OK"),
        (None, "query", "group", "FORBIDDEN"),
        ("Change", "mutation", "closeAccount", "CODE_REQUIRED"),
        (None, "none", "none", "BAD_USER_INPUT"),
    ]
    for line in lines:
        assert line["request_id"] and line["ms"] >= 0 and line["points"] >= 1
    assert not found_in(written.getvalue())


def test_what_is_personal_is_found() -> None:
    for personal in (
        "+8613800000001",
        "13800000001",
        "11010119900307123X",
        "eyJhbGciOiJIUzI.x",
        "张",
    ):
        assert found_in(json.dumps({"event": personal}, ensure_ascii=False)), personal
    assert not found_in(json.dumps({"id": "7f1c13800000001a-1380", "at": "2026-11-26T08:00:00Z"}))

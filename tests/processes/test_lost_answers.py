"""A server killed between a commit and its answer: what is sent again was done once."""

from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest

from app.client import mutation
from tests.support.dying_server import DIE
from tests.support.person import Person
from tests.support.processes import Forked, Process, answering, environment
from tests.support.servers import free_port
from tests.support.templates import have_database
from tests.support.world import World

GROUPS = "{ me { groups { nodes { id } } } }"


class DyingProcess(Forked):
    """A server that dies when it is asked to."""

    module = "tests.support.dying_server"


async def killed_then_again(
    process: Process, person: Person, name: str, fields: str, /, **input: Any
) -> dict[str, Any]:
    """Run one mutation whose answer is lost, then again with the same key; return the payload."""
    key = str(uuid4())
    asked = process.log.parent / DIE
    asked.touch()
    with pytest.raises(httpx.TransportError):
        await person.send(mutation(name, fields), key, input=input)
    assert not asked.exists()  # it was committed, and it died
    process.kill()
    process.start()
    await answering(person.world.http, f"{person.world.url}/readyz", process)
    first = await person.change(name, fields, key, **input)
    assert await person.change(name, fields, key, **input) == first
    return first


async def test_what_a_dying_server_did_is_not_done_again(tmp_path: Path) -> None:
    have_database(tmp_path)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    env = environment(port=str(port), demo="0", rate_limits="0")
    with DyingProcess(tmp_path, env, "serve") as process:
        async with httpx.AsyncClient(timeout=30) as http:
            await answering(http, f"{url}/readyz", process)
            creator = await World(url, f"{url}/sandbox", http).real_person()
            new = {"name": "第一小学", "type": "SCHOOL", "address": "广州", "consent": True}
            created = await killed_then_again(
                process, creator, "createGroup", "group { id name memberCount }", **new
            )
            group_id = created["group"]["id"]
            assert created["group"] == {"id": group_id, "name": "第一小学", "memberCount": 1}
            assert (await creator.ask(GROUPS))["me"]["groups"]["nodes"] == [{"id": group_id}]
            invited = await killed_then_again(
                process, creator, "createInvitation", "invitation { token }", groupId=group_id
            )
            member = await creator.world.someone()
            joining = await member.joining(invited["invitation"]["token"])
            joined = await killed_then_again(
                process, member, "joinGroup", "members { id }", **joining
            )
            [own] = joined["members"]
            removed = await killed_then_again(
                process, creator, "removeMember", "group { memberCount }", memberId=own["id"]
            )
            assert removed["group"] == {"memberCount": 1}

"""One server on SQLite, killed between a change and the SMS that it causes."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import httpx

from tests.support.processes import Forked, answering, environment, serving
from tests.support.servers import free_port
from tests.support.sms import each_got_one, sms_of
from tests.support.waiting import START_PATIENCE, eventually
from tests.support.world import World

PEOPLE = 8  # more than are sent at once


async def is_up(world: World) -> bool:
    try:
        return bool(await world.now())
    except httpx.TransportError:
        return False


def let_claims_lapse(folder: Path) -> None:
    """As when the server is down for longer than it holds its claims."""
    lapsed = "UPDATE due_work SET due_at = '2022-09-01 00:00:00+00:00' WHERE kind = 'SEND_SMS'"
    with closing(sqlite3.connect(folder / "groupcode.sqlite3")) as connection, connection:
        connection.execute(lapsed)


async def test_whoever_a_killed_server_had_to_tell_is_told_once(tmp_path: Path) -> None:  # R8, R39
    port = free_port()
    outside = f"http://127.0.0.1:{port}"
    with Forked(tmp_path, environment(), "sandbox", "--port", str(port)):
        async with serving(tmp_path, sandbox_url=outside) as (process, world):
            world.sandbox = f"{outside}/sandbox"  # it outlives the server, and so does what it took
            await eventually(lambda: is_up(world), bool, START_PATIENCE)
            creator = await world.real_person()
            members = await asyncio.gather(*(world.someone() for _ in range(PEOPLE - 1)))
            group_id = await creator.create_group()
            token = await creator.invite(group_id)
            for member in members:
                await member.join(token)
            everyone = (creator, *members)
            verification_id = await creator.verify("DISSOLVE")
            given = {
                "groupId": group_id,
                "verificationId": verification_id,
                "riskAcknowledged": True,
            }
            await world.faults(sms={"delay_ms": 5000})
            await creator.change("dissolveGroup", "group { name }", **given)
            process.kill()
            sent = [one for person in everyone for one in await sms_of(person, "group_dissolved")]
            assert len(sent) < PEOPLE  # it was killed in time
            await world.faults()
            let_claims_lapse(tmp_path)
            process.start()
            await answering(world.http, f"{world.url}/readyz", process)
            await each_got_one(everyone, "group_dissolved")

            async def unsent() -> int:
                with closing(sqlite3.connect(tmp_path / "groupcode.sqlite3")) as connection:
                    of_sms = "SELECT count(*) FROM due_work WHERE kind = 'SEND_SMS'"
                    return int(connection.execute(of_sms).fetchone()[0])

            await eventually(unsent, lambda count: count == 0)
            await each_got_one(everyone, "group_dissolved")

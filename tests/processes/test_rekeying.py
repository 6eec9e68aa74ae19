"""The key is changed while people use the server, and nobody notices; then the old one is gone."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final
from uuid import uuid4

from pydantic import SecretStr

from app.domain.sms import SmsState, SmsTemplate
from app.models.database import database
from app.models.fields import use_cipher
from app.models.key_checks import KeyCheck
from app.models.messages import Sms
from app.models.rekeying import count_left, encrypted_tables
from app.models.statements import fetch_value
from app.ports.cipher import Cipher, Key
from tests.support.in_process import env_of, served
from tests.support.person import Person
from tests.support.processes import Forked, environment, groupcode
from tests.support.waiting import eventually
from tests.support.world import World

OLD: Final = "an-old-secret-that-many-copies-were-made-of"
NEW: Final = "a-new-secret-that-nobody-has-seen-until-now"
MANY: Final = 8_000
OWN: Final = """{ me { id name phone relatives { id name } groups { nodes { id members(first: 9) {
    nodes { person { name } phone remark } } } } } }"""


@asynccontextmanager
async def serving(url: str, *keys: str) -> AsyncIterator[World]:
    """A server that knows these keys, the newest first."""
    known = {"secret_key": SecretStr(""), "secret_keys": SecretStr(",".join(keys))}
    async with served(database_url=url, **known) as world:
        yield world


async def fill(person: Person) -> None:
    """Write so many SMS that moving them takes a while."""
    env = env_of(person.world)
    now = env.clock.now()
    await Sms.bulk_create(
        Sms(
            id=uuid4(),
            template=SmsTemplate.MEMBER_REMOVED,
            phone=person.phone,
            phone_hash=env.lookups("phone", person.phone)[0],
            params={"group": "第一小学"},
            language="zh",
            state=SmsState.SENT,
            created_at=now,
        )
        for _ in range(MANY)
    )


async def come_back(world: World, people: Sequence[Person]) -> None:
    """Have people go on at another server, by the refresh tokens that they have."""
    for person in people:
        person.server = world
        await person.renew()


async def sms_under(key: Key) -> int:
    """How many SMS are under a key."""
    prefix = Cipher(NEW).prefix if key == Cipher(NEW).keys[0] else Cipher(OLD).prefix
    count = "SELECT count(*) FROM sms WHERE substr(phone, 1, 4) = $1"
    return await fetch_value(int, count, prefix) or 0


async def use_it(world: World, group_id: str, creator: Person, ended: asyncio.Event) -> int:
    """Sign in, join and edit until told to stop; return how many joined."""
    joined = 0
    while not ended.is_set() or not joined:
        member = await world.someone()
        await member.join(await creator.invite(group_id))
        joined += 1
        await creator.change(
            "updateGroup", "group { id }", groupId=group_id, name=f"第{joined}小学"
        )
    return joined


async def test_a_key_is_changed_while_people_use_the_server(
    unwatched_url: str, tmp_path: Path
) -> None:
    # Not the usual one: it finds writes that move no data version, and these change no data.
    database_url = unwatched_url
    async with serving(database_url, OLD) as world:
        creator, member = await world.real_person(), await world.someone()
        group_id = await creator.create_group()
        await member.join(await creator.invite(group_id))
        link = await creator.invite(group_id)
        await fill(creator)
        before = await creator.ask(OWN)

    keys = tmp_path / "keys"
    keys.write_text(f"{NEW}\n{OLD}\n")
    settings = {"database_url": database_url, "secret_keys_file": str(keys)}
    async with serving(database_url, NEW, OLD) as world:
        await come_back(world, [creator, member])
        assert await creator.ask(OWN) == before
        ended = asyncio.Event()
        using = asyncio.create_task(use_it(world, group_id, creator, ended))
        with Forked(tmp_path, environment(**settings), "rekey") as killed:
            await eventually(lambda: sms_under(Cipher(NEW).keys[0]), bool)
            was_running = killed.kill()
        assert was_running and await sms_under(Cipher(OLD).keys[0])
        done = await asyncio.to_thread(groupcode, tmp_path, "rekey", **settings)
        ended.set()
        joined = await using
        assert done.returncode == 0, done.stdout + done.stderr
        assert "the others can be dropped" in done.stdout

    use_cipher(Cipher(NEW))
    async with database(database_url):
        for table in encrypted_tables():
            assert await count_left(table, Cipher(NEW)) == 0, table.name
        assert [row.mac for row in await KeyCheck.all()] == [Cipher(NEW).keys[0].mac]

    async with serving(database_url, NEW) as world:
        await come_back(world, [creator, member])
        after = await creator.ask(OWN)
        assert after["me"]["id"] == before["me"]["id"]
        assert len(after["me"]["groups"]["nodes"][0]["members"]["nodes"]) == min(2 + joined, 9)
        await creator.sign_in_again()
        assert (await creator.ask("{ me { id } }"))["me"]["id"] == before["me"]["id"]
        late = await world.someone()
        await late.join(link)

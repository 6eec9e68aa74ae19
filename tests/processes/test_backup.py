"""Backups are made while servers write, and what was due goes on after they are restored."""

import asyncio
import shutil
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from app.models.backing_up import NotBackedUp, back_up
from tests.support.deployment import deployment_environment
from tests.support.person import Person
from tests.support.processes import (
    Forked,
    answering,
    environment,
    groupcode,
    groupcode_anew,
    migrate,
    serving,
)
from tests.support.servers import PostgresServer, RedisServer, free_ports
from tests.support.templates import have_database
from tests.support.waiting import eventually
from tests.support.world import World

GROUPS = "{ me { groups { nodes { name memberCount } } } }"
SECRET = "a secret of the tests that is long enough"


async def write(person: Person, until: asyncio.Event) -> None:
    """Change a group's name time and again."""
    [group] = (await person.ask("{ me { groups { nodes { id } } } }"))["me"]["groups"]["nodes"]
    number = 0
    while not until.is_set():
        number += 1
        name = f"第{number}小学"
        await person.change("updateGroup", "group { name }", groupId=group["id"], name=name)


async def seen_by(person: Person, world: World) -> list[str]:
    """The groups of someone whose session goes on at the restored server."""
    again = Person(world, person.phone, person.name, person.id_number)
    again.token = person.token
    return [one["name"] for one in (await again.ask(GROUPS))["me"]["groups"]["nodes"]]


async def test_the_embedded_database_is_copied_while_it_is_written(tmp_path: Path) -> None:
    copy, restored = tmp_path / "copy.sqlite3", tmp_path / "restored"
    async with serving(tmp_path, secret_key=SECRET) as (_, world):
        creator = await world.real_person()
        await creator.create_group()
        over = asyncio.Event()
        writing = asyncio.create_task(write(creator, over))
        made = await asyncio.to_thread(groupcode_anew, tmp_path, "backup", str(copy))
        over.set()
        await writing
        assert made.returncode == 0, made.stderr
        again = await asyncio.to_thread(groupcode, tmp_path, "backup", str(copy))
        assert again.returncode == 2 and "is there already" in again.stderr
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert not copy.with_name("copy.sqlite3.unfinished").exists()
    restored.mkdir()
    shutil.copyfile(copy, restored / "groupcode.sqlite3")
    async with serving(restored, secret_key=SECRET) as (_, world):
        [name] = await seen_by(creator, world)
        assert name.endswith("小学")


def test_a_copy_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    have_database(tmp_path)
    refused = groupcode(tmp_path, "backup", str(tmp_path / "nowhere" / "copy.sqlite3"))
    assert refused.returncode == 2
    assert "can't be written" in refused.stderr and "Traceback" not in refused.stderr
    for url in ("postgres://nobody@127.0.0.1:9/nothing", "sqlite://:memory:"):
        refused = groupcode(tmp_path, "backup", "copy", database_url=url)
        assert refused.returncode == 2 and "pg_dump" in refused.stderr


def test_two_backups_to_one_file_at_once_are_one(tmp_path: Path) -> None:
    """What a killed one left is begun anew."""
    source, copy = have_database(tmp_path), tmp_path / "copy"
    copy.with_name("copy.unfinished").write_text("what a killed one left\n" * 1000)
    others: list[str] = []

    def meanwhile(done: int, pages: int) -> None:
        with pytest.raises(NotBackedUp) as refused:
            back_up(source, copy, lambda done, pages: None)
        others.append(str(refused.value))

    back_up(source, copy, meanwhile)
    assert others and all("is being written by another backup" in said for said in others)
    with closing(sqlite3.connect(copy)) as connection:
        assert connection.execute("SELECT count(*) FROM account").fetchone() == (0,)


async def test_a_dump_made_under_load_is_restored_and_what_was_due_is_done(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str
) -> None:
    ports = free_ports(3)
    sandbox = f"http://127.0.0.1:{ports[0]}"
    live = postgres.create_database("groupcode_live", postgres_template)
    restored = postgres.create_database("groupcode_again")
    dump = tmp_path / "dump"
    with (
        RedisServer() as redis,
        Forked(tmp_path, environment(), "sandbox", "--port", str(ports[0])),
    ):

        def env(url: str, port: int) -> dict[str, str]:
            return deployment_environment(url, sandbox, redis_url=redis.url, port=str(port))

        async with httpx.AsyncClient(timeout=30) as http:
            with Forked(tmp_path, env(live, ports[1]), "serve") as server:
                world = World(f"http://127.0.0.1:{ports[1]}", f"{sandbox}/sandbox", http)
                await answering(http, f"{world.url}/readyz", server)
                with Forked(tmp_path, env(live, ports[1]), "worker"):
                    creator = await world.real_person()
                    await creator.create_group()
                over = asyncio.Event()
                writing = asyncio.create_task(write(creator, over))
                waiting = world.stranger()  # no worker sends the code that is asked for now
                await waiting.change(
                    "requestVerificationCode", "challenge", phone=waiting.phone, purpose="SIGN_IN"
                )
                await asyncio.to_thread(
                    postgres.call, "pg_dump", "--format=custom", f"--file={dump}", live
                )
                over.set()
                await writing
            await asyncio.to_thread(
                postgres.call, "pg_restore", "--no-owner", f"--dbname={restored}", str(dump)
            )
            await migrate(env(restored, ports[2]))
            with (
                Forked(tmp_path, env(restored, ports[2]), "serve") as server,
                Forked(tmp_path, env(restored, ports[2]), "worker"),
            ):
                world = World(f"http://127.0.0.1:{ports[2]}", f"{sandbox}/sandbox", http)
                await answering(http, f"{world.url}/readyz", server)
                await eventually(lambda: world.messages(waiting.phone), bool)
                [name] = await seen_by(creator, world)
                assert name.endswith("小学")

"""The groupcode command, as whoever runs the server meets it."""

import asyncio
import re
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli import main
from app.models.due import LEASE
from app.workers.kinds import KINDS
from tests.support.processes import ROOT, answering, groupcode, groupcode_anew, serving
from tests.support.servers import free_port
from tests.support.templates import have_database
from tests.support.waiting import eventually

COMMANDS = (
    "demo",
    "serve",
    "worker",
    "work",
    "migrate",
    "rekey",
    "doctor",
    "health",
    "make-migration",
    "backup",
    "check-migrations",
    "sandbox",
    "schema",
)
STATUS = "subscription($id: ID!) { groupStatusChanged(groupId: $id) { colour } }"
MEMBERS = "query($id: ID!) { group(id: $id) { colour members { nodes { role asOf } } } }"


def test_help_lists_every_command(tmp_path: Path) -> None:
    done = groupcode_anew(tmp_path, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert sorted(main.commands) == sorted(COMMANDS)
    for command in COMMANDS:
        assert re.search(rf"^  {command}  +\S", done.stdout, re.MULTILINE)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself_without_doing_anything(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for option in ("--help", "-h"):
        done = CliRunner().invoke(main, [command, option])
        assert done.exit_code == 0
        assert f" {command} [OPTIONS]" in done.output
        explained = (main.commands[command].help or "").splitlines()[0]
        assert explained and explained in " ".join(done.output.split())
    assert not list(tmp_path.iterdir())


def test_the_schema_that_is_printed_is_the_one_that_is_kept(tmp_path: Path) -> None:
    printed = CliRunner().invoke(main, ["schema"])
    assert printed.exit_code == 0
    assert printed.output == (ROOT / "schema.graphql").read_text()
    other = tmp_path / "schema.graphql"
    other.write_text(printed.output + "type Another { id: ID! }\n")
    checked = CliRunner().invoke(main, ["schema", "--check", str(other)])
    assert checked.exit_code == 1
    assert "make schema" in checked.output


def test_wrong_options_are_told_with_usage(tmp_path: Path) -> None:
    (tmp_path / "letters").write_bytes(b"\xff")
    for wrong in (
        ["serve", "--host", "a..b"],
        ["serve", "--host", ""],
        ["sandbox", "--host", "[::1]"],
        ["sandbox", "--port", "65536"],
        ["schema", "--check", str(tmp_path)],
    ):
        done = CliRunner().invoke(main, wrong)
        assert done.exit_code == 2 and wrong[1] in done.output
    other = CliRunner().invoke(main, ["schema", "--check", str(tmp_path / "letters")])
    assert other.exit_code == 1 and "make schema" in other.output


def test_a_manifest_that_cannot_be_used_is_a_sentence_at_the_start(tmp_path: Path) -> None:
    have_database(tmp_path)
    manifest = tmp_path / "documents.json"
    manifest.write_text('{"abc": "query Viewer { nobody }"}')
    done = groupcode(tmp_path, "serve", documents=str(manifest))
    assert done.returncode == 2
    said = f"GROUPCODE_DOCUMENTS: {manifest}: the operation Viewer (abc) can't be run: "
    assert said in done.stderr and "Traceback" not in done.stderr


def test_migrating_twice_is_harmless(tmp_path: Path) -> None:
    first, second = groupcode_anew(tmp_path, "migrate"), groupcode(tmp_path, "migrate")
    assert (first.returncode, second.returncode) == (0, 0)
    assert first.stdout.startswith("applied ")
    assert second.stdout == "the database is up to date\n"
    assert (first.stderr, second.stderr) == ("", "")


def test_work_is_listed_by_kind_and_a_key_that_nothing_dead_has_is_refused(tmp_path: Path) -> None:
    unmigrated = groupcode(tmp_path, "work")
    assert unmigrated.returncode == 2 and "groupcode migrate" in unmigrated.stderr
    for empty in tmp_path.glob("groupcode.sqlite3*"):
        empty.unlink()
    have_database(tmp_path)
    listed = groupcode(tmp_path, "work")
    assert (listed.returncode, listed.stderr) == (0, "")
    assert [line.split()[0] for line in listed.stdout.splitlines()] == ["kind", *KINDS]
    everything = groupcode(tmp_path, "work", "--retry-all")
    assert (everything.returncode, everything.stdout) == (
        0,
        "0 dead pieces of work are due again\n",
    )
    unknown = groupcode(tmp_path, "work", "--retry", "SEND_SMS:1")
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr == "no dead work has the key SEND_SMS:1\n"


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_wrong_settings_end_it_with_a_sentence_and_code_2(tmp_path: Path, command: str) -> None:
    done = groupcode(tmp_path, command, port="eighty", timezone="Mars/Olympus_Mons")
    assert (done.returncode, done.stdout) == (2, "")
    assert "GROUPCODE_PORT: " in done.stderr and "GROUPCODE_TIMEZONE: " in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(tmp_path.iterdir())


def test_a_worker_alone_says_that_it_needs_redis(tmp_path: Path) -> None:
    done = groupcode(tmp_path, "worker")
    assert done.returncode == 2
    assert "GROUPCODE_REDIS_URL" in done.stderr and "Traceback" not in done.stderr


def test_serving_a_database_that_was_not_migrated_says_so(tmp_path: Path) -> None:
    done = groupcode(tmp_path, "serve", port=str(free_port()))
    assert done.returncode != 0
    assert "groupcode migrate" in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


async def test_it_says_where_everything_is_and_ends_well_though_someone_listens(
    tmp_path: Path,
) -> None:
    async with serving(tmp_path) as (process, world):
        said = process.log.read_text()
        assert f"{world.url}/graphql in a browser" in said
        assert f"{world.sandbox} " in said
        assert "requestVerificationCode" in said and "signIn" in said
        assert f"{world.sandbox}/messages?phone=%2B86" in said
        creator = await world.real_person()
        group_id = await creator.create_group()
        async with creator.socket() as socket:
            await socket.subscribe(STATUS, id=group_id)
            assert (await socket.next())["groupStatusChanged"] == {"colour": "GREEN"}
            began = time.monotonic()
            assert await asyncio.to_thread(process.stop) == 0
            assert time.monotonic() - began < 10
        assert "Traceback" not in process.log.read_text()


def being_done(folder: Path) -> set[str]:
    """The kinds of work that someone holds a claim on."""
    with closing(sqlite3.connect(folder / "groupcode.sqlite3")) as connection:
        return {kind for (kind,) in connection.execute("SELECT kind FROM due_work WHERE attempts")}


async def test_what_a_killed_server_left_undone_is_done_after_a_restart(
    tmp_path: Path,
) -> None:  # R14, R39
    async with serving(tmp_path) as (process, world):
        creator, member, waiting = (
            await world.real_person(),
            await world.someone(),
            world.stranger(),
        )
        group_id = await creator.create_group()
        joining = await member.joining(await creator.invite(group_id))
        stuck = {"delay_ms": 60_000, "times": 100}
        await world.faults(sms=stuck, health=stuck)
        await member.change("joinGroup", "members { id }", **joining)
        requested = await waiting.change(
            "requestVerificationCode", "challenge", phone=waiting.phone, purpose="SIGN_IN"
        )

        async def claimed() -> set[str]:
            return being_done(tmp_path)

        await eventually(claimed, lambda kinds: {"FETCH_PERSON", "SEND_CODE"} <= kinds)
        process.kill()
        process.start()
        await answering(world.http, f"{world.url}/readyz", process)
        assert await world.messages(waiting.phone) == []
        await world.advance(seconds=LEASE.total_seconds())
        messages = await eventually(lambda: world.messages(waiting.phone), bool)
        proof = {"code": messages[0]["params"]["code"], "challenge": requested["challenge"]}
        await waiting.change("signIn", "accessToken", phone=waiting.phone, **proof)
        seen = await eventually(
            lambda: creator.ask(MEMBERS, id=group_id),
            lambda seen: all(node["asOf"] for node in seen["group"]["members"]["nodes"]),
        )
        assert [node["role"] for node in seen["group"]["members"]["nodes"]] == ["CREATOR", "MEMBER"]
        assert len(await world.messages(waiting.phone)) == 1

"""A database or a key that can't be used is one sentence, in every command, and never a wait."""

import sqlite3
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.support.processes import groupcode
from tests.support.servers import PostgresServer, RedisServer, free_port
from tests.support.templates import have_database

ANOTHER = "another secret, for whom nothing was written"


def refusal(folder: Path, command: str, **settings: str) -> str:
    """The one sentence with which a command ends."""
    done = groupcode(folder, command, **settings)
    assert (done.returncode, done.stdout) == (2, ""), done.stderr
    assert "Traceback" not in done.stderr
    head, *sentences = done.stderr.splitlines()
    assert head == "groupcode can't start:"
    (sentence,) = sentences
    return sentence


@pytest.mark.parametrize("command", ["migrate", "serve", "work", "demo"])
def test_a_file_that_cannot_be_opened_is_a_sentence(tmp_path: Path, command: str) -> None:
    damaged = tmp_path / "damaged.sqlite3"
    damaged.write_text("this was a database once\n" * 200)
    for path, reason in (
        (tmp_path / "nowhere" / "x.sqlite3", "there is no folder"),
        (tmp_path, "is a folder"),
        (damaged, "can't be read: file is not a database"),
        (damaged / "x.sqlite3", "is no folder"),
    ):
        said = refusal(tmp_path, command, database_url=f"sqlite://{path}")
        assert said.startswith(f"GROUPCODE_DATABASE_URL: {path} ") and reason in said


def test_the_file_of_the_database_is_its_owners_alone(tmp_path: Path) -> None:
    assert groupcode(tmp_path, "migrate").returncode == 0
    for name in ("groupcode.sqlite3", ".groupcode-secret"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("command", ["migrate", "serve", "worker"])
def test_a_postgres_that_cannot_be_used_is_a_sentence(
    tmp_path: Path, postgres: PostgresServer, command: str
) -> None:
    several = {"redis_url": "redis://127.0.0.1:9/0", "sandbox_url": "http://127.0.0.1:9"}
    for url, reason in (
        (f"postgres://me:hunter2@127.0.0.1:{free_port()}/groups", "connection refused"),
        ("postgres://me:hunter2@nowhere.invalid/groups", "can't be reached"),
        (postgres.url.replace("/postgres", "/nowhere"), "Create it: createdb nowhere"),
        (postgres.url.replace("groupcode@", "stranger@"), "stranger isn't let in"),
        (f"{postgres.url}?sslmode=require", "it has no TLS"),
    ):
        said = refusal(tmp_path, command, database_url=url, **several)
        assert said.startswith("GROUPCODE_DATABASE_URL: PostgreSQL at ") and reason in said
        assert "hunter2" not in said


def test_a_postgres_that_is_not_for_us_is_a_sentence(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str
) -> None:
    """What it would refuse in the middle of something is found before anything is done."""
    with ExitStack() as stack:

        def made(name: str, template: str = "template1") -> str:
            stack.callback(postgres.drop_database, name)
            return postgres.create_database(name, template)

        still, others, bare = made("still"), made("others"), made("bare")
        full, latin = made("full", postgres_template), still.replace("/still", "/latin")
        stack.callback(postgres.drop_database, "latin")
        stack.callback(postgres.run, "DROP ROLE visitor", postgres.url)
        for statement, url in (
            ("CREATE ROLE visitor LOGIN", still),
            ("ALTER DATABASE still SET default_transaction_read_only = on", postgres.url),
            ("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'", postgres.url),
            ("CREATE TABLE invoice (id int)", others),
        ):
            postgres.run(statement, url)
        for command, url, reason in (
            ("migrate", still, "takes no writes"),
            ("migrate", latin, "keeps texts as LATIN1"),
            ("migrate", others, "holds invoice of another program"),
            ("migrate", bare.replace("groupcode@", "visitor@"), "denied for schema public"),
            ("serve", full.replace("groupcode@", "visitor@"), "visitor may not read and write"),
            ("health", bare, "isn't of this shape: run `groupcode migrate`"),
        ):
            said = refusal(tmp_path, command, database_url=url)
            assert said.startswith("GROUPCODE_DATABASE_URL: ") and reason in said


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_a_redis_or_replica_that_is_none_for_us_is_a_sentence(
    tmp_path: Path, postgres: PostgresServer, postgres_template: str, command: str
) -> None:
    with RedisServer() as redis, ExitStack() as stack:
        urls = []
        for name in ("one", "another"):
            stack.callback(postgres.drop_database, name)
            urls.append(postgres.create_database(name, postgres_template))
        of_one = {"database_url": urls[0], "sandbox_url": "http://127.0.0.1:9"}
        said = refusal(tmp_path, command, redis_url=f"{redis.url}99", **of_one)
        assert said.startswith("GROUPCODE_REDIS_URL: refuses us")
        mixed = of_one | {"redis_url": redis.url, "database_read_url": urls[1]}
        said = refusal(tmp_path, command, **mixed)
        assert said.startswith("GROUPCODE_DATABASE_READ_URL: ") and "is no copy of" in said


def test_a_file_of_another_program_is_a_sentence(tmp_path: Path) -> None:
    another = tmp_path / "another.sqlite3"
    with closing(sqlite3.connect(another)) as connection:
        connection.execute("CREATE TABLE invoice (id int)")
    url = f"sqlite://{another}"
    assert "holds invoice of another program" in refusal(tmp_path, "migrate", database_url=url)
    copy = groupcode(tmp_path, "backup", "copy", database_url=url)
    assert copy.returncode == 2 and f"{another} can't be read" in copy.stderr
    assert not (tmp_path / "copy").exists()


def test_a_lock_of_another_user_is_a_sentence(tmp_path: Path) -> None:
    have_database(tmp_path)
    (tmp_path / "groupcode.sqlite3-lock").mkdir()
    assert "-lock, which keeps others out, can't be opened" in refusal(tmp_path, "serve", port="0")


def test_another_key_than_the_databases_is_refused(tmp_path: Path) -> None:
    have_database(tmp_path)
    assert groupcode(tmp_path, "work").returncode == 0
    for command in ("serve", "work"):
        said = refusal(tmp_path, command, secret_key=ANOTHER)
        assert "isn't the key that the database was written with" in said
    assert groupcode(tmp_path, "work").returncode == 0


def test_a_new_key_is_taken_beside_the_old_one_which_stays_until_all_is_moved(
    tmp_path: Path,
) -> None:
    have_database(tmp_path)
    groupcode(tmp_path, "work")
    old = (tmp_path / ".groupcode-secret").read_text().strip()
    new = "b5f0e8c1d97a43628e0b6c5a7f13d2946"
    assert groupcode(tmp_path, "work", secret_keys=f"{new},{old}").returncode == 0
    assert groupcode(tmp_path, "work", secret_keys=f"{old},{new}").returncode == 0
    for alone in (old, new):
        said = refusal(tmp_path, "work", secret_key=alone)
        assert said.startswith("GROUPCODE_SECRET_KEYS: lacks the key ")

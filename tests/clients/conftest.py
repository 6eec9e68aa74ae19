"""What the clients' tests share: the built scenarios, and a server to use."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.clients import GENERATED, HERE, run, tool
from tests.support.in_process import served
from tests.support.world import World


@pytest.fixture(scope="session", autouse=True)
def built() -> Path:
    """The scenarios as Node runs them, made by the tools that front ends use; they must pass."""
    shutil.rmtree(GENERATED, ignore_errors=True)
    (GENERATED / "relay").mkdir(parents=True)
    (GENERATED / "relay-persisted.json").write_text("{}")  # relay-compiler wants it to be there
    tool("graphql-codegen", "--config", "codegen.yml")
    tool("generate-persisted-query-manifest")
    tool("relay-compiler", "relay.config.json")
    run("node", "build.mjs")
    return HERE / "build"


@pytest.fixture(scope="module")
def clients_database(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A migrated SQLite database, without a row."""
    path = tmp_path_factory.mktemp("database") / "groupcode.sqlite3"
    shutil.copyfile(sqlite_template, path)
    return f"sqlite://{path}"


@pytest.fixture(scope="module")
async def clients_world(clients_database: str) -> AsyncIterator[World]:
    """A development server on SQLite."""
    async with served(database_url=clients_database) as world:
        yield world

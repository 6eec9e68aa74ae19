"""The log of a server in production: nothing but JSON objects, and nobody's data in them."""

import asyncio
import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NotRequired, TypedDict

import httpx
import pytest
from pydantic import SecretStr
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin, Subprotocol

from app.config import Settings
from app.main import create_server
from app.tracebacks import ExceptionFrames, as_text, describe_exception
from tests.support.logs import logged
from tests.support.noisy_server import NOISES, group
from tests.support.processes import Forked, answering, environment, groupcode
from tests.support.servers import free_port
from tests.support.templates import have_database

SECRET: Final = "13800001234-wang"
PRODUCTION: Final = {
    "environment": "production",
    "secret_key": "a secret of the tests that is long enough",
    "public_url": "https://groups.example",
    **{f"{system}_url": "http://127.0.0.1:9" for system in ("health", "identity", "family", "sms")},
}


class Line(TypedDict):
    """A line of the log, with what some lines have besides."""

    event: str
    level: str
    logger: str
    timestamp: str
    location: NotRequired[str]
    exception: NotRequired[list[ExceptionFrames]]
    coroutine: NotRequired[str]
    reason: NotRequired[str]
    url: NotRequired[str]


class NoisyProcess(Forked):
    """A server that fails when it is asked to."""

    module = "tests.support.noisy_server"


def parsed(log: str) -> list[Line]:
    """The lines, each of which must be an object with all that every line has."""
    lines: list[Line] = [json.loads(line) for line in log.splitlines()]
    for line in lines:
        assert {"event", "level", "logger", "timestamp"} <= set(line), line
        at = datetime.fromisoformat(line["timestamp"])
        assert at.utcoffset() == timedelta(0)
        assert abs(datetime.now(UTC) - at) < timedelta(minutes=10)
    return lines


@pytest.fixture(scope="module")
async def log(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What a server in production writes from its start to its end, all noises made."""
    folder = tmp_path_factory.mktemp("noisy")
    have_database(folder)
    port = free_port()
    env = environment(port=str(port), **PRODUCTION)
    url = f"http://127.0.0.1:{port}"
    with NoisyProcess(folder, env, "serve") as process:
        async with httpx.AsyncClient(timeout=30) as http:
            await answering(http, f"{url}/readyz", process)
            for name in NOISES:
                await http.get(f"{url}/noise/{name}", headers={"secret": SECRET})
            await http.get(f"{url}/graphql?query={SECRET}")
        address = f"ws://127.0.0.1:{port}/graphql?{SECRET}"
        async with connect(address, subprotocols=[Subprotocol("graphql-transport-ws")]):
            pass
        with pytest.raises(InvalidStatus):
            await connect(address, origin=Origin("https://elsewhere.example"))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"{SECRET}\r\n\r\n".encode())
        assert b" 400 " in await reader.readline()
        writer.close()
        assert process.stop() == 0
        return process.log.read_text()


@pytest.fixture
def lines(log: str) -> dict[str, list[Line]]:
    """The lines of that server, by what they tell of."""
    found = defaultdict(list)
    for line in parsed(log):
        found[line["event"]].append(line)
    return found


def frames(line: Line) -> list[list[str]]:
    """The functions at the end of each exception's frames."""
    return [[frame["function"] for frame in each["frames"]][-2:] for each in line["exception"]]


def test_every_line_is_an_object_without_personal_data(log: str) -> None:
    assert len(parsed(log)) > len(NOISES)
    assert SECRET not in log and SECRET[:11] not in log


def test_uvicorn_tells_of_its_start_and_end(lines: dict[str, list[Line]]) -> None:
    for text in ("Application startup complete.", "Application shutdown complete."):
        (line,) = lines[text]
        assert (line["logger"], line["level"]) == ("uvicorn.error", "info")
    (line,) = lines["serving"]
    assert (line["logger"], line["url"][:17]) == ("app.serving", "https://groups.ex")


def test_uvicorn_tells_of_no_connection_unless_something_is_wrong(
    lines: dict[str, list[Line]],
) -> None:
    assert not [text for text in lines if "WebSocket" in text or "connection" in text]
    assert not [text for text in lines if "handshake" in text]  # of a page that was refused
    (line,) = lines["Invalid HTTP request received."]
    assert (line["logger"], line["level"]) == ("uvicorn.error", "warning")


def test_an_unexpected_error_shows_its_frames_and_those_of_its_cause(
    lines: dict[str, list[Line]],
) -> None:
    line, _ = lines["unexpected error"]
    assert (line["logger"], line["level"]) == ("app.web.safety", "error")
    assert [each["type"] for each in line["exception"]] == [
        "builtins.RuntimeError",
        "builtins.ValueError",
    ]
    assert frames(line) == [["make_noise", "error"], ["error", "fail"]]
    frame = line["exception"][-1]["frames"][-1]
    assert frame["file"].endswith("tests/support/noisy_server.py")
    assert "raise ValueError" in Path(frame["file"]).read_text().splitlines()[frame["line"] - 1]


def test_a_group_of_exceptions_shows_the_frames_of_each(lines: dict[str, list[Line]]) -> None:
    _, line = lines["unexpected error"]
    (described,) = line["exception"]
    assert described["type"] == "builtins.ExceptionGroup"
    first, second = described["exceptions"]
    assert [each["type"] for each in first] == ["builtins.ValueError"]
    assert [each["type"] for each in second] == ["builtins.RuntimeError", "builtins.ValueError"]
    assert second[1]["frames"][-1]["function"] == "fail"


def test_a_library_keeps_its_template_or_only_its_place(lines: dict[str, list[Line]]) -> None:
    (line,) = lines["it was %s"]
    assert (line["logger"], line["level"]) == ("some.library", "warning")
    text, caught = lines["a text that may hold personal data was left out"]
    for line, function in ((text, "text"), (caught, "caught")):
        assert line["location"].split() == [line["location"].split()[0], function]
        assert Path(line["location"].split(":")[0]).name == "noisy_server.py"
    assert frames(caught) == [["caught", "error"], ["error", "fail"]]


def test_a_warning_shows_its_category_and_place(lines: dict[str, list[Line]]) -> None:
    (line,) = lines["UserWarning"]
    assert (line["logger"], line["level"]) == ("py.warnings", "warning")
    assert "noisy_server.py:" in line["location"]


def test_what_nobody_catches_is_logged(lines: dict[str, list[Line]]) -> None:
    (thread,) = lines["uncaught exception of a thread"]
    (callback,) = lines["error in the event loop"]
    (task,) = lines["Task exception was never retrieved"]
    (ignored,) = lines["exception ignored"]
    for line in (thread, callback, task, ignored):
        assert frames(line)[0][-1] == "fail"
    assert task["coroutine"].endswith("failing")


UNCAUGHT: Final = """
from app.logs import configure_logs, log_what_python_prints
configure_logs(readable=False)
log_what_python_prints()
def fail():
    raise ValueError("{secret}")
fail()
"""


def test_an_exception_that_ends_the_process_is_a_line(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-c", UNCAUGHT.format(secret=SECRET)],
        env=environment(),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 1
    (line,) = parsed(ended.stderr)
    assert (line["event"], line["level"]) == ("uncaught exception", "critical")
    assert frames(line) == [["<module>", "fail"]]
    assert SECRET not in ended.stderr


def test_a_refusal_to_start_is_a_line_a_reason(tmp_path: Path) -> None:
    for settings, reasons in (
        ({"port": "eighty", "timezone": "Mars"}, ["GROUPCODE_PORT", "GROUPCODE_TIMEZONE"]),
        ({}, ["the database isn't of this shape"]),
    ):
        refused = groupcode(tmp_path, "serve", **PRODUCTION | settings)
        assert (refused.returncode, refused.stdout) == (2, "")
        lines = parsed(refused.stderr)
        assert [line["reason"].partition(":")[0] for line in lines] == reasons
        assert {line["event"] for line in lines} == {"groupcode can't start"}


@pytest.mark.parametrize("command", ["serve", "worker", "migrate"])
def test_a_database_that_nobody_serves_is_a_line_without_its_password(
    tmp_path: Path, command: str
) -> None:
    url = f"postgres://nobody:{SECRET}@127.0.0.1:{free_port()}/groups"
    redis = {"redis_url": "redis://127.0.0.1:9/0"}
    failed = groupcode(tmp_path, command, **PRODUCTION, **redis, database_url=url)
    assert (failed.returncode, failed.stdout) == (2, "")
    (line,) = parsed(failed.stderr)
    assert line["event"] == "groupcode can't start"
    assert "PostgreSQL at 127.0.0.1" in line["reason"] and "refused" in line["reason"]
    assert SECRET not in failed.stderr


async def test_what_keeps_the_server_from_starting_is_told_before_it_becomes_a_text(
    tmp_path: Path,
) -> None:
    url = f"sqlite://{tmp_path}/{SECRET}/groupcode.sqlite3"
    server = create_server(Settings(secret_key=SecretStr(SECRET * 2), database_url=url))
    with logged() as log, pytest.raises(Exception, match="unable to open"):
        async with server.app.router.lifespan_context(server.app):
            pass
    (line,) = parsed(log.getvalue())
    assert (line["event"], line["logger"]) == ("the server could not start or end", "app.main")
    assert line["exception"]
    assert SECRET not in log.getvalue()


def test_a_group_is_readable_too() -> None:
    with pytest.raises(ExceptionGroup) as raised:
        group(SECRET)
    text = as_text(describe_exception(raised.value))
    assert text.count("in fail\n") == 2 and text.count("raise ValueError(secret)") == 2
    assert "exception 2 of the group:\n" in text and "caused by:\n" in text
    assert SECRET not in text


def nested(depth: int) -> Iterator[None]:
    yield from nested(depth - 1) if depth else []
    if not depth:
        raise ValueError(SECRET)


def test_only_the_last_frames_of_a_deep_stack_are_shown() -> None:
    with pytest.raises(ValueError, match=SECRET) as raised:
        list(nested(200))
    (described,) = describe_exception(raised.value)
    assert len(described["frames"]) == 50

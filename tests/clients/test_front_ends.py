"""The snippets of docs/front-ends.md, run as they stand there."""

import re
from pathlib import Path
from typing import Any

from tests.support.clients import HERE, Scenario, scenario
from tests.support.processes import ROOT, answering, serving
from tests.support.waiting import START_PATIENCE, eventually

ADDRESS = "//127.0.0.1:8000"
# What a page has beside the snippet: where its data goes, and a session.
PAGE = """
const { token, groupId, version } = JSON.parse(process.argv[2]);
const tell = (what) => console.log(JSON.stringify(what));
const freshToken = async () => token;
const showGroups = (groups) => tell({ groups: [...groups.values()].map((group) => group.name) });
const showEvent = (event) => tell({ number: event.number });
const showErrors = (errors) => tell({ errors });
const readGroupAnew = () => tell({ lagged: true });
import WebSocket from "ws";
globalThis.WebSocket = WebSocket; // as browsers have it, and Node from 22
"""
VERSION = "query($id: ID!) { group(id: $id) { version } }"


def write_snippet(section: str, address: str) -> str:
    """Write a section's snippet where Node finds it; return the scenario's name."""
    page = (ROOT / "docs" / "front-ends.md").read_text()
    text = page.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    [snippet] = re.findall(r"```js\n(.+?)```", text, re.DOTALL)
    assert ADDRESS in snippet
    name = "front-ends-" + section.lower().replace(" ", "-")
    script = PAGE + snippet.replace(ADDRESS, f"//{address}")
    (HERE / "build" / f"{name}.scenario.mjs").write_text(script)
    return name


async def until(playing: Scenario, key: str, wanted: Any) -> None:
    """Read what a snippet shows until it shows this."""
    while (await playing.next(START_PATIENCE)).get(key) != wanted:
        pass


async def test_live_views_go_on_where_the_server_was_killed(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, world):
        creator = await world.real_person()
        group_id = await creator.create_group(name="一")
        await creator.create_group(name="二")
        # The creator's first record has come, and was judged: the second event of the log.
        seen = await eventually(
            lambda: creator.ask(VERSION, id=group_id), lambda seen: seen["group"]["version"] == 2
        )
        version = seen["group"]["version"]
        name = write_snippet("Live views", world.url.partition("//")[2])
        given = {"token": creator.token, "groupId": group_id, "version": version}
        async with scenario(name, **given) as playing:
            await until(playing, "groups", ["一", "二"])
            await creator.change("updateGroup", "", groupId=group_id, name="一一")
            await until(playing, "number", version + 1)
            process.kill()
            process.start()
            await answering(world.http, f"{world.url}/readyz", process)
            await creator.change("updateGroup", "", groupId=group_id, name="一一一")
            await until(playing, "number", version + 2)
            await creator.create_group(name="三")
            await until(playing, "groups", ["一一一", "二", "三"])
        assert [one["number"] for one in playing.told if "number" in one] == [
            version + 1,
            version + 2,
        ]
        assert not [one for one in playing.told if "errors" in one or "lagged" in one]

"""The snippets of docs/front-ends.md, run as they stand there."""

import re
from pathlib import Path
from typing import Any

from tests.support.clients import HERE, Scenario, scenario
from tests.support.organisations import an_organisation, attach_group
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


# What goes on from it on an organisation's page: `ask` stands in an earlier section.
ORGANISATION = """
const { url, organisationId } = JSON.parse(process.argv[2]);
const ask = async (query, variables) => {
  const headers = { "content-type": "application/json", authorization: `Bearer ${token}` };
  const body = JSON.stringify({ query, variables });
  return (await (await fetch(`${url}/graphql`, { method: "POST", headers, body })).json()).data;
};
const showOrganisation = ({ colour }, tiles) => {
  const shown = [...tiles.values()].map((group) => `${group.name} ${group.colour}`);
  tell({ top: colour, tiles: shown.sort() });
};
"""


def snippet_of(section: str) -> str:
    """Return the one snippet of JavaScript of a section."""
    page = (ROOT / "docs" / "front-ends.md").read_text()
    text = page.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    [snippet] = re.findall(r"```js\n(.+?)```", text, re.DOTALL)
    return str(snippet)


def write_program(name: str, address: str, *parts: str) -> str:
    """Write parts of a program where Node finds them as one; return the scenario's name."""
    script = PAGE + "".join(parts)
    assert ADDRESS in script
    path = HERE / "build" / f"{name}.scenario.mjs"
    path.write_text(script.replace(ADDRESS, f"//{address}"))
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
        address = world.url.partition("//")[2]
        name = write_program("front-ends-live-views", address, snippet_of("Live views"))
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


async def test_an_organisations_page_goes_on_where_the_server_was_killed(tmp_path: Path) -> None:
    async with serving(tmp_path) as (process, world):
        owner = await world.real_person()
        organisation_id = await an_organisation(owner)
        group_id = await owner.create_group(name="一")
        await attach_group(owner, group_id, owner, organisation_id)
        parts = (snippet_of("Live views"), ORGANISATION, snippet_of("An organisation's page"))
        name = write_program("front-ends-organisation", world.url.partition("//")[2], *parts)
        given = {"token": owner.token, "url": world.url, "organisationId": organisation_id}
        async with scenario(name, **given, groupId=group_id, version=1) as playing:
            await until(playing, "tiles", ["一 GREEN"])
            process.kill()
            process.start()
            await answering(world.http, f"{world.url}/readyz", process)
            await world.set_record(owner.id_number, health_code="RED")
            await owner.change("refreshGroup", "run { id }", groupId=group_id)
            await until(playing, "tiles", ["一 RED"])
            assert playing.told[-1]["top"] == "RED"
            other = await owner.create_group(name="二")
            await attach_group(owner, other, owner, organisation_id)
            await until(playing, "tiles", ["一 RED", "二 RED"])
        assert not [one for one in playing.told if "errors" in one]

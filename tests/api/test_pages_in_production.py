"""In production GraphiQL, what helps developers and what takes time are kept to themselves."""

import shutil
from pathlib import Path
from typing import Final

import pytest

from tests.support.in_process import served

BROWSER: Final = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


@pytest.mark.parametrize("graphiql", [None, True])
async def test_in_production_graphiql_is_shown_only_where_it_is_asked_for(
    sqlite_template: Path, tmp_path: Path, graphiql: bool | None
) -> None:
    path = tmp_path / "groupcode.sqlite3"
    shutil.copyfile(sqlite_template, path)
    async with served(
        database_url=f"sqlite://{path}",
        environment="production",
        sandbox=False,
        public_url="https://groups.example",
        graphiql=graphiql,
    ) as world:
        page = await world.http.get(world.url + "/graphql", headers=BROWSER)
        script = await world.http.get(world.url + "/graphiql/page.js", headers=BROWSER)
        home = await world.http.get(world.url + "/", headers=BROWSER)
        invited = await world.http.get(world.url + "/join/token", headers=BROWSER)
        answer = await world.http.get(f"{world.url}/graphql?query={{__typename}}")
    assert page.headers["content-type"].startswith("text/html" if graphiql else "application/json")
    assert (page.status_code, script.status_code) == ((200, 200) if graphiql else (400, 404))
    assert ("GraphiQL" in home.text) == bool(graphiql)
    assert "sandbox" not in home.text and "joinGroup" not in invited.text
    assert "server-timing" not in answer.headers

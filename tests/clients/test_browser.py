"""A real browser: pages of front ends on other origins, and the server's own."""

from tests.support.clients import browser, played
from tests.support.in_process import served
from tests.support.refreshes import refresh
from tests.support.servers import free_port

FRONT, ANOTHER = "front.example", "another.example"
WAYS = ("query", "socket", "distinct", "single", "download", "headers")


async def test_pages_of_allowed_origins_do_all_and_those_of_others_nothing(
    clients_database: str,
) -> None:
    port = free_port()
    origins = f"http://{FRONT}:{port}"
    async with served(database_url=clients_database, allowed_origins=origins) as world:
        creator = await world.real_person()
        group_id = await creator.create_group(name="First school")
        await refresh(creator, group_id)
        seen = await played(
            "browser",
            url=world.url,
            token=creator.token,
            groupId=group_id,
            browser=browser(),
            port=port,
            hosts=[FRONT, "localhost", ANOTHER],
        )
    for page in seen[:2]:  # any port of this machine is a developer's
        assert [page[way] for way in WAYS[:4]] == ["First school"] * 4, page
        assert page["download"].startswith("attachment"), page
        assert page["headers"].startswith("of-a-page ") and "total" in page["headers"], page
    assert all(seen[2][way].startswith("refused") for way in WAYS), seen[2]


async def test_the_servers_own_pages_ask_nothing_of_the_world_outside(
    clients_database: str,
) -> None:
    async with served(database_url=clients_database) as world:
        creator = await world.real_person()
        token = await creator.invite(await creator.create_group())
        [told] = await played("pages", browser=browser(), url=world.url, token=token)
    assert "invitation" in told["join"] and token not in told["join"]
    assert {"/graphql", "/sandbox"} <= set(told["links"])

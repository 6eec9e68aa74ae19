"""The sandbox's page, used in a real browser."""

from tests.support.clients import browser, played
from tests.support.world import World


async def test_the_page_is_used_in_a_browser(clients_world: World) -> None:
    person = await clients_world.someone()
    [sms] = await clients_world.messages(person.phone, "verification_code")
    check = await person.start_verification("IDENTIFY")
    told = await played(
        "sandbox",
        browser=browser(),
        url=clients_world.url,
        phone=person.phone,
        check=check["url"],
    )
    seen = {key: value for line in told[:-1] for key, value in line.items()}
    assert (seen["heading"], seen["code"]) == ("Sandbox", sms["params"]["code"])
    assert (seen["minutes"], seen["fault"]) == (60, {"health": {"status": 503}})
    assert f"curl -s '{clients_world.sandbox}/messages?" in seen["example"] and seen["copies"] > 10
    assert told[-1] == {"heading": "沙箱", "trouble": []}
    ended = await clients_world.http.get(check["url"].removesuffix("/face"))
    assert ended.json()["status"] == "FAILED"

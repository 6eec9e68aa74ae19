"""Verifications in the sandbox, as front-end teams end them."""

import httpx
import pytest

from tests.support.sandbox import CHECK, PUBLIC_URL


async def start(http: httpx.AsyncClient) -> dict[str, str]:
    response = await http.post("/identity/verifications", json=CHECK)
    assert response.status_code == 201
    verification: dict[str, str] = response.json()
    return verification


async def outcome(http: httpx.AsyncClient, verification: dict[str, str]) -> dict[str, str | None]:
    answer: dict[str, str | None] = (
        await http.get(f"/identity/verifications/{verification['id']}")
    ).json()
    return answer


async def test_a_verification_passes_at_once_when_nobody_ends_it(http: httpx.AsyncClient) -> None:
    verification = await start(http)
    assert verification["expires_at"] > "2022-09-01T12:00:00.000Z"
    await http.post("/clock", json={"advance_seconds": 60})
    expected = {
        "id": verification["id"],
        "status": "PASSED",
        **CHECK,
        "passed_at": "2022-09-01T12:01:00.000Z",
    }
    assert await outcome(http, verification) == expected
    await http.post("/clock", json={"advance_seconds": 60})
    assert await outcome(http, verification) == expected


async def test_a_verification_ends_as_the_person_ends_it(http: httpx.AsyncClient) -> None:
    passed, failed = await start(http), await start(http)
    assert passed["url"].startswith(f"{PUBLIC_URL}/identity/")
    assert (await http.post(passed["url"], json={"status": "PASSED"})).status_code == 200
    assert (await http.post(failed["url"], json={"status": "FAILED"})).status_code == 200
    await http.post("/clock", json={"advance_seconds": 60})
    assert (await outcome(http, passed))["passed_at"] == "2022-09-01T12:00:00.000Z"
    answer = await outcome(http, failed)
    assert (answer["status"], answer["passed_at"]) == ("FAILED", None)


async def test_a_verification_ends_once(http: httpx.AsyncClient) -> None:
    verification = await start(http)
    assert (await http.post(verification["url"], json={"status": "FAILED"})).status_code == 200
    assert (await http.post(verification["url"], json={"status": "PASSED"})).status_code == 409
    assert (await outcome(http, verification))["status"] == "FAILED"


async def test_the_identity_fault_fails_the_next_verification(http: httpx.AsyncClient) -> None:
    fault = {"identity": {"result": "FAILED", "times": 1}}
    await http.put("/faults", json=fault)
    failing, passing = await start(http), await start(http)
    assert (await outcome(http, failing))["status"] == "FAILED"
    assert (await outcome(http, passing))["status"] == "PASSED"

    started_before = await start(http)
    await http.put("/faults", json=fault)
    assert (await outcome(http, started_before))["status"] == "FAILED"


async def test_a_verification_nobody_started_is_not_there(http: httpx.AsyncClient) -> None:
    assert (await http.get("/identity/verifications/none")).status_code == 404
    face = await http.post("/identity/verifications/none/face", json={"status": "PASSED"})
    assert face.status_code == 404


@pytest.mark.parametrize("missing", CHECK)
async def test_a_verification_needs_to_know_of_whom_and_for_what(
    http: httpx.AsyncClient, missing: str
) -> None:
    body = {key: value for key, value in CHECK.items() if key != missing}
    response = await http.post("/identity/verifications", json=body)
    assert response.status_code == 400
    assert missing in response.json()["error"]


async def test_a_check_whose_page_was_opened_waits_until_it_is_decided_there(
    http: httpx.AsyncClient,
) -> None:
    check = (await http.post("/identity/verifications", json=CHECK)).json()
    path = f"/identity/verifications/{check['id']}"
    assert (await http.get(f"{path}/face")).status_code == 200
    assert (await http.get(path)).json()["status"] == "PENDING"
    await http.post(f"{path}/face", json={"status": "FAILED"})
    assert (await http.get(path)).json()["status"] == "FAILED"

"""What operations cost, as their answers tell."""

from typing import Any

from tests.support.person import Person


async def cost_of(person: Person, query: str, /, **variables: Any) -> dict[str, Any]:
    """Run an operation; return its cost."""
    body = await person.send(query, **variables)
    assert "errors" not in body or body["errors"] is None, body
    cost: dict[str, Any] = body["extensions"]["cost"]
    return cost


async def dry_cost(
    person: Person, query: str, /, variables: dict[str, Any] | None = None
) -> tuple[dict[str, Any], int]:
    """Ask what an operation would cost: all that is told, and the points."""
    body = {"query": query, "variables": variables, "extensions": {"dryRun": True}}
    headers = {"authorization": f"Bearer {person.token}"} if person.token else {}
    answer = await person.world.http.post(f"{person.url}/graphql", json=body, headers=headers)
    shown = answer.json()
    assert shown["data"] is None and "errors" not in shown
    cost = shown["extensions"]["cost"]
    return cost, cost["requested"]

"""Code generators take schema and documents, strict TypeScript what they make, the server both."""

from tests.support.clients import played, tool
from tests.support.world import World


def test_what_is_generated_passes_strict_typescript() -> None:
    assert tool("tsc", "--project", ".") == ""


async def test_typed_documents_by_graphql_request(clients_world: World) -> None:
    manager, other = clients_world.stranger(), clients_world.stranger()
    [told] = await played(
        "request",
        url=clients_world.url,
        phone=manager.phone,
        name=manager.name,
        idNumber=manager.id_number,
        other={"phone": other.phone, "name": other.name, "idNumber": other.id_number},
    )
    assert told["memberId"]

"""Organisations to test with: trees, who oversees them, and groups attached to them."""

from typing import Any

from app.schema import build_schema
from app.schema.organisation_mutations import OrganisationMutations
from tests.support.person import Person


def organisation_mutations() -> set[str]:
    """Return the names of the mutations about organisations."""
    named: Any = vars(OrganisationMutations)["__strawberry_definition__"]
    config = build_schema().config
    return {config.name_converter.from_field(field) for field in named.fields}


async def an_organisation(owner: Person, name: str = "教育局") -> str:
    """Create an organisation; return its id."""
    made = await owner.change("createOrganisation", "organisation { id }", name=name)
    return str(made["organisation"]["id"])


async def code_of(owner: Person, organisation_id: str) -> str:
    """Make a code of an organisation; return its token."""
    made = await owner.change(
        "createOrganisationCode", "code { token }", organisationId=organisation_id
    )
    return str(made["code"]["token"])


async def attach_group(creator: Person, group_id: str, owner: Person, upper_id: str) -> None:
    """Attach a group to an organisation."""
    token = await code_of(owner, upper_id)
    await creator.change("attachGroup", "group { id }", groupId=group_id, token=token)


async def attach_organisation(
    lower_owner: Person, lower_id: str, upper_owner: Person, upper_id: str
) -> None:
    """Attach an organisation to another."""
    token = await code_of(upper_owner, upper_id)
    given = {"organisationId": lower_id, "token": token}
    await lower_owner.change("attachOrganisation", "organisation { id }", **given)


async def appoint(owner: Person, organisation_id: str, person: Person) -> str:
    """Have a real-named person oversee an organisation; return the overseer's id."""
    given = {"organisationId": organisation_id, "phone": person.phone}
    made = await owner.change("appointOverseer", "overseer { id }", **given)
    await person.change("acceptOversight", "me { id }", organisationId=organisation_id)
    return str(made["overseer"]["id"])


async def read_organisation(person: Person, organisation_id: str, fields: str) -> dict[str, Any]:
    """Read an organisation as a person sees it."""
    query = f"query($id: ID!) {{ organisation(id: $id) {{ {fields} }} }}"
    found: dict[str, Any] = (await person.ask(query, id=organisation_id))["organisation"]
    return found


async def dissolving_organisation(owner: Person, organisation_id: str) -> dict[str, Any]:
    """The input with which someone dissolves an organisation."""
    return {
        "organisationId": organisation_id,
        "verificationId": await owner.verify("DISSOLVE"),
        "riskAcknowledged": True,
    }

"""What the file of one's own data says of organisations (R43, R44)."""

from uuid import UUID

from app.models.organisations import Organisation, OrganisationCode, Overseer


async def of_organisations(person_id: UUID) -> dict[str, list[dict[str, object]]]:
    """Return which organisations a person owns and oversees, and the codes that they made."""
    owned = Organisation.filter(owner_id=person_id).order_by("created_at")
    overseen = Overseer.filter(person_id=person_id).order_by("appointed_at")
    codes = OrganisationCode.filter(created_by_id=person_id).order_by("created_at")
    return {
        "organisations": await owned.values("name", since="created_at"),
        "oversights": await overseen.values(
            organisation="organisation__name", since="appointed_at"
        ),
        "organisationCodes": await codes.values(
            organisation="organisation__name", at="created_at", expiresAt="expires_at"
        ),
    }

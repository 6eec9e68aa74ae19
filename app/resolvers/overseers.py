"""Who owns and oversees organisations, and who is asked to (R44)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from app.domain.groups import current_offer
from app.domain.identity import mask_phone
from app.domain.organisations import ORGANISATION_RIGHTS, OrganisationRight
from app.models.accounts import Account
from app.models.organisations import Overseer
from app.models.oversight import seen_by
from app.models.people import Person
from app.resolvers.context import Info
from app.resolvers.ids import encode_id
from app.resolvers.organisation_row import OrganisationRow


@dataclass(frozen=True, slots=True)
class OwnerRow:
    """Who owns an organisation."""

    name: str


@dataclass(frozen=True, slots=True)
class OverseerRow:
    """Who oversees an organisation; of who is only asked, the phone with its middle hidden."""

    typename: ClassVar[str] = "Overseer"

    id: UUID
    name: str | None
    phone: str | None
    asked_until: datetime | None
    appointed_at: datetime


@dataclass(frozen=True, slots=True)
class OrganisationOfferRow:
    """The offer of an organisation to an overseer."""

    overseer_id: str
    until: datetime


@dataclass(frozen=True, slots=True)
class OversightOfferRow:
    """An organisation that asks the viewer to oversee it."""

    organisation_id: str
    organisation_name: str
    until: datetime


async def owner(root: OrganisationRow, info: Info) -> OwnerRow:
    """Resolve ``organisation.owner``."""
    return OwnerRow((await Person.get(id=root.owner_id).only("name")).name)


async def overseers(root: OrganisationRow, info: Info) -> list[OverseerRow]:
    """Resolve ``organisation.overseers``: who oversees it or is asked to, the oldest first."""
    return await _read(_lasting(info).filter(organisation_id=root.id))


def offer(root: OrganisationRow, info: Info) -> OrganisationOfferRow | None:
    """Resolve ``organisation.offer``: the one that may be accepted."""
    found = current_offer(root.offered_to, root.offered_until, info.context.env.clock.now())
    if found is None:
        return None
    return OrganisationOfferRow(encode_id("Overseer", found.member_id), found.until)


async def load_overseers(info: Info, ids: Sequence[UUID]) -> dict[UUID, OverseerRow]:
    """Read overseers for who owns or oversees the same organisation."""
    viewer = await info.context.viewer()
    asked = _lasting(info).filter(id__in=list(ids))
    of_which = dict(await asked.values_list("id", "organisation_id"))
    seen = await seen_by(viewer.person_id, set(of_which.values()))
    allowed = ORGANISATION_RIGHTS[OrganisationRight.VIEW_PEOPLE]
    own = {key for key, found in seen.items() if found.standing in allowed}
    rows = await _read(asked.filter(organisation_id__in=list(own)))
    return {row.id: row for row in rows}


def _lasting(info: Info) -> QuerySet[Overseer]:
    now = info.context.env.clock.now()
    return Overseer.filter(Q(asked_until=None) | Q(asked_until__gt=now))


async def _read(which: QuerySet[Overseer]) -> list[OverseerRow]:
    found = await which.order_by("appointed_at", "id").select_related("person")
    return [
        OverseerRow(
            row.id,
            row.person.name if row.person else None,
            mask_phone(row.phone) if row.phone else None,
            row.asked_until,
            row.appointed_at,
        )
        for row in found
    ]


async def oversight_offers(info: Info) -> list[OversightOfferRow]:
    """Resolve ``me.oversightOffers``: which organisations ask by the viewer's phone."""
    viewer = await info.context.viewer()
    account = await Account.get(id=viewer.account_id).only("phone")
    asked = Overseer.filter(
        phone_hash__in=info.context.env.lookups("phone", account.phone),
        asked_until__gt=info.context.env.clock.now(),
    )
    return [
        OversightOfferRow(encode_id("Organisation", key), name, until)
        for key, name, until in await asked.order_by("asked_until", "id").values_list(
            "organisation_id", "organisation__name", "asked_until"
        )
    ]

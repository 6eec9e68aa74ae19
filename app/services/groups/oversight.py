"""Who oversees an organisation: asked by phone, accepted, dismissed (R44)."""

from collections.abc import Collection
from uuid import UUID

from app.domain.limits import OVERSEERS, OVERSIGHT_OFFER_LIFE
from app.domain.organisations import OrganisationRight
from app.domain.refusals import NotFound, Refusal, RefusalCode
from app.domain.sms import SmsTemplate
from app.models.accounts import Account, has_account
from app.models.organisations import Organisation, Overseer
from app.services.kernel.above import changed_in_tree, in_tree, in_trees, require_oversight
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import country_of, read_phone
from app.services.kernel.unit import Unit
from app.services.sms.notices import tell_of_organisation


async def appoint_overseer(env: Env, viewer: Viewer, organisation_id: UUID, phone: str) -> UUID:
    """Ask whoever signs in with a phone to oversee an organisation, as its owner (R44).

    They are told by SMS and accept within 24 hours; whether the phone is known is told to nobody.
    Asking again while they are asked is harmless. Refused: a phone that no SMS is sent to, the
    21st. Return the overseer's id.
    """
    number = _read_phone(env, phone)

    async def ask(unit: Unit) -> UUID:
        organisation = await require_oversight(
            viewer, organisation_id, OrganisationRight.EDIT_ORGANISATION
        )
        asked_id = await _asked(unit, organisation_id, number)
        if asked_id is not None:
            return unit.returns(asked_id)
        made = await Overseer.create(
            id=unit.new_id(),
            organisation_id=organisation_id,
            phone=number,
            phone_hash=unit.lookups("phone", number)[0],
            asked_until=unit.now + OVERSIGHT_OFFER_LIFE,
            appointed_at=unit.now,
        )
        await changed_in_tree(unit, organisation_id)
        template, name = SmsTemplate.OVERSEER_APPOINTED, organisation.name
        await tell_of_organisation(env, unit, template, name, [number], viewer.person_id)
        return unit.returns(made.id)

    return await in_tree(env, organisation_id, ask)


def _read_phone(env: Env, phone: str) -> str:
    number = read_phone(phone, "phone")
    if country_of(number) not in env.code_countries:
        raise Refusal(RefusalCode.PHONE_NOT_ALLOWED, "phone")
    return number


async def _asked(unit: Unit, organisation_id: UUID, phone: str) -> UUID | None:
    """Return who is asked by a phone already. Refused: one more than an organisation may have."""
    all_of_it = Overseer.filter(organisation_id=organisation_id)
    await all_of_it.filter(asked_until__lte=unit.now).delete()
    asked = await all_of_it.filter(phone_hash__in=unit.lookups("phone", phone)).first()
    if asked is None and await all_of_it.count() >= OVERSEERS:
        raise Refusal(RefusalCode.OVERSEER_LIMIT_REACHED)
    return asked.id if asked else None


async def accept_oversight(env: Env, viewer: Viewer, organisation_id: UUID) -> None:
    """Oversee an organisation from now on, as who was asked by their phone; harmless twice (R44).

    Refused: nobody real-named, and who wasn't asked: whether it exists makes no difference.
    """
    if viewer.person_id is None:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED)

    async def accept(unit: Unit) -> None:
        of_viewer = Overseer.filter(organisation_id=organisation_id, person_id=viewer.person_id)
        if await of_viewer.exists():
            return
        account = await Account.get(id=viewer.account_id).only("phone")
        asked = await Overseer.filter(
            organisation_id=organisation_id,
            phone_hash__in=unit.lookups("phone", account.phone),
            asked_until__gt=unit.now,
        ).first()
        owned = Organisation.filter(id=organisation_id, owner_id=viewer.person_id)
        if asked is None or await owned.exists():
            raise Refusal(RefusalCode.OVERSIGHT_NOT_OFFERED, "organisationId")
        forgotten = {"phone": None, "phone_hash": None, "asked_until": None}
        accepted = {"person_id": viewer.person_id, "appointed_at": unit.now}
        await Overseer.filter(id=asked.id).update(**forgotten, **accepted)
        await changed_in_tree(unit, organisation_id)

    await in_tree(env, organisation_id, accept)


async def dismiss_overseer(env: Env, viewer: Viewer, overseer_id: UUID) -> UUID:
    """Have someone oversee an organisation no longer, as its owner, or as they themselves (R44).

    Who was only asked is asked no more; an offer of the organisation to them ends. Return the
    organisation's id. Raise ``NotFound`` where there is no such overseer.
    """
    organisation_id = await organisation_of(overseer_id)

    async def dismiss(unit: Unit) -> UUID:
        organisation = await require_oversight(
            viewer, organisation_id, OrganisationRight.VIEW_PEOPLE
        )
        overseer = await Overseer.get_or_none(id=overseer_id)
        if overseer is None:
            raise NotFound
        if overseer.person_id != viewer.person_id:
            await require_oversight(viewer, organisation_id, OrganisationRight.EDIT_ORGANISATION)
        await _end(unit, organisation, overseer)
        return unit.returns(organisation_id)

    return await in_tree(env, organisation_id, dismiss)


async def organisation_of(overseer_id: UUID) -> UUID:
    """Return which organisation someone oversees. Raise ``NotFound`` if there is no such one."""
    overseer = await Overseer.get_or_none(id=overseer_id).only("organisation_id")
    if overseer is None:
        raise NotFound
    return overseer.organisation_id


async def _end(unit: Unit, organisation: Organisation, overseer: Overseer) -> None:
    if organisation.offered_to == overseer.id:
        offer = Organisation.filter(id=organisation.id)
        await offer.update(offered_to=None, offered_until=None)
    await overseer.delete()
    await changed_in_tree(unit, organisation.id)


async def end_oversights(env: Env, person_id: UUID) -> None:
    """Have someone oversee nothing any more whom no account shows; harmless otherwise (R44)."""

    async def find() -> Collection[UUID]:
        return await overseen_by(person_id)

    async def end(unit: Unit) -> None:
        if not await has_account(person_id):
            await leave_all_oversights(unit, person_id)

    if await find():
        await in_trees(env, find, end)


async def overseen_by(person_id: UUID) -> list[UUID]:
    """Return which organisations a person owns or oversees."""
    owned = await Organisation.filter(owner_id=person_id).only("id")
    overseen = await Overseer.filter(person_id=person_id).only("organisation_id")
    return sorted({*(one.id for one in owned), *(one.organisation_id for one in overseen)})


async def leave_all_oversights(unit: Unit, person_id: UUID) -> None:
    """Have a person oversee nothing any more; the caller holds the roots."""
    held = Overseer.filter(person_id=person_id).order_by("id").select_related("organisation")
    for overseer in await held:
        await _end(unit, overseer.organisation, overseer)

"""Whose an organisation is: offered to an overseer, and accepted (R44)."""

from uuid import UUID

from app.domain.groups import current_offer
from app.domain.limits import OVERSIGHT_OFFER_LIFE
from app.domain.organisations import OrganisationRight
from app.domain.refusals import Refusal, RefusalCode
from app.domain.sms import SmsTemplate
from app.domain.verifications import VerificationPurpose
from app.models.accounts import has_account
from app.models.organisations import Organisation, Overseer
from app.services.accounts.verifications import consume_verification, own_verification
from app.services.groups.organisations import refuse_one_more
from app.services.groups.oversight import organisation_of
from app.services.kernel.above import changed_in_tree, in_tree, require_oversight
from app.services.kernel.env import Env, Viewer
from app.services.kernel.unit import Unit
from app.services.sms.notices import tell_of_organisation
from app.services.sms.recipients import own_phones

_EDIT = OrganisationRight.EDIT_ORGANISATION
_NO_OFFER = {"offered_to": None, "offered_until": None}


async def offer_organisation(
    env: Env, viewer: Viewer, overseer_id: UUID, verification_id: UUID | None
) -> UUID:
    """Offer an organisation to an overseer for 24 hours, as its owner, verified (R44).

    A new offer replaces the one before. Refused: an overseer who hasn't accepted that yet. Return
    the organisation's id.
    """
    organisation_id = await organisation_of(overseer_id)
    await require_oversight(viewer, organisation_id, _EDIT)
    verification = await own_verification(
        env, viewer, verification_id, VerificationPurpose.TRANSFER, "verificationId"
    )

    async def offer(unit: Unit) -> UUID:
        organisation = await require_oversight(viewer, organisation_id, _EDIT)
        person_id = await _accepted(overseer_id)
        await consume_verification(unit, verification, "verificationId")
        await Organisation.filter(id=organisation_id).update(
            offered_to=overseer_id, offered_until=unit.now + OVERSIGHT_OFFER_LIFE
        )
        await _tell(env, unit, viewer, organisation, SmsTemplate.ORGANISATION_OFFERED, person_id)
        return unit.returns(organisation_id)

    return await in_tree(env, organisation_id, offer)


async def _accepted(overseer_id: UUID) -> UUID:
    """Return who an overseer is. Refused: who hasn't accepted that, or can't sign in any more."""
    overseer = await Overseer.get_or_none(id=overseer_id)
    person_id = overseer.person_id if overseer else None
    if person_id is None or not await has_account(person_id):
        raise Refusal(RefusalCode.OVERSEER_NOT_ACCEPTED, "overseerId")
    return person_id


async def _tell(
    env: Env,
    unit: Unit,
    viewer: Viewer,
    organisation: Organisation,
    template: SmsTemplate,
    person_id: UUID,
) -> None:
    """Note that an organisation changed, and tell somebody of it."""
    await changed_in_tree(unit, organisation.id)
    phones = await own_phones(person_id)
    await tell_of_organisation(env, unit, template, organisation.name, phones, viewer.person_id)


async def withdraw_organisation_offer(env: Env, viewer: Viewer, organisation_id: UUID) -> None:
    """Take an offer of an organisation back, as its owner; harmless when there is none."""

    async def withdraw(unit: Unit) -> None:
        organisation = await require_oversight(viewer, organisation_id, _EDIT)
        if organisation.offered_to is not None:
            await Organisation.filter(id=organisation_id).update(**_NO_OFFER)
            await changed_in_tree(unit, organisation_id)

    await in_tree(env, organisation_id, withdraw)


async def accept_organisation(
    env: Env, viewer: Viewer, organisation_id: UUID, verification_id: UUID | None
) -> None:
    """Take over an organisation that was offered, as its overseer, verified (R44).

    The old owner becomes an overseer. Refused: no offer, more than a person may own.
    """
    verification = await own_verification(
        env, viewer, verification_id, VerificationPurpose.TRANSFER, "verificationId"
    )

    async def accept(unit: Unit) -> None:
        organisation = await require_oversight(
            viewer, organisation_id, OrganisationRight.ACCEPT_ORGANISATION
        )
        of_viewer = Overseer.filter(organisation_id=organisation_id, person_id=viewer.person_id)
        own = await of_viewer.get()
        found = current_offer(organisation.offered_to, organisation.offered_until, unit.now)
        if found is None or found.member_id != own.id:
            raise Refusal(RefusalCode.OVERSIGHT_NOT_OFFERED, "organisationId")
        await consume_verification(unit, verification, "verificationId")
        await _hand_over(unit, organisation, own)
        template = SmsTemplate.ORGANISATION_ACCEPTED
        await _tell(env, unit, viewer, organisation, template, organisation.owner_id)

    await in_tree(env, organisation_id, accept)


async def _hand_over(unit: Unit, organisation: Organisation, new: Overseer) -> None:
    """Make an overseer the owner, and the old owner an overseer in their place."""
    assert new.person_id is not None, "who accepted is real-named"
    await refuse_one_more(new.person_id)
    await Overseer.filter(id=new.id).delete()
    await Overseer.create(
        id=unit.new_id(),
        organisation_id=organisation.id,
        person_id=organisation.owner_id,
        appointed_at=unit.now,
    )
    changes = {"owner_id": new.person_id, **_NO_OFFER}
    await Organisation.filter(id=organisation.id).update(**changes)

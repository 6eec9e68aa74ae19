"""Organisations: created, renamed and dissolved by their owners (R44)."""

from uuid import UUID

from app.domain.events import Event, EventType
from app.domain.limits import NAME_LENGTH, OWNED_ORGANISATIONS
from app.domain.organisations import OrganisationRight
from app.domain.refusals import Refusal, RefusalCode
from app.domain.verifications import VerificationPurpose
from app.models.detaching import detach_all
from app.models.organisation_days import OrganisationDay
from app.models.organisations import Organisation, OrganisationAbove
from app.models.people import Person
from app.models.trees import stand_alone
from app.ports.bus import group_channel
from app.services.accounts.verifications import consume_verification, own_verification
from app.services.kernel.above import changed_in_tree, in_tree, require_oversight
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_text
from app.services.kernel.unit import Unit, unit_of_work

_EDIT = OrganisationRight.EDIT_ORGANISATION


async def create_organisation(env: Env, viewer: Viewer, name: str) -> UUID:
    """Create an organisation that stands alone, and return its id (R44).

    Refused: nobody real-named, more than a person may own, a bad name.
    """
    name = read_text(name, RefusalCode.NAME_INVALID, NAME_LENGTH, "name")
    if viewer.person_id is None:
        raise Refusal(RefusalCode.VERIFICATION_REQUIRED)
    async with unit_of_work(env) as unit:
        await refuse_one_more(viewer.person_id)
        made = await Organisation.create(
            id=unit.new_id(), owner_id=viewer.person_id, name=name, created_at=unit.now
        )
        await OrganisationAbove.create(
            id=unit.new_id(), organisation_id=made.id, above_id=made.id, distance=0, since=unit.now
        )
        return unit.returns(made.id)


async def refuse_one_more(person_id: UUID) -> None:
    """Refuse one more organisation of a person's, whose row is locked from now on."""
    await Person.filter(id=person_id).select_for_update(no_key=True).first()
    if await Organisation.filter(owner_id=person_id).count() >= OWNED_ORGANISATIONS:
        raise Refusal(RefusalCode.ORGANISATION_LIMIT_REACHED)


async def update_organisation(env: Env, viewer: Viewer, organisation_id: UUID, name: str) -> None:
    """Rename an organisation, as its owner. Refused: a bad name."""
    name = read_text(name, RefusalCode.NAME_INVALID, NAME_LENGTH, "name")

    async def rename(unit: Unit) -> None:
        await require_oversight(viewer, organisation_id, _EDIT)
        await Organisation.filter(id=organisation_id).update(name=name)
        await changed_in_tree(unit, organisation_id)

    await in_tree(env, organisation_id, rename)


async def dissolve_organisation(
    env: Env,
    viewer: Viewer,
    organisation_id: UUID,
    verification_id: UUID | None,
    *,
    risk_acknowledged: bool,
) -> None:
    """Dissolve an organisation for good, as its owner, verified (R44).

    Its groups and the organisations below it stand alone from now on. Nothing of it is kept.
    """
    if not risk_acknowledged:
        raise Refusal(RefusalCode.ACKNOWLEDGEMENT_REQUIRED, "riskAcknowledged")
    verification = await own_verification(
        env, viewer, verification_id, VerificationPurpose.DISSOLVE, "verificationId"
    )

    async def dissolve(unit: Unit) -> None:
        await require_oversight(viewer, organisation_id, _EDIT)
        await consume_verification(unit, verification, "verificationId")
        await _let_go(unit, organisation_id, viewer.person_id)
        await OrganisationDay.filter(organisation_id=organisation_id).delete()
        await Organisation.filter(id=organisation_id).delete()

    await in_tree(env, organisation_id, dissolve)


async def _let_go(unit: Unit, organisation_id: UUID, by: UUID | None) -> None:
    """Have all that is attached to an organisation stand alone."""
    await changed_in_tree(unit, organisation_id)
    for child in await Organisation.filter(parent_id=organisation_id).order_by("id"):
        await stand_alone(child.id)
        await changed_in_tree(unit, child.id)
    event = Event(EventType.GROUP_DETACHED, actor_id=by)
    for group_id in await detach_all(organisation_id, event, unit.now, unit.new_id):
        unit.announce(group_channel(group_id))

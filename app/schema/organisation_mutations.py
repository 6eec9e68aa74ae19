"""The mutations about organisations, each with the right it needs (R44, R45).

An entry is the operation, its input, its payload, who may call it, and what it does.
"""

import strawberry

from app.domain.costs import ASKING
from app.domain.quotas import Quota
from app.schema import organisation_payloads as payloads
from app.schema.fields import mutation
from app.schema.operations import attaching, organisations, oversight
from app.schema.organisation_permissions import AcceptsOrganisation, EditsOrganisation
from app.schema.payloads import GroupPayload
from app.schema.permissions import EditsGroup, SignedIn


@strawberry.type(description="What changes organisations, and what is attached to them.")
class OrganisationMutations:
    create_organisation = mutation(
        organisations.create_organisation,
        organisations.CreateOrganisationInput,
        payloads.OwnOrganisationPayload,
        SignedIn,
        "Create an organisation and own it; a real-named person owns a hundred at most.",
    )
    update_organisation = mutation(
        organisations.update_organisation,
        organisations.UpdateOrganisationInput,
        payloads.OrganisationPayload,
        EditsOrganisation,
        "Edit an organisation's name. The owner.",
    )
    appoint_overseer = mutation(
        oversight.appoint_overseer,
        oversight.AppointOverseerInput,
        payloads.AppointOverseerPayload,
        EditsOrganisation,
        "Ask whoever signs in with a phone to oversee an organisation; they are told by SMS, and "
        "accept within 24 hours. The owner.",
        quota=Quota.APPOINTMENTS,
    )
    accept_oversight = mutation(
        oversight.accept_oversight,
        oversight.AcceptOversightInput,
        payloads.OwnOrganisationPayload,
        SignedIn,
        "Oversee an organisation that asked, by the phone of the session. Real-named.",
    )
    dismiss_overseer = mutation(
        oversight.dismiss_overseer,
        oversight.DismissOverseerInput,
        payloads.DismissOverseerPayload,
        SignedIn,
        "Have somebody oversee an organisation no longer, or ask them no longer. The owner; "
        "overseers themselves.",
    )
    offer_organisation = mutation(
        organisations.offer_organisation,
        organisations.OfferOrganisationInput,
        payloads.OrganisationPayload,
        SignedIn,
        "Offer an organisation to an overseer for 24 hours. The owner, verified.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
    )
    withdraw_organisation_offer = mutation(
        organisations.withdraw_organisation_offer,
        organisations.WithdrawOrganisationOfferInput,
        payloads.OrganisationPayload,
        EditsOrganisation,
        "Take an offer of the organisation back. The owner.",
    )
    accept_organisation = mutation(
        organisations.accept_organisation,
        organisations.AcceptOrganisationInput,
        payloads.OrganisationPayload,
        AcceptsOrganisation,
        "Take over an offered organisation; the old owner becomes an overseer. Verified.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
    )
    dissolve_organisation = mutation(
        organisations.dissolve_organisation,
        organisations.DissolveOrganisationInput,
        payloads.DissolveOrganisationPayload,
        EditsOrganisation,
        "Dissolve an organisation for good; its groups, and the organisations below it, stand "
        "alone from now on. The owner, verified.",
        weight=ASKING,
        quota=Quota.FACE_RESULTS,
    )
    create_organisation_code = mutation(
        attaching.create_organisation_code,
        attaching.CreateOrganisationCodeInput,
        payloads.OrganisationCodePayload,
        EditsOrganisation,
        "Make a code by which groups and organisations are attached for 24 hours. The owner.",
        quota=Quota.ORGANISATION_CODES,
    )
    attach_group = mutation(
        attaching.attach_group,
        attaching.AttachGroupInput,
        GroupPayload,
        EditsGroup,
        "Attach a group to an organisation, which sees its numbers from now on; everyone in it is "
        "told by SMS. The creator.",
        quota=Quota.GROUP_ATTACHMENTS,
    )
    detach_group = mutation(
        attaching.detach_group,
        attaching.DetachGroupInput,
        payloads.DetachGroupPayload,
        SignedIn,
        "Detach a group from its organisation. The creator; the owner of the organisation.",
    )
    attach_organisation = mutation(
        attaching.attach_organisation,
        attaching.AttachOrganisationInput,
        payloads.OrganisationPayload,
        EditsOrganisation,
        "Attach an organisation to another; everyone in the groups below it is told by SMS. The "
        "owner.",
        quota=Quota.ORGANISATION_ATTACHMENTS,
    )
    detach_organisation = mutation(
        attaching.detach_organisation,
        attaching.DetachOrganisationInput,
        payloads.OrganisationPayload,
        SignedIn,
        "Detach an organisation from the one above it. The owner of either.",
    )

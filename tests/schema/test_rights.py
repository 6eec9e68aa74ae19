"""Every operation declares its right, as does every field by which a group is read."""

from typing import Any

from app.schema import build_schema
from app.schema.mutations import Mutation

OPERATIONS = {
    "Query": {
        "now": "Public",
        "me": "FindsViewer",
        "group": "FindsViewer",  # through the viewer's own membership
        "organisation": "SignedIn",  # by how the viewer stands to it
        "organisations_of_code": "SignedIn",
        "invitation": "SignedIn",
        "terms": "Public",  # who agrees to them may be nobody yet
        "shared_data": "Public",
        "node": "SignedIn",  # each type asks for itself
        "nodes": "SignedIn",
    },
    "Mutation": {
        "request_verification_code": "Public",
        "sign_in": "Public",
        "refresh_session": "Public",
        "sign_out": "SignedIn",
        "close_account": "SignedIn",
        "start_identity_verification": "SignedIn",
        "confirm_identity": "SignedIn",
        "create_group": "SignedIn",
        "join_group": "SignedIn",
        "add_relative": "SignedIn",
        "verify_relative": "SignedIn",
        "sync_relatives": "SignedIn",
        "remove_relative": "SignedIn",
        "update_group": "EditsGroup",
        "set_requirement": "EditsGroup",
        "set_invitation_policy": "EditsGroup",
        "offer_group": "AppointsAdmins",
        "withdraw_group_offer": "EditsGroup",
        "accept_group": "AcceptsGroup",
        "dissolve_group": "EditsGroup",
        "appoint_admin": "AppointsAdmins",
        "dismiss_admin": "AppointsAdmins",
        "create_section": "ManagesGroup",
        "update_section": "EditsSection",
        "remove_section": "EditsSection",
        "assign_section": "ManagesCharge",
        "update_admin_sections": "AppointsAdmins",
        "update_member_remark": "ManagesMembers",
        "update_member_remarks": "ManagesCharge",
        "import_roster": "ManagesGroup",
        "clear_roster": "ManagesGroup",
        "excuse_member": "ManagesMembers",
        "end_excuse": "ManagesMembers",
        "set_reminder_schedule": "ManagesGroup",
        "clear_reminder_schedule": "ManagesGroup",
        "set_daily_digest": "SwitchesAlerts",
        "remove_member": "ManagesMembers",
        "update_member_phone": "ActsForMember",
        "end_guardianship": "ActsForMember",
        "request_leave": "ActsForMember",
        "cancel_leave": "ActsForMember",
        "withdraw_consent": "SignedIn",  # also of who is out: the service knows whose it is
        "complete_leave": "ManagesMembers",
        "create_invitation": "Invites",
        "withdraw_invitation": "SignedIn",  # the service finds the invitation's group
        "refresh_group": "Refreshes",
        "set_anomaly_alerts": "SwitchesAlerts",
        "send_health_reminders": "Reminds",
        "export_report": "Exports",
        "export_my_data": "SignedIn",
        "create_organisation": "SignedIn",
        "update_organisation": "EditsOrganisation",
        "appoint_overseer": "EditsOrganisation",
        "accept_oversight": "SignedIn",  # by the phone that was asked
        "dismiss_overseer": "SignedIn",  # the service finds the overseer's organisation
        "offer_organisation": "SignedIn",  # likewise
        "withdraw_organisation_offer": "EditsOrganisation",
        "accept_organisation": "AcceptsOrganisation",
        "dissolve_organisation": "EditsOrganisation",
        "create_organisation_code": "EditsOrganisation",
        "attach_group": "EditsGroup",
        "detach_group": "SignedIn",  # from either side: the service knows
        "attach_organisation": "EditsOrganisation",
        "detach_organisation": "SignedIn",  # likewise
    },
    "Subscription": {
        "group_status_changed": "ViewsPage",
        "group_events": "WatchesGroup",
        "viewer_groups_changed": "SignedIn",
        "organisation_status_changed": "FollowsOrganisation",
        "refresh_progressed": "WatchesGroup",
    },
}
# What everyone in the group may read (R17); all the rest is the managers'.
PAGE = {
    "id",
    "name",
    "type",
    "address",
    "colour",
    "creator",
    "organisation",
    "organisations",
    "requirement",
    "viewer_role",
    "viewer_member",
    "viewer_members",
}


def rights_of(typename: str) -> dict[str, list[str]]:
    definition: Any = build_schema().get_type_by_name(typename)
    return {
        field.python_name: [permission.__name__ for permission in field.permission_classes]
        for field in definition.fields
    }


def test_every_operation_declares_the_right_it_is_meant_to_need() -> None:
    for typename, expected in OPERATIONS.items():
        declared = rights_of(typename)
        assert declared == {name: [right] for name, right in expected.items()}


def test_every_field_of_a_group_is_on_its_page_or_the_managers() -> None:  # R17
    for name, rights in rights_of("Group").items():
        if name in PAGE:
            assert rights == [], name
        else:
            assert rights in (
                ["SeesCharge"],
                ["SeesMembers"],
                ["SeesInvitations"],
                ["PreviewsRequirement"],
            ), name


def test_what_can_be_refused_is_nullable() -> None:
    for typename in ("Query", "Mutation", "Subscription", "Group"):
        definition: Any = build_schema()._schema.type_map[typename]
        rights = rights_of(typename)
        for name, field in definition.fields.items():
            python_name = "".join(f"_{char.lower()}" if char.isupper() else char for char in name)
            if rights[python_name]:
                assert not str(field.type).endswith("!"), f"{typename}.{name}"


def test_the_page_of_mutations_names_the_payload_that_each_operation_returns() -> None:
    definition: Any = vars(Mutation)["__strawberry_definition__"]
    assert len(definition.fields) == len(OPERATIONS["Mutation"])
    for field in definition.fields:
        assert field.type.of_type is field.base_resolver.type, field.name

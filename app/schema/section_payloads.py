"""The payloads of mutations of sections: a result, null when refused, and the errors."""

import strawberry

from app.resolvers.group_row import GroupRow
from app.resolvers.member_row import MemberRow
from app.resolvers.section_row import SectionRow
from app.schema.errors import Payload
from app.schema.groups import Group
from app.schema.members import Member
from app.schema.sections import Section


@strawberry.type(description="Answer of createSection and updateSection.")
class SectionPayload(Payload):  # R50
    section: SectionRow | None = strawberry.field(
        graphql_type=Section | None,
        default=None,
        description="The section as it is now; null if it was removed before the answer was "
        "written.",
    )
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The group as it is now."
    )


@strawberry.type(description="Answer of removeSection.")
class RemoveSectionPayload(Payload):  # R50
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The group as it is now, without it."
    )
    removed_section_id: strawberry.ID | None = strawberry.field(
        default=None, description="Which section is no more."
    )


@strawberry.type(description="Answer of assignSection: each member stands in one of its lists.")
class AssignSectionPayload(Payload):  # R50
    group: GroupRow | None = strawberry.field(
        graphql_type=Group | None, default=None, description="The group as it is now."
    )
    moved_member_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Who came into the section, or out of theirs."
    )
    unchanged_member_ids: list[strawberry.ID] | None = strawberry.field(
        default=None, description="Who was there before."
    )
    missing_member_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Who isn't a member of the group, or not in the viewer's charge.",
    )


@strawberry.type(description="Answer of updateAdminSections.")
class UpdateAdminSectionsPayload(Payload):  # R51
    member: MemberRow | None = strawberry.field(
        graphql_type=Member | None, default=None, description="The admin as they are now."
    )
    withdrawn_invitation_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Which invitations that they made let nobody in any more: they led elsewhere.",
    )

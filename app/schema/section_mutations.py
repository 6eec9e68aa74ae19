"""The mutations of sections, each with the right it needs (R50, R51).

An entry is the operation, its input, its payload, who may call it, and what it does.
"""

import strawberry

from app.schema import section_payloads as payloads
from app.schema.fields import mutation
from app.schema.operations import members, sections
from app.schema.permissions import AppointsAdmins, EditsSection, ManagesCharge, ManagesGroup


@strawberry.type(description="What changes the sections of a group.")
class SectionMutations:
    create_section = mutation(
        sections.create_section,
        sections.CreateSectionInput,
        payloads.SectionPayload,
        ManagesGroup,
        "Make a class or department of the group. Managers of the whole group.",
    )
    update_section = mutation(
        sections.update_section,
        sections.UpdateSectionInput,
        payloads.SectionPayload,
        EditsSection,
        "Give a section another name. Managers of the whole group.",
    )
    remove_section = mutation(
        sections.remove_section,
        sections.RemoveSectionInput,
        payloads.RemoveSectionPayload,
        EditsSection,
        "Remove a section; its members are in none then. Managers of the whole group.",
    )
    assign_section = mutation(
        sections.assign_section,
        sections.AssignSectionInput,
        payloads.AssignSectionPayload,
        ManagesCharge,
        "Put members into a section, or into none. Managers; an admin who is bound to sections, "
        "among these.",
    )
    update_admin_sections = mutation(
        members.update_admin_sections,
        members.UpdateAdminSectionsInput,
        payloads.UpdateAdminSectionsPayload,
        AppointsAdmins,
        "Bind an admin to sections, whose members alone they see and manage; or to none. The "
        "creator.",
    )

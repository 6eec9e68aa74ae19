"""Sections to test with: made, filled, and admins bound to them."""

from tests.support.members import member_id_of
from tests.support.person import Person


async def create_section(manager: Person, group_id: str, name: str) -> str:
    """Make a section of a group; return its id."""
    given = {"groupId": group_id, "name": name}
    section_id: str = (await manager.change("createSection", "section { id }", **given))["section"][
        "id"
    ]
    return section_id


async def assign(manager: Person, group_id: str, section_id: str | None, *members: str) -> None:
    """Put members into a section, or into none."""
    given = {"groupId": group_id, "memberIds": members, "sectionId": section_id}
    await manager.change("assignSection", "movedMemberIds", **given)


async def bind(creator: Person, group_id: str, person: Person, *sections: str) -> str:
    """Appoint a member as an admin of these sections alone; return their member's id."""
    member_id = await member_id_of(person, group_id)
    given = {"memberId": member_id, "sections": sections}
    await creator.change("appointAdmin", "member { boundTo { id } }", **given)
    return member_id

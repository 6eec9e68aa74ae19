"""Groups of hundreds, written straight into the database: joining them one by one takes long."""

from uuid import uuid4

from app.domain.identity import IdType
from app.domain.roles import Role
from app.models.groups import Group
from app.models.members import Membership
from app.models.people import Person as PersonRow
from app.ports.cipher import Cipher
from app.resolvers.ids import decode_id
from tests.conftest import SECRET
from tests.people import resident_id

_FIRST_SERIAL = 500_000  # far from those of people who sign in


async def fill(group_id: str, people: int) -> list[str]:
    """Have a group hold this many people more; answer their ID numbers."""
    group = await Group.get(id=decode_id(group_id, "Group"))
    known = await PersonRow.all().count()
    numbers = [resident_id(_FIRST_SERIAL + known + number) for number in range(people)]
    rows = [_person(number, group) for number in numbers]
    await PersonRow.bulk_create(rows)
    await Membership.bulk_create(_member(row, group) for row in rows)
    await Group.filter(id=group.id).update(member_count=group.member_count + people)
    return numbers


def _person(number: str, group: Group) -> PersonRow:
    return PersonRow(
        id=uuid4(),
        identity_hash=Cipher(SECRET).lookup("identity", f"{IdType.RESIDENT_ID}:{number}"),
        id_type=IdType.RESIDENT_ID,
        id_number=number,
        name=f"李{number[-4:]}",
        created_at=group.created_at,
    )


def _member(person: PersonRow, group: Group) -> Membership:
    return Membership(
        id=uuid4(),
        group_id=group.id,
        person_id=person.id,
        role=Role.MEMBER,
        remark="三年二班",
        phone="+8613900000000",
        joined_at=group.created_at,
    )

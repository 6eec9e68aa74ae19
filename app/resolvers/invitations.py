"""Invitations: the live ones for managers, the preview for someone about to join."""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

import segno
from tortoise.queryset import QuerySet

from app.domain.groups import GroupType
from app.domain.invitations import InvitationState
from app.domain.organisations import SEEN_FROM_ABOVE
from app.domain.refusals import NotFound
from app.domain.roles import Right
from app.domain.sharing import SharedData
from app.domain.terms import CURRENT
from app.models.invitations import Invitation
from app.models.people import Person
from app.models.reading import read
from app.resolvers.context import Info
from app.resolvers.group_row import GroupRow
from app.resolvers.ids import encode_id
from app.resolvers.leaves import FORMER_COLUMNS
from app.resolvers.member_fields import MEMBER_COLUMNS
from app.resolvers.organisation_row import OrganisationAboveRow
from app.resolvers.organisations import organisations_above
from app.resolvers.paging import ConnectionRow, Page, connection
from app.resolvers.rows import Columns, Row, columns_for
from app.resolvers.selection import selected_fields, selected_nodes
from app.resolvers.sharing import shared_by
from app.services.groups.invitations import NewInvitation, find_invitation
from app.services.groups.offering import offered_sections
from app.services.kernel.env import Viewer

INVITATION_COLUMNS: Final[Columns] = {
    "token": {"token": "token"},
    "url": {"token": "token"},
    "qrSvg": {"token": "token"},
    "createdAt": {"created_at": "created_at"},
    "expiresAt": {"expires_at": "expires_at"},
    "invitedBy": {"invited_by": "created_by__name"},
}
# Made from what managers' reading is made of, so that it names all of it (R11).
SHARED: Final = shared_by(MEMBER_COLUMNS, FORMER_COLUMNS)


class InvitationRow(Row):
    """An invitation as managers see it."""

    typename: ClassVar[str] = "Invitation"

    id: UUID
    group_id: UUID
    created_by_id: UUID
    token: str
    created_at: datetime
    expires_at: datetime
    invited_by: str


@dataclass(frozen=True, slots=True)
class InvitingGroupRow:
    """What someone about to join sees of the group."""

    name: str
    type: GroupType
    address: str


@dataclass(frozen=True, slots=True)
class OfferedSectionRow:
    """A section that who joins may come into (R50)."""

    section_id: str
    name: str


@dataclass(frozen=True, slots=True)
class TermsRow:
    """The terms that hold now, in the language of who reads them."""

    version: str
    text: str


@dataclass(frozen=True, slots=True)
class InvitationPreviewRow:
    """What an invitation leads to (R11)."""

    group: InvitingGroupRow
    invited_by: str
    expires_at: datetime
    state: InvitationState
    remark_prompt: str
    remark_required: bool
    sections: list[OfferedSectionRow]
    terms: TermsRow
    organisations: list[OrganisationAboveRow]
    organisations_see: str
    shared_data: tuple[SharedData, ...] = SHARED


async def invitations(root: GroupRow, info: Info, page: Page) -> ConnectionRow[InvitationRow]:
    """Resolve ``group.invitations``: those that still let people in (R9)."""
    columns = columns_for(selected_nodes(info), INVITATION_COLUMNS, "id")
    live = _live(info).filter(group_id=root.id)
    if root.rights.is_bound:  # others' may lead into other sections (R51)
        live = live.filter(created_by_id=(await info.context.viewer()).person_id)
    return await connection(live, page, "created_at", columns, InvitationRow)


async def load_invitations(info: Info, ids: Sequence[UUID]) -> dict[UUID, InvitationRow]:
    """Read live invitations for someone who sees the invitations of their groups."""
    columns = columns_for(
        selected_fields(info), INVITATION_COLUMNS, "id", "group_id", "created_by_id"
    )
    found = map(InvitationRow, await read(_live(info).filter(id__in=list(ids)), columns))
    rows = {row.id: row for row in found}
    groups = {row.group_id for row in rows.values()}
    inviting = await info.context.groups_allowing(Right.INVITE, groups)
    viewer, rights = await info.context.viewer(), info.context.scope.rights

    def is_seen(row: InvitationRow) -> bool:
        own = row.created_by_id == viewer.person_id
        return row.group_id in inviting and (own or not rights[row.group_id].is_bound)

    return {key: row for key, row in rows.items() if is_seen(row)}


def _live(info: Info) -> QuerySet[Invitation]:
    now = info.context.env.clock.now()
    return Invitation.filter(withdrawn_at=None, expires_at__gt=now)


async def invitation_made(viewer: Viewer, made: NewInvitation) -> InvitationRow:
    """Return the row of an invitation that the viewer just made."""
    inviter = await Person.get(id=viewer.person_id).only("name")
    row = InvitationRow({})
    row.id = made.id
    row.token = made.token
    row.created_at = made.created_at
    row.expires_at = made.expires_at
    row.invited_by = inviter.name
    return row


def url(root: InvitationRow, info: Info) -> str:
    """Resolve ``url``: the link that the front end opens."""
    return f"{info.context.env.public_url}/join/{root.token}"


def qr_svg(root: InvitationRow, info: Info) -> str:
    """Resolve ``qrSvg``: the link as a QR image on white, which scales to the space it is given."""
    image = io.BytesIO()
    segno.make(url(root, info), error="m").save(
        image, kind="svg", scale=4, xmldecl=False, unit="px", light="white"
    )
    return image.getvalue().decode()


async def invitation_preview(info: Info, token: str) -> InvitationPreviewRow:
    """Resolve ``invitation``: what someone about to join sees (R11)."""
    env = info.context.env
    found = await find_invitation(token)
    if found is None:
        raise NotFound
    offered = await offered_sections(found, by_group=found.offers_sections)
    return InvitationPreviewRow(
        group=InvitingGroupRow(
            name=found.group_name,
            type=found.group_type,
            address=found.group_address,
        ),
        invited_by=found.invited_by,
        expires_at=found.expires_at,
        state=found.state(env.clock.now()),
        remark_prompt=found.remark_prompt,
        remark_required=found.remark_required,
        sections=[
            OfferedSectionRow(encode_id("Section", key), name) for key, name in offered.items()
        ],
        terms=current_terms(info),
        organisations=await organisations_above(info, found.organisation_id),
        organisations_see=SEEN_FROM_ABOVE[info.context.language],
    )


def current_terms(info: Info) -> TermsRow:
    """Resolve ``terms``: what who joins or creates a group agrees to (R11)."""
    return TermsRow(CURRENT.version, CURRENT.texts[info.context.language])


def shared_data() -> tuple[SharedData, ...]:
    """Resolve ``sharedData``: all that managers see of a member (R11)."""
    return SHARED

"""Invitations: the live ones for managers, the preview for someone about to join."""

import io
from typing import Any, Final
from uuid import UUID

import segno

from app.domain.refusals import NotFound
from app.domain.roles import Right
from app.models.invitations import Invitation
from app.models.people import Person
from app.resolvers.context import Info
from app.resolvers.paging import Page, connection
from app.resolvers.rows import Columns, Row, asked_fields, columns_for
from app.services.groups.invitations import NewInvitation, find_invitation
from app.services.kernel.env import Viewer

_COLUMNS: Final[Columns] = {
    "token": {"token": "token"},
    "url": {"token": "token"},
    "qrSvg": {"token": "token"},
    "createdAt": {"created_at": "created_at"},
    "expiresAt": {"expires_at": "expires_at"},
    "invitedBy": {"invited_by": "created_by__name"},
}
_SHARED: Final = ("HEALTH_CODE", "NUCLEIC_ACID_TESTS", "VACCINATIONS")


async def invitations(root: Any, info: Info, page: Page) -> Row:
    """Resolve ``group.invitations``: those that still let people in (R9)."""
    asked = asked_fields(info, "nodes") | asked_fields(info, "edges", "node")
    columns = columns_for(asked, _COLUMNS, "id")
    live = Invitation.filter(
        group_id=root.id, withdrawn_at=None, expires_at__gt=info.context.env.clock.now()
    )
    return await connection(
        live, page, "created_at", columns, lambda values: Row("Invitation", **values)
    )


async def load_invitation(info: Info, invitation_id: UUID) -> Row | None:
    """Read a live invitation for someone who sees the group's invitations."""
    columns = columns_for(asked_fields(info), _COLUMNS, "id", "group_id")
    rows = await Invitation.filter(
        id=invitation_id, withdrawn_at=None, expires_at__gt=info.context.env.clock.now()
    ).values(**columns)
    if not rows or not (await info.context.rights(rows[0]["group_id"])).allows(Right.INVITE):
        return None
    return Row("Invitation", **rows[0])


async def invitation_made(viewer: Viewer, made: NewInvitation) -> Row:
    """The row of an invitation that the viewer just made."""
    inviter = await Person.get(id=viewer.person_id).only("name")
    return Row(
        "Invitation",
        id=made.id,
        token=made.token,
        created_at=made.created_at,
        expires_at=made.expires_at,
        invited_by=inviter.name,
    )


def url(root: Any, info: Info) -> str:
    """Resolve ``url``: the link that the front end opens."""
    return f"{info.context.env.public_url}/join/{root.token}"


def qr_svg(root: Any, info: Info) -> str:
    """Resolve ``qrSvg``: the link as a QR image."""
    image = io.BytesIO()
    segno.make(url(root, info), error="m").save(image, kind="svg", scale=4, xmldecl=False)
    return image.getvalue().decode()


async def invitation_preview(info: Info, token: str) -> Row:
    """Resolve ``invitation``: what someone about to join sees (R11)."""
    env = info.context.env
    found = await find_invitation(env, token)
    if found is None:
        raise NotFound
    return Row(
        "InvitationPreview",
        group=Row(
            "InvitingGroup",
            name=found.group_name,
            type=found.group_type,
            address=found.group_address,
        ),
        invited_by=found.invited_by,
        expires_at=found.expires_at,
        state=found.state(env.clock.now()),
        remark_prompt=found.remark_prompt,
        remark_required=found.remark_required,
        shared_data=list(_SHARED),
    )

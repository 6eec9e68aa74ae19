"""The family list (R12)."""

from typing import Any

from app.resolvers.context import Info
from app.resolvers.families import load_relative, relatives
from app.resolvers.ids import decode_id
from app.resolvers.mutations.reading import Answer, verification_id
from app.services.accounts import families


async def add_relative(info: Info, input: Any) -> Answer:
    """Add a relative by their face."""
    new = families.NewRelative(
        name=input.name,
        id_type=input.id_type,
        id_number=input.id_number,
        relation=input.relation,
        student=input.student,
        verification_id=verification_id(input.verification_id),
    )
    viewer = await info.context.viewer()
    relative_id = await families.add_relative(info.context.env, viewer, new)
    return {"relative": await load_relative(info, relative_id)}


async def verify_relative(info: Info, input: Any) -> Answer:
    """Verify a relative by their face."""
    relative_id = decode_id(input.relative_id, "Relative")
    viewer = await info.context.viewer()
    check_id = verification_id(input.verification_id)
    await families.verify_relative(info.context.env, viewer, relative_id, check_id)
    return {"relative": await load_relative(info, relative_id)}


async def sync_relatives(info: Info) -> Answer:
    """Bring the list in line with the registry."""
    await families.sync_relatives(info.context.env, await info.context.viewer())
    return {"relatives": await relatives(info)}


async def remove_relative(info: Info, input: Any) -> Answer:
    """Take a relative off the list."""
    relative_id = decode_id(input.relative_id, "Relative")
    await families.remove_relative(info.context.env, await info.context.viewer(), relative_id)
    return {"relatives": await relatives(info)}

"""The family list (R12)."""

import strawberry
from strawberry import ID

from app.resolvers.context import Info
from app.resolvers.families import load_relative, relatives
from app.resolvers.ids import decode_id, encode_id
from app.schema.enums import IdType, Relation
from app.schema.once import once
from app.schema.operations.reading import Input, me_now, verification_id
from app.schema.own_payloads import RelativePayload, RemoveRelativePayload, SyncRelativesPayload
from app.services.accounts import families


@strawberry.input(description="A relative, and the verification of their face.")
class AddRelativeInput:
    name: str = strawberry.field(description="As on the document.")
    id_type: IdType = strawberry.field(description="The kind of document.")
    id_number: str = strawberry.field(description="The document's number.")
    relation: Relation = strawberry.field(description="What they are to the viewer.")
    verification_id: strawberry.ID = strawberry.field(
        description="Of the relative's face, for ADD_RELATIVE, passed within ten minutes."
    )
    student: bool | None = strawberry.field(default=None, description="True: they are a student.")


async def add_relative(info: Info, input: Input[AddRelativeInput]) -> RelativePayload:
    """Add a relative by their face."""
    new = families.NewRelative(
        name=input.name,
        id_type=input.id_type,
        id_number=input.id_number,
        relation=input.relation,
        student=input.student or False,
        verification_id=verification_id(input.verification_id),
    )
    viewer = await info.context.viewer()
    relative_id = await once(info, families.add_relative, viewer, new)
    return RelativePayload(relative=await load_relative(info, relative_id), me=await me_now(info))


@strawberry.input(description="Which relative of the registry is verified.")
class VerifyRelativeInput:
    relative_id: strawberry.ID = strawberry.field(description="Which relative.")
    verification_id: strawberry.ID = strawberry.field(
        description="Of the relative's face, for ADD_RELATIVE, passed within ten minutes."
    )


async def verify_relative(info: Info, input: Input[VerifyRelativeInput]) -> RelativePayload:
    """Verify a relative by their face."""
    relative_id = decode_id(input.relative_id, "Relative")
    viewer = await info.context.viewer()
    passed_id = verification_id(input.verification_id)
    await once(info, families.verify_relative, viewer, relative_id, passed_id)
    return RelativePayload(relative=await load_relative(info, relative_id), me=await me_now(info))


async def sync_relatives(info: Info) -> SyncRelativesPayload:
    """Bring the list in line with the registry."""
    removed = await once(info, families.sync_relatives, await info.context.viewer())
    return SyncRelativesPayload(
        relatives=await relatives(info),
        removed_relative_ids=[ID(encode_id("Relative", relative)) for relative in removed],
        me=await me_now(info),
    )


@strawberry.input(description="Who is taken off the list.")
class RemoveRelativeInput:
    relative_id: strawberry.ID = strawberry.field(description="A relative who is enrolled nowhere.")


async def remove_relative(info: Info, input: Input[RemoveRelativeInput]) -> RemoveRelativePayload:
    """Take a relative off the list."""
    relative_id = decode_id(input.relative_id, "Relative")
    await once(info, families.remove_relative, await info.context.viewer(), relative_id)
    return RemoveRelativePayload(
        relatives=await relatives(info),
        removed_relative_id=input.relative_id,
        me=await me_now(info),
    )

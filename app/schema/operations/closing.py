"""Closing one's account (R34)."""

import strawberry

from app.resolvers.context import Info
from app.schema.operations.reading import Input, verification_id
from app.schema.own_payloads import CloseAccountPayload
from app.services.accounts.codes import EnteredCode
from app.services.groups import closing


@strawberry.input(description="What proves that it is the owner: a code, or their face.")
class CloseAccountInput:
    code: str | None = strawberry.field(
        default=None, description="The code that the session's phone was sent for CLOSE_ACCOUNT."
    )
    challenge: str | None = strawberry.field(
        default=None, description="What requestVerificationCode returned for that code."
    )
    verification_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="In place of a code: a verification of one's own face for CLOSE_ACCOUNT, "
        "passed within ten minutes.",
    )


async def close_account(info: Info, input: Input[CloseAccountInput]) -> CloseAccountPayload:
    """Close the account (R34)."""
    proof = closing.ClosingProof(
        code=EnteredCode(input.code, input.challenge or "") if input.code else None,
        verification_id=verification_id(input.verification_id) if input.verification_id else None,
    )
    kept = await closing.close_account(info.context.env, await info.context.viewer(), proof)
    info.context.renew()
    return CloseAccountPayload(kept=kept)

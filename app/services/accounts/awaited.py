"""What became of face checks whose pages wait for the person before the camera (R6, R11)."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Final

from app.domain.refusals import Refusal
from app.domain.verifications import VerificationStatus
from app.models.verifications import Verification
from app.services.accounts.verifications import ask_provider
from app.services.kernel.env import Env

_ASKED_EVERY: Final = timedelta(seconds=2)  # of one verification, however often it is read
_ASKED_AT_ONCE: Final = 5
_REMEMBERED: Final = 10_000


async def ask_after(env: Env, verifications: Sequence[Verification]) -> None:
    """Ask the provider what became of those that are pending, a few of them, each now and then.

    Whoever waits for the person before the camera reads it again and again. Without an answer a
    verification stays as it was.
    """
    now = env.clock.now()
    if len(env.asked_after) > _REMEMBERED:
        env.asked_after.clear()
    pending = [one for one in verifications if one.status is VerificationStatus.PENDING]
    for verification in pending[:_ASKED_AT_ONCE]:
        last = env.asked_after.get(verification.id)
        if last is None or now - last >= _ASKED_EVERY:
            env.asked_after[verification.id] = now
            with suppress(Refusal):
                await ask_provider(env, verification)

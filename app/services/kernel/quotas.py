"""Taking quotas: one mechanism for what costs money, reaches other systems, or tries secrets."""

from collections.abc import Mapping
from math import ceil
from typing import Final

from app.domain.quotas import ALLOWANCES, Allowance, Quota, Whose
from app.domain.refusals import RateLimited
from app.models.quotas import take_quota
from app.services.kernel.env import Env
from app.telemetry import metrics

_CODES_IN_THE_SANDBOX: Final = 2000  # an hour and address: it sends none


async def take(env: Env, quota: Quota, subjects: Mapping[Whose, str]) -> None:
    """Count one use of a quota for each of its allowances, in a transaction of its own.

    So what is refused later counts, too, and the limits hold however many try at once. Raise
    ``RateLimited`` when one of them is used up. ``GROUPCODE_RATE_LIMITS=0`` spares addresses.
    """
    now = env.clock.now()
    for allowance in ALLOWANCES[quota]:
        if allowance.whose is Whose.ADDRESS and not env.rate_limits:
            continue
        subject = subjects[allowance.whose]
        of_whom = f"{quota}:{allowance.whose}:{allowance.hours}:{subject}"
        key = env.cipher.lookup("quota", of_whom)
        if not await take_quota(key, allowance.window(now), _most(env, quota, allowance), now):
            metrics.QUOTA_REFUSALS.labels(quota).inc()
            raise RateLimited(ceil(allowance.left(now).total_seconds()))


def _most(env: Env, quota: Quota, allowance: Allowance) -> int:
    if quota is Quota.CODES:
        return env.codes_per_address or _CODES_IN_THE_SANDBOX
    return allowance.most

"""Taking quotas: one mechanism for what costs money, reaches other systems, or tries secrets."""

from collections.abc import Mapping, Sequence
from math import ceil
from typing import Final

from app.domain.quotas import ALLOWANCES, Allowance, Quota, Whose
from app.domain.refusals import RateLimited
from app.models.admitting import take_as_owner
from app.models.quotas import Use, take_quota
from app.ports.tokens import TokenClaims
from app.services.kernel.admitting import viewer_of
from app.services.kernel.env import Env, Viewer
from app.telemetry import metrics

_CODES_IN_THE_SANDBOX: Final = 2000  # an hour and address: it sends none


async def take(env: Env, quota: Quota, subjects: Mapping[Whose, str]) -> None:
    """Count one use of a quota for each of its allowances, in a transaction of its own.

    So what is refused later counts, too, and the limits hold however many try at once. Raise
    ``RateLimited`` when one of them is used up. ``GROUPCODE_RATE_LIMITS=0`` spares addresses.
    """
    await _take(env, quota, ALLOWANCES[quota], subjects)


async def take_as_viewer(env: Env, claims: TokenClaims, quota: Quota) -> Viewer | None:
    """Find whose session it is, and count one use of a quota that is counted of people alone.

    None where the session has ended: nothing is counted then. Raise ``RateLimited`` as ``take``.
    """
    allowances, subjects = ALLOWANCES[quota], {Whose.PERSON: claims.account_id.hex}
    use = _use(env, quota, allowances[0], subjects)
    found = await take_as_owner(claims.session_id, claims.account_id, use)
    if found is None:
        return None
    owner, taken = found
    if not taken:
        raise _used_up(quota, allowances[0], use)
    await _take(env, quota, allowances[1:], subjects)
    return viewer_of(claims, owner)


async def _take(
    env: Env, quota: Quota, allowances: Sequence[Allowance], subjects: Mapping[Whose, str]
) -> None:
    for allowance in allowances:
        if allowance.whose is Whose.ADDRESS and not env.rate_limits:
            continue
        use = _use(env, quota, allowance, subjects)
        if not await take_quota(use):
            raise _used_up(quota, allowance, use)


def _use(env: Env, quota: Quota, allowance: Allowance, subjects: Mapping[Whose, str]) -> Use:
    now = env.clock.now()
    of_whom = f"{quota}:{allowance.whose}:{allowance.hours}:{subjects[allowance.whose]}"
    key = env.cipher.lookup("quota", of_whom)
    return Use(key, allowance.window(now), _most(env, quota, allowance), now)


def _used_up(quota: Quota, allowance: Allowance, use: Use) -> RateLimited:
    metrics.QUOTA_REFUSALS.labels(quota).inc()
    return RateLimited(ceil(allowance.left(use.now).total_seconds()))


def _most(env: Env, quota: Quota, allowance: Allowance) -> int:
    if quota is Quota.CODES:
        return env.codes_per_address or _CODES_IN_THE_SANDBOX
    return allowance.most

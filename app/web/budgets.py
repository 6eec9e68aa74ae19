"""The headers that tell what is left to spend, and when to ask again.

After draft-ietf-httpapi-ratelimit-headers-11; its unit of a quota is ours, points.
"""

from collections.abc import Mapping
from functools import lru_cache
from math import ceil

from app.domain.costs import WINDOW_SECONDS
from app.resolvers.context import Context


def budget_headers(context: Context) -> Mapping[str, str]:
    """Return RateLimit and RateLimit-Policy, where there are limits, and Retry-After."""
    waiting = {} if context.retry_after is None else {"Retry-After": str(context.retry_after)}
    if not context.spending:
        return waiting
    now = context.env.clock.now()
    policies, limits = [], []
    for name, budget in context.spending.items():
        seconds = max(ceil((budget.resets_at - now).total_seconds()), 0)
        policies.append(_policy(name, budget.limit))
        limits.append(f'"{name}";r={budget.remaining};t={seconds}')
    left = {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(limits)}
    return {**left, **waiting} if waiting else left


@lru_cache(8)  # of the two budgets that there are
def _policy(name: str, limit: int) -> str:
    return f'"{name}";q={limit};qu="points";w={WINDOW_SECONDS}'

"""The headers that tell what is left to spend: RateLimit and RateLimit-Policy.

After draft-ietf-httpapi-ratelimit-headers-11; its unit of a quota is ours, points.
"""

from collections.abc import Mapping
from math import ceil

from app.domain.costs import WINDOW_SECONDS
from app.resolvers.context import Context


def budget_headers(context: Context) -> Mapping[str, str]:
    """Return the headers for the budgets that an operation was charged to; none without any."""
    if not context.spending:
        return {}
    now = context.env.clock.now()
    policies, limits = [], []
    for name, budget in context.spending.items():
        seconds = max(ceil((budget.resets_at - now).total_seconds()), 0)
        policies.append(f'"{name}";q={budget.limit};qu="points";w={WINDOW_SECONDS}')
        limits.append(f'"{name}";r={budget.remaining};t={seconds}')
    return {"RateLimit-Policy": ", ".join(policies), "RateLimit": ", ".join(limits)}

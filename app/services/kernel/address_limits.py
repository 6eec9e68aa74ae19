"""Limits an address, so that nobody tries codes or tokens by the thousand."""

import ipaddress
from datetime import timedelta
from math import ceil
from typing import Final

from app.domain.refusals import RateLimited
from app.models.quotas import take_quota
from app.services.kernel.env import Env

# A school behind one address signs in on the same morning: generous, but bounded.
PER_HOUR: Final = 2000


async def limit_address(env: Env, action: str, address: str, limit: int | None = None) -> None:
    """Count one action of an address in the current hour, by default of 2,000.

    Raises ``RateLimited``.
    """
    if not env.rate_limits:
        return
    now = env.clock.now()
    key = env.cipher.lookup("address", f"{action}:{network_of(address)}")
    if not await take_quota(key, now.strftime("%Y-%m-%dT%H"), limit or PER_HOUR, now):
        next_hour = now.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
        raise RateLimited(ceil((next_hour - now).total_seconds()))


def network_of(address: str) -> str:
    """Return what counts as one address: an IPv6 household, whatever the last 64 bits."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if parsed.version == 4:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False))

"""Spending points: what a person, and what an address, may ask of the server in a minute."""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from math import ceil
from typing import Final, TypeAlias
from uuid import UUID

from app.domain.costs import Budget, end_of, window_of
from app.domain.refusals import RateLimited
from app.ports.cipher import Cipher
from app.services.kernel.addresses import network_of
from app.services.kernel.env import Env

PERSON: Final = "person"
ADDRESS: Final = "address"
_ADDRESSES_KEPT: Final = 10_000
Spending = Mapping[str, Budget]  # by whose budget it is
_Limit: TypeAlias = tuple[str, str, int]  # whose budget, under which key, how many points


def spend(env: Env, account_id: UUID | None, address: str, points: int, now: datetime) -> Spending:
    """Take points off the budgets of a signed-in person and of their address.

    Raise ``RateLimited`` when one of them has too few left, and take none. Without limits there
    are no budgets.
    """
    if not env.rate_limits:
        return {}
    window, budgets = window_of(now), env.budgets
    limits, resets_at = _limits(env, account_id, address), end_of(window)
    left: dict[str, Budget] = {}
    for name, key, limit in limits:
        remaining = limit - budgets.spent(key, window) - points
        if remaining < 0:
            raise RateLimited(ceil((resets_at - now).total_seconds()))
        left[name] = Budget(limit, remaining, resets_at)
    for _, key, _ in limits:
        budgets.spend(key, points, window)
    return left


def look(env: Env, account_id: UUID | None, address: str) -> Spending:
    """Return what is left of the budgets, without taking anything."""
    if not env.rate_limits:
        return {}
    window = window_of(env.clock.now())
    return {
        name: Budget(limit, max(limit - env.budgets.spent(key, window), 0), end_of(window))
        for name, key, limit in _limits(env, account_id, address)
    }


@lru_cache(_ADDRESSES_KEPT)
def _key_of(cipher: Cipher, address: str) -> str:
    return cipher.lookup("address", f"points:{network_of(address)}")


def _limits(env: Env, account_id: UUID | None, address: str) -> list[_Limit]:
    """Return each budget with its key and its limit; keys show no address to who reads them."""
    of_address = (ADDRESS, _key_of(env.cipher, address), env.points_per_address)
    if account_id is None:
        return [of_address]
    return [(PERSON, account_id.hex, env.points_per_person), of_address]

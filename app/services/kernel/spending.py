"""Spending points: what a person, and what an address, may ask of the server in a minute."""

from collections.abc import Mapping, Sequence
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
    window = window_of(now)
    limits = _limits(env, account_id, address)
    spent = [env.budgets.spent(key, window) for _, key, _ in limits]
    for (_, _, limit), used in zip(limits, spent, strict=True):
        if used + points > limit:
            raise RateLimited(ceil((end_of(window) - now).total_seconds()))
    for _, key, _ in limits:
        env.budgets.spend(key, points, window)
    return _budgets(limits, [used + points for used in spent], window)


def look(env: Env, account_id: UUID | None, address: str) -> Spending:
    """Return what is left of the budgets, without taking anything."""
    if not env.rate_limits:
        return {}
    window = window_of(env.clock.now())
    limits = _limits(env, account_id, address)
    return _budgets(limits, [env.budgets.spent(key, window) for _, key, _ in limits], window)


def _budgets(limits: Sequence[_Limit], spent: Sequence[int], window: int) -> Spending:
    resets_at = end_of(window)
    return {
        name: Budget(limit, max(limit - used, 0), resets_at)
        for (name, _, limit), used in zip(limits, spent, strict=True)
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

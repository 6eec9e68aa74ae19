"""Devices that signed in with a phone before: some of its codes are kept for them (R40)."""

from uuid import UUID

from app.domain.text import typed
from app.models.accounts import Account, Device
from app.ports.cipher import digest
from app.ports.tokens import random_token
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit


async def new_device(unit: Unit, account: Account, session_id: UUID) -> str:
    """Return the token of a device that signs in, by which it is known from now on."""
    token = random_token()
    await Device.create(
        id=session_id,
        account_id=account.id,
        token_hash=_token_hash(token),
        last_used_at=unit.now,
    )
    return token


async def note_device(env: Env, unit: Unit, phone: str, token: str | None) -> bool:
    """Return whether a device signed in with a phone before, and note that it is in use.

    A token that nobody was given, or for another phone, makes no difference.
    """
    if not token:
        return False
    device = await Device.get_or_none(
        token_hash=_token_hash(typed(token)),
        account__phone_hash__in=env.cipher.lookups("phone", phone),
    )
    if device is None:
        return False
    await Device.filter(id=device.id).update(last_used_at=unit.now)
    return True


async def forget_devices(account_id: UUID, but: UUID | None = None) -> None:
    """Forget the devices of whoever had a phone before, ``but`` that of one session."""
    devices = Device.filter(account_id=account_id)
    await (devices.exclude(id=but) if but else devices).delete()


def _token_hash(token: str) -> str:
    return digest("device token", token)

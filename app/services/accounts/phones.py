"""The phones that are someone's own, and the SMS that came to them (R43)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from app.models.accounts import Account
from app.models.guardians import Guardianship
from app.models.members import NOWHERE, Membership
from app.models.messages import Sms
from app.services.kernel.env import Env, Viewer


@dataclass(frozen=True, slots=True)
class OwnPhone:
    """A phone, and since when it is one's own; None for as long as is known."""

    phone: str
    since: datetime | None


async def sms_to(env: Env, viewer: Viewer) -> QuerySet[Sms]:
    """Return the SMS to the viewer's phones, also to those by which they are reached as guardian.

    What came to a phone while it was somebody else's is not among them (R6).
    """
    came = [_came_to(env, phone) for phone in await _own_phones(env, viewer)]
    return Sms.filter(Q(*came, join_type=Q.OR))


def _came_to(env: Env, phone: OwnPhone) -> Q:
    came = Q(phone_hash__in=env.lookups("phone", phone.phone))
    return came if phone.since is None else came & Q(created_at__gte=phone.since)


async def _own_phones(env: Env, viewer: Viewer) -> list[OwnPhone]:
    whose = Q(id=viewer.account_id)
    if viewer.person_id is not None:
        whose |= Q(person_id=viewer.person_id, person_shown=True)
    accounts = await Account.filter(whose).only("id", "phone", "taken_over_at")
    phones = [OwnPhone(account.phone, account.taken_over_at) for account in accounts]
    if viewer.person_id is None:
        return phones
    own = Membership.filter(person_id=viewer.person_id, enrolled_by_id=None)
    held = Guardianship.filter(guardian_id=viewer.person_id)
    reached = [
        *await own.values_list("phone", "phone_changed_at", "joined_at"),
        *await held.values_list("phone", "phone_changed_at", "created_at"),
    ]
    known = {phone.phone for phone in phones}
    return phones + await _without_account(env, reached, known)


async def _without_account(
    env: Env, reached: Iterable[tuple[str, datetime | None, datetime]], known: set[str]
) -> list[OwnPhone]:
    """Return the phones that were proved by a code alone, and are nobody's account."""
    others = [
        OwnPhone(phone, changed_at or since)
        for phone, changed_at, since in reached
        if phone != NOWHERE and phone not in known
    ]
    hashes = [found for one in others for found in env.lookups("phone", one.phone)]
    accounts = Account.filter(phone_hash__in=hashes)
    taken = set(await accounts.values_list("phone_hash", flat=True))
    return [one for one in others if taken.isdisjoint(env.lookups("phone", one.phone))]

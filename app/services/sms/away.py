"""Whether the SMS gateway takes codes at present, which whoever asks for one is told.

A code is sent after it was promised. So what its sending shows is noted for those who ask next, on
any server: a row that counts failures since the last code that went out.
"""

from datetime import datetime, timedelta
from typing import Final

from app.domain.limits import GATEWAY_PAUSE
from app.domain.refusals import Refusal, RefusalCode
from app.models.quotas import Quota, Use, take_quota
from app.ports.http import GatewayError
from app.services.kernel.env import Env

_KEY: Final = "codes that the SMS gateway didn't take"
_REFUSED, _AWAY = "refused", "away"
_ELSEWHERE: Final = (404, 405, 410)  # statuses: one SMS has no address of its own
_IN_A_ROW: Final = 3  # one that fails may be that code's own trouble
_NOTED_FOR: Final = timedelta(minutes=1)  # then somebody's code tries again
_ANY_NUMBER: Final = 1_000_000


async def note_failure(env: Env, error: GatewayError) -> None:
    """Note that a code wasn't taken, unless for what it is: with a wrong token, none is.

    Nor is any where the gateway's address leads to something else.
    """
    if not error.is_of_content or error.status in _ELSEWHERE:
        how = _REFUSED if error.permanent else _AWAY
        await take_quota(Use(_KEY, how, _ANY_NUMBER, env.clock.now()))


async def note_success() -> None:
    """Note that a code was taken."""
    await Quota.filter(key=_KEY).delete()


async def refuse_while_away(now: datetime) -> None:
    """Refuse to promise a code while the gateway takes none; say when to try again."""
    row = await Quota.get_or_none(key=_KEY)
    if row is None or row.last_at <= now - _NOTED_FOR:
        return
    if row.window == _REFUSED or row.used >= _IN_A_ROW:
        seconds = int(GATEWAY_PAUSE.total_seconds())
        raise Refusal(RefusalCode.SMS_SERVICE_UNAVAILABLE, params={"seconds": seconds})

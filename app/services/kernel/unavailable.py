"""What users are told while an outside system is away."""

from math import ceil

from app.domain.limits import GATEWAY_PAUSE
from app.domain.refusals import Refusal, RefusalCode
from app.ports.http import GatewayError

_LONGEST_SECONDS = 3600.0


def unavailable(code: RefusalCode, error: GatewayError) -> Refusal:
    """Return the refusal that says in how many seconds to try again.

    That is as long as the system asked us to wait, but no less than half a minute and no more
    than an hour.
    """
    seconds = max(error.retry_after or 0.0, GATEWAY_PAUSE.total_seconds())
    return Refusal(code, params={"seconds": ceil(min(seconds, _LONGEST_SECONDS))})

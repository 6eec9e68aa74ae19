"""Background work without a server: a process's environment, with gateways that are counted."""

import asyncio
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from pydantic import SecretStr

from app.config import Settings
from app.domain.sms import SmsTemplate
from app.models.due import WorkKind, schedule
from app.models.fields import use_cipher
from app.models.messages import Sms
from app.ports.clock import MovableClock
from app.services.kernel.env import Env
from app.wiring import wire
from tests.support.in_process import SECRET


@dataclass
class CountedSms:
    """An SMS gateway that takes its time, waits while it is not ``open``, and counts."""

    seconds: float = 0.0
    open: asyncio.Event = field(default_factory=asyncio.Event)
    taken: Counter[str] = field(default_factory=Counter)
    order: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self.open.set()

    async def send(
        self, sms_id: str, phone: str, template: str, params: Mapping[str, str], text: str
    ) -> None:
        """Take an SMS."""
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        await self.open.wait()
        await asyncio.sleep(self.seconds)
        self.at_once -= 1
        self.taken[sms_id] += 1
        self.order.append(template)


def environment_of(database_url: str, sms: CountedSms, clock: MovableClock) -> Env:
    """Return what one process works with; its clock is moved by the test."""
    settings = Settings(database_url=database_url, secret_key=SecretStr(SECRET))
    env = wire(settings, clock).env
    use_cipher(env.cipher)
    return replace(env, sms=sms)


async def queue_many_sms(
    env: Env,
    number: int,
    params: Mapping[str, str],
    template: SmsTemplate = SmsTemplate.MEMBER_REMOVED,
) -> list[Sms]:
    """Queue SMS as a use case would; without all ``params`` they can't be written out."""
    rows = [
        Sms(
            id=env.ids.new(),
            template=template,
            phone="+8613900000000",
            params=dict(params),
            language="en",
            created_at=env.clock.now(),
        )
        for _ in range(number)
    ]
    await Sms.bulk_create(rows)
    kind = WorkKind.SEND_CODE if template is SmsTemplate.VERIFICATION_CODE else WorkKind.SEND_SMS
    for start in range(0, number, 1000):
        await schedule(kind, env.clock.now(), *(row.id for row in rows[start : start + 1000]))
    return rows

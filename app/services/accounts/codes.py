"""SMS verification codes: six digits, five minutes, one purpose, single use (R40).

Each request answers a challenge of its own, which goes back with the code: tries and life
belong to the challenge, so nobody spends or ends what somebody else requested.
"""

import hmac
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from tortoise.expressions import F

from app.domain.codes import CodePurpose, can_be_code, halves_for, too_many_codes, why_not_tried
from app.domain.languages import Language
from app.domain.limits import CODE_GAP, CODE_LIFE, CODE_TRIES
from app.domain.refusals import Refusal, RefusalCode
from app.domain.sms import SmsTemplate
from app.domain.text import typed
from app.models.accounts import Account
from app.models.codes import VerificationCode
from app.models.quotas import Use, last_use, take_quota
from app.models.reading import Statement
from app.ports.cipher import digest
from app.ports.tokens import random_code, random_token
from app.services.accounts.devices import note_device
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import country_of, read_phone
from app.services.kernel.unit import Unit, unit_of_work
from app.services.sms.away import refuse_while_away
from app.services.sms.outbox import NewSms, queue_sms
from app.telemetry import metrics


@dataclass(frozen=True, slots=True)
class EnteredCode:
    """A code as it was entered, and the challenge that its request answered."""

    code: str
    challenge: str


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """To which phone a code goes, what for, and from which device if it is known."""

    phone: str
    purpose: CodePurpose
    device_token: str | None = None


async def request_code(env: Env, request: CodeRequest, language: Language) -> str:
    """Send a code to a phone, known or not, and return its challenge (R40).

    Across all purposes, a phone gets one a minute and five a day for anyone, and as many more
    for devices that signed in with it before. Refused too: a country that isn't allowed, and
    any while the SMS gateway takes no codes.
    """
    try:
        challenge = await _request_code(env, request, language)
    except Refusal as refusal:
        metrics.CODES.labels(refusal.code).inc()
        raise
    metrics.CODES.labels("QUEUED").inc()
    return challenge


async def _request_code(env: Env, request: CodeRequest, language: Language) -> str:
    phone, purpose = read_phone(request.phone, "phone"), request.purpose
    if country_of(phone) not in env.code_countries:
        raise Refusal(RefusalCode.PHONE_NOT_ALLOWED, "phone")
    await refuse_while_away(env.clock.now())
    phone_hash = env.cipher.lookup("phone", phone)
    async with unit_of_work(env) as unit:
        known_device = await note_device(env, unit, phone, request.device_token)
        await _take_turn(env, unit, phone_hash, known_device=known_device)
        code, challenge = random_code(), random_token()
        code_id = _code_id(challenge)
        await VerificationCode.create(
            id=code_id,
            phone_hash=phone_hash,
            purpose=purpose,
            code_hash=_code_hash(challenge, code),
            created_at=unit.now,
            expires_at=unit.now + CODE_LIFE,
        )
        params = {"code": code, "purpose": purpose.value}
        await queue_sms(unit, NewSms(phone, SmsTemplate.VERIFICATION_CODE, params, language))
        return unit.returns(challenge)


async def _take_turn(env: Env, unit: Unit, phone_hash: str, *, known_device: bool) -> None:
    """Count a code in the first half that has one left; who asks too soon is held back at once."""
    refusal: Refusal | None = None
    halves = halves_for(known_device=known_device)
    for half, limit in halves.items():
        key = env.cipher.lookup(half, phone_hash)
        if await take_quota(Use(key, unit.today.isoformat(), limit, unit.now, CODE_GAP)):
            return
        last_at = await last_use(key)
        refusal = too_many_codes(last_at, unit.now, unit.timezone, sum(halves.values()))
        if refusal.code is RefusalCode.CODE_TOO_SOON:
            break
    assert refusal is not None, "there is a half for everyone"
    raise refusal


async def check_code(env: Env, phone: str, purpose: CodePurpose, entered: EnteredCode) -> UUID:
    """Compare a code with its challenge's; return its id for ``consume_code``.

    A try is counted before the comparison and given back when it was right, so that the
    five tries hold however many guesses arrive at once.
    """
    code = typed(entered.code)
    if not can_be_code(code):
        raise Refusal(RefusalCode.CODE_WRONG, "code")
    challenge = typed(entered.challenge)
    sent = await VerificationCode.get_or_none(
        id=_code_id(challenge),
        phone_hash__in=env.cipher.lookups("phone", phone),
        purpose=purpose,
    )
    if sent is None:
        raise Refusal(RefusalCode.CODE_WRONG, "code")
    refusal = why_not_tried(sent.used_at, sent.expires_at, env.clock.now())
    if refusal is not None:
        raise Refusal(refusal, "code")
    tried = await VerificationCode.filter(id=sent.id, tries__lt=CODE_TRIES).update(
        tries=F("tries") + 1
    )
    if not tried:
        raise Refusal(RefusalCode.CODE_TOO_MANY_TRIES, "code")
    if not hmac.compare_digest(_code_hash(challenge, code), sent.code_hash):
        raise Refusal(RefusalCode.CODE_WRONG, "code")
    await VerificationCode.filter(id=sent.id).update(tries=F("tries") - 1)
    return sent.id


@dataclass(frozen=True, slots=True)
class ProvedPhone:
    """A phone that its owner proved, by the session itself or by a code still to be used."""

    number: str
    code_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class EnteredPhone:
    """A phone as it was entered, with the code that proves it; left out, the session's own."""

    phone: str | None = None
    code: str | None = None
    challenge: str | None = None


_ACCOUNT: Final = Statement(lambda account_id: Account.filter(id=account_id))


async def prove_phone(
    env: Env,
    viewer: Viewer,
    entered: EnteredPhone,
    purpose: CodePurpose,
    own: str | None = None,
) -> ProvedPhone:
    """Return the session's own phone, entered or not, or another one with its code (R6, R11).

    A code without the phone it was sent to proves nothing: ``PHONE_INVALID``. ``own``: the
    session's own, where it was read already.
    """
    if own is None:
        [account] = await _ACCOUNT.read({"phone": "phone"}, viewer.account_id)
        own = str(account["phone"])
    if entered.phone is None:
        if entered.code:
            raise Refusal(RefusalCode.PHONE_INVALID, "phone")
        return ProvedPhone(own)
    number = read_phone(entered.phone, "phone")
    if not entered.code:
        if number == own:
            return ProvedPhone(number)
        raise Refusal(RefusalCode.CODE_REQUIRED, "code")
    code = EnteredCode(entered.code, entered.challenge or "")
    return ProvedPhone(number, await check_code(env, number, purpose, code))


async def consume_code(unit: Unit, phone: ProvedPhone) -> None:
    """Use up the code that proved a phone in the transaction it serves (R40)."""
    if phone.code_id is None:
        return
    used = await VerificationCode.filter(id=phone.code_id, used_at=None).update(used_at=unit.now)
    if not used:
        raise Refusal(RefusalCode.CODE_WRONG, "code")


def _code_id(challenge: str) -> UUID:
    return UUID(hex=digest("challenge", challenge)[:32])


def _code_hash(challenge: str, code: str) -> str:
    """Return the hash of a code, which nobody finds without its challenge: that isn't stored."""
    return digest("code", f"{challenge}:{code}")

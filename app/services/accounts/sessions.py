"""Signing in by phone and SMS code, access and refresh tokens, signing out (R40)."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from app.domain.codes import CodePurpose
from app.domain.languages import Language
from app.domain.limits import PHONE_DORMANT_AFTER, REFRESH_TOKEN_LIFE
from app.domain.refusals import Refusal, RefusalCode
from app.domain.text import typed
from app.models.accounts import Account, RefreshToken, Session
from app.models.hashes import bring_up_to_date
from app.models.keyed_requests import KeyedRequest
from app.models.reading import Statement
from app.ports.cipher import digest
from app.ports.tokens import TokenClaims, random_token
from app.services.accounts.codes import EnteredCode, ProvedPhone, check_code, consume_code
from app.services.accounts.devices import forget_devices, new_device
from app.services.kernel.env import Env, Viewer
from app.services.kernel.parsing import read_phone
from app.services.kernel.unit import Unit, unit_of_work

_RENEWAL: Final = "refreshSession"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """The tokens of a session: the access token 15 minutes, the refresh token once.

    Signing in gives a device token too, which outlives the session.
    """

    access_token: str
    refresh_token: str
    viewer: Viewer
    device_token: str | None = None


async def sign_in(env: Env, phone: str, code: EnteredCode, language: Language) -> SignedIn:
    """Open a session for a phone proved by its code; a new phone becomes an account."""
    phone = read_phone(phone, "phone")
    proved = ProvedPhone(phone, await check_code(env, phone, CodePurpose.SIGN_IN, code))
    async with unit_of_work(env) as unit:
        await consume_code(unit, proved)
        account = await _ensure_account(env, unit, phone, language)
        session = await Session.create(id=unit.new_id(), account_id=account.id, created_at=unit.now)
        device_token = await new_device(unit, account, session.id)
        return replace(await _hand_out(env, unit, account, session.id), device_token=device_token)


async def _ensure_account(env: Env, unit: Unit, phone: str, language: Language) -> Account:
    """Find or make the phone's account; one unused for 90 days hides its person (R6)."""
    hashes = env.cipher.lookups("phone", phone)
    phone_hash = hashes[0]
    await bring_up_to_date(Account, "phone_hash", hashes)
    new = Account(
        id=unit.new_id(),
        phone_hash=phone_hash,
        phone=phone,
        language=language,
        created_at=unit.now,
        last_seen_at=unit.now,
    )
    await Account.bulk_create([new], ignore_conflicts=True)
    account = await Account.select_for_update().get(phone_hash=phone_hash)
    if account.last_seen_at <= unit.now - PHONE_DORMANT_AFTER:
        account.person_shown = False
        account.taken_over_at = unit.now
        await forget_devices(account.id)
    account.last_seen_at = unit.now
    account.language = language
    await account.save(update_fields=["person_shown", "taken_over_at", "last_seen_at", "language"])
    return account


async def _hand_out(env: Env, unit: Unit, account: Account, session_id: UUID) -> SignedIn:
    refresh_token = random_token()
    await RefreshToken.create(
        id=unit.new_id(),
        session_id=session_id,
        token_hash=_token_hash(refresh_token),
        expires_at=unit.now + REFRESH_TOKEN_LIFE,
    )
    return _signed_in(env, unit, account, session_id, refresh_token)


def _signed_in(
    env: Env, unit: Unit, account: Account, session_id: UUID, refresh_token: str
) -> SignedIn:
    access_token = env.tokens.issue(TokenClaims(account.id, session_id), unit.now)
    person_id = account.person_id if account.person_shown else None
    return SignedIn(access_token, refresh_token, Viewer(account.id, session_id, person_id))


async def refresh_session(env: Env, refresh_token: str, key: str | None = None) -> SignedIn:
    """Exchange a refresh token for new tokens; used twice, it ends its whole family (R40).

    Sent again with the same idempotency key, because the answer was lost, it returns the token
    that was handed out then, as long as nobody used that one.
    """
    async with unit_of_work(env) as unit:
        token_hash = _token_hash(typed(refresh_token))
        token = await RefreshToken.get_or_none(token_hash=token_hash).prefetch_related(
            "session__account"
        )
        if token is not None and token.expires_at > unit.now and token.session.ended_at is None:
            used = await RefreshToken.filter(id=token.id, used_at=None).update(used_at=unit.now)
            if used:
                account = token.session.account
                await Account.filter(id=account.id).update(last_seen_at=unit.now)
                handed_out = await _hand_out(env, unit, account, token.session_id)
                if key is not None:
                    await _remember(unit, _request_id(token, key), token, handed_out)
                return handed_out
            if key is not None and (again := await _recall(env, unit, token, key)):
                return again
            await Session.filter(id=token.session_id, ended_at=None).update(ended_at=unit.now)
    raise Refusal(RefusalCode.REFRESH_TOKEN_INVALID, "refreshToken")


def _token_hash(token: str) -> str:
    return digest("refresh token", token)


def _request_id(token: RefreshToken, key: str) -> UUID:
    return UUID(hex=digest("idempotency key", f"{token.id}:{key}")[:32])


async def _remember(unit: Unit, request_id: UUID, token: RefreshToken, new: SignedIn) -> None:
    await KeyedRequest.create(
        id=request_id,
        session_id=token.session_id,
        fingerprint="",
        steps={_RENEWAL: new.refresh_token},
        created_at=unit.now,
    )


async def _recall(env: Env, unit: Unit, token: RefreshToken, key: str) -> SignedIn | None:
    """Return what a token was exchanged for under a key, while its successor is unused."""
    row = await KeyedRequest.get_or_none(id=_request_id(token, key))
    if row is None:
        return None
    refresh_token = str(row.steps[_RENEWAL])
    successor = RefreshToken.filter(token_hash=_token_hash(refresh_token))
    if not await successor.filter(used_at=None).exists():
        return None
    return _signed_in(env, unit, token.session.account, token.session_id, refresh_token)


async def sign_out(env: Env, viewer: Viewer) -> None:
    """End the session: its tokens are dead at once, and what it was answered is forgotten."""
    async with unit_of_work(env) as unit:
        await Session.filter(id=viewer.session_id, ended_at=None).update(ended_at=unit.now)
        await KeyedRequest.filter(session_id=viewer.session_id).delete()


# Asked before nearly everything that is answered.
_LASTING: Final = Statement(
    lambda session_id, account_id: Session.filter(
        id=session_id, account_id=account_id, ended_at=None
    )
)
_OWNER: Final = {"person_id": "account__person_id", "person_shown": "account__person_shown"}


async def viewer_of_session(claims: TokenClaims) -> Viewer | None:
    """Find who a session belongs to while it lasts: one statement."""
    for found in await _LASTING.read(_OWNER, claims.session_id, claims.account_id):
        person_id = found["person_id"] if found["person_shown"] else None
        return Viewer(claims.account_id, claims.session_id, person_id)
    return None


async def viewers_of_sessions(claims: Collection[TokenClaims]) -> dict[TokenClaims, Viewer]:
    """Find who some sessions belong to, those left out that have ended: one statement."""
    rows = await Session.filter(
        id__in=[one.session_id for one in claims], ended_at=None
    ).values_list("id", "account_id", "account__person_id", "account__person_shown")
    viewers = {
        TokenClaims(account_id, session_id): Viewer(
            account_id, session_id, person_id if shown else None
        )
        for session_id, account_id, person_id, shown in rows
    }
    return {one: viewers[one] for one in claims if one in viewers}

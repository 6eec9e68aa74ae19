"""Notices: what members and managers are told by SMS, in the causing transaction (R39)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final
from uuid import UUID

from app.domain.sms import SmsTemplate, shortened
from app.models.accounts import languages_of
from app.models.groups import Group
from app.models.members import NOWHERE, Membership
from app.models.reading import Statement
from app.services.kernel.env import Env
from app.services.kernel.unit import Unit
from app.services.sms.outbox import NewSms, queue_sms
from app.services.sms.recipients import all_phones_of, manager_phones
from app.services.sms.texts import group_as_fits

_ORGANISATION_ROOM: Final = 16  # units of UTF-16
_GROUP: Final = Statement(lambda group_id: Group.filter(id=group_id))


@dataclass(frozen=True, slots=True)
class Notice:
    """What is to be told in a group, and whose doing it was (a person, None for time)."""

    group_id: UUID
    template: SmsTemplate
    caused_by: UUID | None = None
    params: Mapping[str, str] = field(default_factory=dict)


async def tell_members(env: Env, unit: Unit, notice: Notice, members: Collection[UUID]) -> None:
    """Tell these members; an enrolled one's guardians, and who of them has an account (R12)."""
    await tell_phones(env, unit, notice, await all_phones_of(members))


async def tell_managers_of(env: Env, unit: Unit, notice: Notice, member: Membership) -> None:
    """Tell the managers who are in charge of a member (R51), but not that member."""
    phones = await manager_phones(notice.group_id, member.section_id, but=member.id)
    await tell_phones(env, unit, notice, phones)


async def tell_phones(env: Env, unit: Unit, notice: Notice, phones: Iterable[str]) -> None:
    """Queue one SMS a phone."""
    notices = [(notice, phone) for phone in sorted(set(phones) - {NOWHERE})]
    await queue_notices(env, unit, notice.group_id, notices)


async def queue_notices(
    env: Env, unit: Unit, group_id: UUID, notices: Sequence[tuple[Notice, str]]
) -> None:
    """Queue notices of one group, each in the language its phone's account was last used in."""
    if not notices:
        return
    languages = await _languages(env, {phone for _, phone in notices})
    [group] = await _GROUP.read({"name": "name"}, group_id)
    name = group["name"]
    await queue_sms(
        unit,
        *(_sms(notice, phone, languages.get(phone, "zh"), name) for notice, phone in notices),
    )


def _sms(notice: Notice, phone: str, language: str, group: str) -> NewSms:
    shown = group_as_fits(group, notice.template, language, notice.params)
    params = {**notice.params, "group": shown}
    return NewSms(phone, notice.template, params, language, notice.group_id, notice.caused_by)


async def tell_of_organisation(
    env: Env, unit: Unit, template: SmsTemplate, name: str, phones: Iterable[str], by: UUID | None
) -> None:
    """Queue one SMS a phone that is about an organisation of this name and about no group."""
    reached = sorted(set(phones) - {NOWHERE})
    languages = await _languages(env, reached)
    params = {"organisation": organisation_as_fits(name)}
    await queue_sms(
        unit,
        *(
            NewSms(phone, template, params, languages.get(phone, "zh"), caused_by=by)
            for phone in reached
        ),
    )


def organisation_as_fits(name: str) -> str:
    """Return an organisation's name as an SMS has room for it, beside a group's."""
    return shortened(name, _ORGANISATION_ROOM)


async def _languages(env: Env, phones: Iterable[str]) -> dict[str, str]:
    hashes = {found: phone for phone in phones for found in env.cipher.lookups("phone", phone)}
    return {hashes[found]: spoken for found, spoken in (await languages_of(hashes)).items()}

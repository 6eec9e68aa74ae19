"""What refusals about organisations say, in Chinese and English (R44, R45)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from app.domain.limits import (
    GROUPS_BELOW_ROOT,
    LIVE_ORGANISATION_CODES,
    ORGANISATION_CODE_LIFE,
    ORGANISATION_LEVELS,
    ORGANISATIONS_IN_TREE,
    OVERSEERS,
    OVERSIGHT_OFFER_LIFE,
    OWNED_ORGANISATIONS,
)
from app.domain.refusals import RefusalCode
from app.schema.texts import Texts

_C = RefusalCode
_HOUR: Final = timedelta(hours=1)

RULES: Final[Mapping[RefusalCode, Mapping[str, int]]] = {
    _C.ORGANISATION_CODE_EXPIRED: {"hours": ORGANISATION_CODE_LIFE // _HOUR},
    _C.ORGANISATION_FULL: {"limit": GROUPS_BELOW_ROOT},
    _C.ORGANISATION_LIMIT_REACHED: {"limit": OWNED_ORGANISATIONS},
    _C.ORGANISATION_TOO_DEEP: {"limit": ORGANISATION_LEVELS},
    _C.OVERSEER_LIMIT_REACHED: {"limit": OVERSEERS},
    _C.OVERSIGHT_NOT_OFFERED: {"hours": OVERSIGHT_OFFER_LIFE // _HOUR},
    _C.TOO_MANY_CODES: {"limit": LIVE_ORGANISATION_CODES},
    _C.TREE_FULL: {"limit": ORGANISATIONS_IN_TREE},
}
REFUSALS: Final[Mapping[RefusalCode, Texts]] = {
    _C.GROUP_ATTACHED_ELSEWHERE: (
        "该团体已归入另一组织，请先脱离。",
        "The group stands below another organisation: detach it first.",
    ),
    _C.ORGANISATION_ATTACHED_ELSEWHERE: (
        "该组织已归入另一组织，请先脱离。",
        "The organisation stands below another one: detach it first.",
    ),
    _C.ORGANISATION_CODE_EXPIRED: (
        "归入码已过期（{hours} 小时内有效），请向上级组织索取新的归入码。",
        "The code has expired: it is valid for {hours} hours. Ask the organisation for a new one.",
    ),
    _C.ORGANISATION_CODE_NOT_FOUND: ("归入码不存在。", "There is no such code."),
    _C.ORGANISATION_FULL: (
        "同一上级组织下最多 {limit} 个团体。",
        "Below the topmost organisation there are {limit} groups at most.",
    ),
    _C.ORGANISATION_IN_ITSELF: (
        "组织不能归入自身或其下属组织。",
        "An organisation can't be attached to itself, nor to one below it.",
    ),
    _C.ORGANISATION_LIMIT_REACHED: (
        "每人最多负责 {limit} 个组织。",
        "A person owns {limit} organisations at most.",
    ),
    _C.ORGANISATION_TOO_DEEP: (
        "组织最多 {limit} 层。",
        "Organisations stand {limit} levels deep at most.",
    ),
    _C.OVERSEER_LIMIT_REACHED: (
        "每个组织最多 {limit} 名督导员。",
        "An organisation has {limit} overseers at most, those who are still asked included.",
    ),
    _C.OVERSEER_NOT_ACCEPTED: (
        "该督导员尚未接受。",
        "They haven't accepted to oversee it, or can't sign in any more.",
    ),
    _C.OVERSIGHT_NOT_OFFERED: (
        "没有待接受的督导邀请或组织转让（须在 {hours} 小时内接受）。",
        "It isn't offered to you: an offer is valid for {hours} hours.",
    ),
    _C.OWNER_CANNOT_LEAVE: (
        "您仍是组织负责人，请先转让或解散组织。",
        "You own an organisation: offer it to an overseer, or dissolve it, first.",
    ),
    _C.TOO_MANY_CODES: (
        "有效的归入码已达 {limit} 个，请等其过期。",
        "There are {limit} codes that still work: use those, or let them expire.",
    ),
    _C.TREE_FULL: (
        "同一上级组织下最多 {limit} 个组织。",
        "A tree has {limit} organisations at most.",
    ),
}

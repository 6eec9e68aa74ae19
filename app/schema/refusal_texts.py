"""What refusals say in a payload's ``errors``, in Chinese and English, for people to act on."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from app.domain.languages import Language
from app.domain.limits import (
    BULK_ROWS,
    CODE_LIFE,
    CODE_TRIES,
    GROUP_ADMINS,
    GROUP_OFFER_LIFE,
    GROUP_PEOPLE,
    GROUP_SECTIONS,
    INVITATION_LIFE,
    OWNED_GROUPS,
    RELATIVES,
    REPORT_DAYS,
    VERIFICATION_LIFE,
)
from app.domain.refusals import Refusal, RefusalCode
from app.schema import organisation_refusals
from app.schema.texts import Texts, text

_C = RefusalCode
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
# What fills the gaps that are the same for everyone; the others come with the refusal.
RULES: Final[Mapping[RefusalCode, Mapping[str, int]]] = {
    **organisation_refusals.RULES,
    _C.ADMIN_LIMIT_REACHED: {"limit": GROUP_ADMINS},
    _C.CODE_EXPIRED: {"minutes": CODE_LIFE // _MINUTE},
    _C.CODE_TOO_MANY_TRIES: {"limit": CODE_TRIES},
    _C.DAY_NOT_KEPT: {"days": REPORT_DAYS},
    _C.FAMILY_TOO_LARGE: {"limit": RELATIVES},
    _C.GROUP_FULL: {"limit": GROUP_PEOPLE},
    _C.GROUP_LIMIT_REACHED: {"limit": OWNED_GROUPS},
    _C.INVITATION_EXPIRED: {"hours": INVITATION_LIFE // _HOUR},
    _C.SECTION_LIMIT_REACHED: {"limit": GROUP_SECTIONS},
    _C.OFFER_NOT_FOUND: {"hours": GROUP_OFFER_LIFE // _HOUR},
    _C.TOO_MANY_ROWS: {"limit": BULK_ROWS},
    _C.VERIFICATION_EXPIRED: {"minutes": VERIFICATION_LIFE // _MINUTE},
}
REFUSALS: Final[Mapping[RefusalCode, Texts]] = {
    **organisation_refusals.REFUSALS,
    _C.ADDRESS_INVALID: ("地址不可用：{fault}。", "The address can't be taken: {fault}."),
    _C.CODE_EXPIRED: (
        "验证码已过期（{minutes} 分钟内有效），请重新获取。",
        "The code has expired: it is valid for {minutes} minutes. Request a new one.",
    ),
    _C.CODE_REQUIRED: ("请输入该手机号的验证码。", "This phone needs its verification code."),
    _C.CODE_TOO_MANY_TRIES: (
        "验证码已输错 {limit} 次，请重新获取。",
        "The code was entered wrong {limit} times. Request a new one.",
    ),
    _C.CODE_TOO_SOON: (
        "请在 {seconds} 秒后再获取验证码。",
        "Wait {seconds} seconds before requesting another code.",
    ),
    _C.CODE_WRONG: ("验证码不正确。", "The code is wrong."),
    _C.CODES_TODAY_USED_UP: (
        "该手机号今天的 {limit} 条验证码已用完，请明天再试，或在曾用它登录的设备上获取。",
        "This phone had its {limit} codes of today. Try again tomorrow, or on a device that "
        "signed in with it before.",
    ),
    _C.CONSENT_REQUIRED: ("须先同意条款。", "You must agree to the terms first."),
    _C.CONSENT_WITHDRAWN: (
        "该成员已撤回同意，须以新的同意重新加入。",
        "This member's consent was withdrawn: only joining again with a new one ends that.",
    ),
    _C.GROUP_FULL: ("团体已满 {limit} 人。", "The group is full: it holds {limit} people."),
    _C.GROUP_LIMIT_REACHED: (
        "每人最多可拥有 {limit} 个团体。",
        "A person can own {limit} groups at most.",
    ),
    _C.HEALTH_CODE_NOT_CHOOSABLE: (
        "只能选择黄码或未知码；红码始终视为异常。",
        "Choose among YELLOW and UNKNOWN; RED is always an anomaly.",
    ),
    _C.IDENTITY_SERVICE_UNAVAILABLE: (
        "实人认证服务暂不可用，请在 {seconds} 秒后再试。",
        "The identity verification service doesn't answer. Try again in {seconds} seconds.",
    ),
    _C.ID_NUMBER_INVALID: ("证件号码不正确。", "The ID number isn't valid for this document."),
    _C.INVITATION_EXPIRED: (
        "邀请已过期（{hours} 小时内有效），请向管理员索取新的邀请。",
        "The invitation has expired: it is valid for {hours} hours. Ask the manager for a new one.",
    ),
    _C.INVITATION_NOT_FOUND: ("邀请不存在。", "There is no such invitation."),
    _C.INVITATION_PAUSED: ("该团体目前暂停加入。", "The group isn't open for joining now."),
    _C.INVITATION_WITHDRAWN: (
        "邀请已撤回，请向管理员索取新的邀请。",
        "The invitation was withdrawn. Ask the manager for a new one.",
    ),
    _C.NAME_INVALID: ("名称不可用：{fault}。", "The name can't be taken: {fault}."),
    _C.PEOPLE_INVALID: ("请选择要加入的人，每人一次。", "Choose who joins, each person once."),
    _C.MEMBER_HAS_GUARDIAN: (
        "该成员由监护人代为加入，须由监护人更改，或先解除监护关系。",
        "Their guardians answer for this member: they change it, or their hold is ended first.",
    ),
    _C.PERIOD_INVALID: (
        "时段不可用：须晚于现在和开始时间，且在一年以内。",
        "The time can't be taken: it ends after now and after its beginning, within a year.",
    ),
    _C.PHONE_INVALID: ("手机号不正确。", "The phone number isn't valid."),
    _C.PHONE_NOT_ALLOWED: (
        "暂不向该国家或地区的手机号发送验证码。",
        "No codes are sent to phones of this country.",
    ),
    _C.REFRESH_TOKEN_INVALID: ("登录已失效，请重新登录。", "The session is over. Sign in again."),
    _C.REMARK_INVALID: ("备注不可用：{fault}。", "The remark can't be taken: {fault}."),
    _C.REMARK_REQUIRED: ("请填写备注。", "This group asks for a remark."),
    _C.SMS_SERVICE_UNAVAILABLE: (
        "短信服务暂不可用，请在 {seconds} 秒后再试。",
        "No SMS can be sent at present. Try again in {seconds} seconds.",
    ),
    _C.TIME_INVALID: (
        "时间不可用：请按“时:分”（HH:MM）填写；定时提醒还须至少选择一天。",
        "The time can't be taken: write it as HH:MM, and choose a day where days are chosen.",
    ),
    _C.TOO_MANY_INVITATIONS: (
        "有效的邀请已达 {limit} 个，请先撤回一些，或等其过期。",
        "There are {limit} invitations that still work: withdraw some, or let them expire.",
    ),
    _C.TOO_MANY_ROWS: ("每次最多 {limit} 行。", "Send {limit} rows at once at most."),
    _C.VERIFICATION_EXPIRED: (
        "实人认证已超过 {minutes} 分钟，请重新认证。",
        "The identity verification is older than {minutes} minutes. Verify again.",
    ),
    _C.VERIFICATION_FAILED: (
        "实人认证未通过，请重新认证。",
        "The identity verification failed. Verify again.",
    ),
    _C.VERIFICATION_MISMATCH: (
        "该实人认证属于其他人或用于其他事项。",
        "The identity verification is about another person or for another purpose.",
    ),
    _C.VERIFICATION_PENDING: (
        "实人认证尚未完成。",
        "The identity verification isn't finished yet.",
    ),
    _C.VERIFICATION_REQUIRED: (
        "请先完成实人认证。",
        "An identity verification of your own is needed first.",
    ),
    _C.VERIFICATION_USED: (
        "该实人认证已使用过，请重新认证。",
        "The identity verification was used already. Verify again.",
    ),
    _C.ACKNOWLEDGEMENT_REQUIRED: (
        "须先确认解散的风险。",
        "Acknowledge first that dissolving can't be undone.",
    ),
    _C.ADMIN_LIMIT_REACHED: (
        "每个团体最多 {limit} 名管理员。",
        "A group has {limit} admins at most.",
    ),
    _C.CREATOR_CANNOT_LEAVE: (
        "创建人不能退团，可转让或解散团体。",
        "The creator can't leave: offer the group to an admin, or dissolve it.",
    ),
    _C.FAMILY_REGISTRY_UNAVAILABLE: (
        "亲属登记服务暂不可用，请在 {seconds} 秒后再试。",
        "The family registry doesn't answer. Try again in {seconds} seconds.",
    ),
    _C.FAMILY_TOO_LARGE: ("亲属最多 {limit} 人。", "A family list has {limit} people at most."),
    _C.LEAVE_ALREADY_COMPLETE: ("该成员已退团。", "This member is out already."),
    _C.LEAVE_NOT_REQUESTED: ("没有待处理的退团申请。", "No leave request is waiting."),
    _C.LEAVE_YOUR_OWN: (
        "不能处理自己提交的退团申请。",
        "Nobody completes a leave that they asked for.",
    ),
    _C.MEMBER_IS_ADMIN: (
        "请先由创建人取消其管理员身份。",
        "An admin must be dismissed by the creator first.",
    ),
    _C.MEMBER_IS_CREATOR: ("不能对创建人进行此操作。", "This can't be done to the creator."),
    _C.MEMBER_IS_SELF: ("不能移除自己，请申请退团。", "You can't remove yourself: ask to leave."),
    _C.MEMBER_NOT_ADMIN: ("该成员不是管理员。", "This member isn't an admin."),
    _C.MEMBER_WITHOUT_ACCOUNT: (
        "该成员没有自己的账号，不能成为管理员或创建人。",
        "Only someone with an account of their own can be an admin or the creator.",
    ),
    _C.MEMBER_WITHOUT_GUARDIAN: (
        "该成员没有代为加入的亲属。",
        "No guardian holds this membership.",
    ),
    _C.NOTHING_TO_CHANGE: ("没有需要修改的内容。", "There is nothing to change."),
    _C.OFFER_NOT_FOUND: (
        "没有待接受的转让（转让须在 {hours} 小时内接受）。",
        "The group isn't offered to you: an offer is valid for {hours} hours.",
    ),
    _C.PROMPT_INVALID: ("备注提示不可用：{fault}。", "The prompt can't be taken: {fault}."),
    _C.REASON_INVALID: ("原因不可用：{fault}。", "The reason can't be taken: {fault}."),
    _C.RELATIVE_ENROLLED: ("该亲属仍在团体中，不能移除。", "This relative is enrolled in a group."),
    _C.RELATIVE_IS_SELF: ("不能将自己添加为亲属。", "You are no relative of your own."),
    _C.RELATIVE_JOINED_THEMSELVES: (
        "该亲属已自行加入，无需代为加入。",
        "This relative acts for themselves in the group.",
    ),
    _C.RELATIVE_NOT_FOUND: ("亲属不存在。", "There is no such relative of yours."),
    _C.RELATIVE_NOT_VERIFIED: ("该亲属尚未认证。", "This relative isn't verified yet."),
    _C.SECTIONS_MISSING: (
        "请至少选择一个分组；不限分组则留空。",
        "Choose at least one section, or null for the whole group.",
    ),
    _C.SECTION_LIMIT_REACHED: (
        "每个团体最多 {limit} 个分组。",
        "A group has {limit} sections at most.",
    ),
    _C.SECTION_NAME_TAKEN: (
        "该团体已有同名分组。",
        "Another section of this group has this name.",
    ),
    _C.SECTION_NOT_FOUND: (
        "该分组不存在，或不可选择。",
        "There is no such section to be chosen.",
    ),
    _C.SECTION_REQUIRED: ("请选择分组。", "Choose which section to join."),
    _C.CONDITION_REQUIRED: (
        "请至少选择一个提醒条件。",
        "Choose whom to remind: at least one condition.",
    ),
    _C.DAY_NOT_KEPT: (
        "只能导出最近 {days} 天的报表。",
        "Only the last {days} days can be exported.",
    ),
    _C.NO_REPORT_FOR_DAY: ("该日没有刷新，没有报表。", "There was no refresh on that day."),
}


def refusal_text(refusal: Refusal, language: Language) -> str:
    """Return what a refusal says, its gaps filled by the rules and by what it came with."""
    params = {**RULES.get(refusal.code, {}), **refusal.params}
    return text(REFUSALS[refusal.code], language, **params)


def describe_refusal(code: RefusalCode) -> str:
    """Return what a refusal says, English first; what depends on the case stays in braces."""
    chinese, english = REFUSALS[code]
    described = f"{english} {chinese}"
    for gap, number in RULES.get(code, {}).items():
        described = described.replace(f"{{{gap}}}", str(number))
    return described

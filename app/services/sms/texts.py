"""The texts of SMS in the two languages, each with room for a group's name in one SMS."""

from collections.abc import Mapping
from typing import Final

from app.domain.languages import Language
from app.domain.sms import SMS_LENGTH, SmsTemplate, shortened, sms_length

TEXTS: Final[Mapping[SmsTemplate, Mapping[Language, str]]] = {
    SmsTemplate.VERIFICATION_CODE: {
        "zh": "【团体码】验证码 {code},5 分钟内有效,请勿告诉他人。",
        "en": "[Group Code] {code} is your code. Valid 5 min. Tell no one.",
    },
    SmsTemplate.LEAVE_REQUESTED: {
        "zh": "【团体码】“{group}”有成员申请退团,24 小时内未处理将自动退出。",
        "en": "[Group Code] {group}: a member asks to leave, out in 24 h.",
    },
    SmsTemplate.RELATIVE_LEAVING: {
        "zh": "【团体码】已有人为{member}申请退出“{group}”,24 小时内生效。",
        "en": "[Group Code] {member} is to leave {group} within 24 h.",
    },
    SmsTemplate.RELATIVE_STAYING: {
        "zh": "【团体码】{member}退出“{group}”的申请已取消。",
        "en": "[Group Code] {member} stays in {group} after all.",
    },
    SmsTemplate.LEAVE_COMPLETED: {
        "zh": "【团体码】{member}已退出“{group}”。",
        "en": "[Group Code] {member} has left {group}.",
    },
    SmsTemplate.MEMBER_REMOVED: {
        "zh": "【团体码】{member}已被移出“{group}”。",
        "en": "[Group Code] {member} was removed from {group}.",
    },
    SmsTemplate.GUARDIANS_ENDED: {
        "zh": "【团体码】{member}已自行管理其在“{group}”的成员身份。",
        "en": "[Group Code] {member} now acts for themselves in {group}.",
    },
    SmsTemplate.GROUP_OFFERED: {
        "zh": "【团体码】“{group}”的创建人请您接手该团体,24 小时内有效。",
        "en": "[Group Code] {group} is offered to you for 24 h.",
    },
    SmsTemplate.GROUP_ACCEPTED: {
        "zh": "【团体码】“{group}”已由新的创建人接手,您现为管理员。",
        "en": "[Group Code] {group} has a new creator; you are an admin.",
    },
    SmsTemplate.ANOMALY_ALERT: {
        "zh": "【团体码】“{group}”新增异常 {count} 人,其中红码 {red} 人,请登录查看。",
        "en": "[Group Code] {group}: {count} new anomalies, {red} red codes.",
    },
    SmsTemplate.DAILY_DIGEST: {
        "zh": "【团体码】“{group}”今日异常 {count} 人,其中红码 {red} 人;名册未加入 {missing} 人。",
        "en": "[Group Code] {group}: {count} anomalies, {red} red; {missing} to join.",
    },
    SmsTemplate.HEALTH_REMINDER: {
        "zh": "【团体码】“{group}”提醒:{member}的健康码或核酸不符合要求,请尽快处理。",
        "en": "[Group Code] {group}: {member} must see to code or test.",
    },
    SmsTemplate.HEALTH_REMINDERS: {
        "zh": "【团体码】“{group}”提醒:{member}等 {count} 人的健康码或核酸不符合要求,请尽快处理。",
        "en": "[Group Code] {group}: {member} etc., {count} in all: see to codes or tests.",
    },
    SmsTemplate.GROUP_DISSOLVED: {
        "zh": "【团体码】“{group}”已由创建人解散,不可恢复,数据将被删除。",
        "en": "[Group Code] {group} was dissolved. Its data will be erased.",
    },
    SmsTemplate.GROUP_OVERSEEN: {
        "zh": "【团体码】“{group}”已归入“{organisation}”,其仅可见人数与颜色,不见个人。",
        "en": "[Group Code] {organisation} now oversees {group}: numbers only.",
    },
    SmsTemplate.OVERSEER_APPOINTED: {
        "zh": "【团体码】请您督导“{organisation}”,24 小时内登录接受有效。",
        "en": "[Group Code] Oversee {organisation}? Sign in to accept in 24 h.",
    },
    SmsTemplate.ORGANISATION_OFFERED: {
        "zh": "【团体码】“{organisation}”的负责人请您接手该组织,24 小时内有效。",
        "en": "[Group Code] {organisation} is offered to you for 24 h.",
    },
    SmsTemplate.ORGANISATION_ACCEPTED: {
        "zh": "【团体码】“{organisation}”已由新的负责人接手,您现为督导员。",
        "en": "[Group Code] {organisation} has a new owner; you oversee it.",
    },
}


def render_sms(template: SmsTemplate, language: str, params: Mapping[str, str]) -> str:
    """The text of a template; Chinese where the language isn't English."""
    texts = TEXTS[template]
    return texts["en" if language == "en" else "zh"].format_map(params)


def group_as_fits(
    name: str, template: SmsTemplate, language: str, params: Mapping[str, str]
) -> str:
    """Return a group's name as an SMS has room for it beside its other parameters."""
    others = render_sms(template, language, {**params, "group": ""})
    return shortened(name, SMS_LENGTH - sms_length(others))

"""The texts of SMS in the two languages, each short enough for one SMS (70 characters)."""

from collections.abc import Mapping
from typing import Final

from app.domain.languages import Language

TEXTS: Final[Mapping[str, Mapping[Language, str]]] = {
    "verification_code": {
        "zh": "【团体码】验证码 {code},5 分钟内有效,请勿告诉他人。",
        "en": "[Group Code] {code} is your code. Valid 5 min. Tell no one.",
    },
    "leave_requested": {
        "zh": "【团体码】“{group}”有成员申请退团,24 小时内未处理将自动退出。",
        "en": "[Group Code] {group}: a member asks to leave, out in 24 h.",
    },
    "relative_leaving": {
        "zh": "【团体码】已有人为{member}申请退出“{group}”,24 小时内生效。",
        "en": "[Group Code] {member} is to leave {group} within 24 h.",
    },
    "relative_staying": {
        "zh": "【团体码】{member}退出“{group}”的申请已取消。",
        "en": "[Group Code] {member} stays in {group} after all.",
    },
    "leave_completed": {
        "zh": "【团体码】{member}已退出“{group}”。",
        "en": "[Group Code] {member} has left {group}.",
    },
    "member_removed": {
        "zh": "【团体码】{member}已被移出“{group}”。",
        "en": "[Group Code] {member} was removed from {group}.",
    },
    "guardians_ended": {
        "zh": "【团体码】{member}已自行管理其在“{group}”的成员身份。",
        "en": "[Group Code] {member} now acts for themselves in {group}.",
    },
    "group_offered": {
        "zh": "【团体码】“{group}”的创建人请您接手该团体,24 小时内有效。",
        "en": "[Group Code] {group} is offered to you for 24 h.",
    },
    "group_accepted": {
        "zh": "【团体码】“{group}”已由新的创建人接手,您现为管理员。",
        "en": "[Group Code] {group} has a new creator; you are an admin.",
    },
    "anomaly_alert": {
        "zh": "【团体码】“{group}”新增异常 {count} 人,其中红码 {red} 人,请登录查看。",
        "en": "[Group Code] {group}: {count} new anomalies, {red} red codes.",
    },
    "health_reminder": {
        "zh": "【团体码】“{group}”提醒:{member}的健康码或核酸不符合要求,请尽快处理。",
        "en": "[Group Code] {group}: {member} must see to code or test.",
    },
    "group_dissolved": {
        "zh": "【团体码】“{group}”已由创建人解散,不可恢复,数据将被删除。",
        "en": "[Group Code] {group} was dissolved. Its data will be erased.",
    },
}


def render_sms(template: str, language: str, params: Mapping[str, str]) -> str:
    """The text of a template; Chinese where the language isn't English."""
    texts = TEXTS[template]
    return texts["en" if language == "en" else "zh"].format_map(params)

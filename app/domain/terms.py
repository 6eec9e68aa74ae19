"""The terms that people agree to before they join or create a group (R11).

A text never changes under its version: what is to say something else gets a new version, and
consents that were given before keep theirs.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from app.domain.languages import Language


@dataclass(frozen=True, slots=True)
class Terms:
    """One version of the terms, a date, and what it says in each language."""

    version: str
    texts: Mapping[Language, str]


# Every version there was, the newest last.
EVERY_VERSION: Final = (
    Terms(
        "2026-11-25",
        {
            "zh": (
                "加入是自愿的。您同意本服务向健康记录提供方查询您的健康码、核酸检测和疫苗接种记录，"
                "并向所加入团体的创建人和管理员显示这些记录，以及您的姓名、部分隐藏的证件号码、手机号、"
                "备注和加入、退出情况。其他成员看不到您的个人信息。"
                "团体据此判断是否符合其防疫要求，并可以短信提醒您。"
                "您代亲属加入时，代其作出同样的同意。"
                "您可以随时申请退团，最迟 24 小时后退出；也可以随时撤回同意，"
                "撤回后创建人和管理员立即不再看到您的健康信息。"
                "退出后，您的名称、备注和退出时的状况保留 30 天，随后删除。"
                "您可以查看谁查阅或导出过您的数据，并导出本服务保存的关于您的全部数据。"
            ),
            "en": (
                "Joining is voluntary. You agree that this service asks the health records "
                "provider for your health code, nucleic acid tests and vaccinations, and shows "
                "them to the creator and the admins of the group that you join, together with "
                "your name, your ID number with its middle hidden, your phone, your remark, and "
                "when you joined or leave. Other members see none of your data. The group judges "
                "by it whether its requirement is met, and may remind you by SMS. For a relative "
                "whom you enrol you agree to the same on their behalf. You may ask to leave at "
                "any time and are out within 24 hours; you may withdraw your consent at any "
                "time, and from that moment creator and admins see nothing of your health. After "
                "you are out, your name, your remark and your state at that moment are kept for "
                "30 days and then erased. You can see who looked at or exported your data, and "
                "export all that this service keeps of you."
            ),
        },
    ),
    Terms(
        "2026-11-26",
        {
            "zh": (
                "加入是自愿的。您同意本服务向健康记录提供方查询您的健康码、核酸检测和疫苗接种记录，"
                "并向所加入团体的创建人和管理员显示这些记录，以及您的姓名、部分隐藏的证件号码、手机号、"
                "备注、所在分组和加入、退出情况。其他成员看不到您的个人信息。"
                "团体据此判断是否符合其防疫要求，并可以短信提醒您。"
                "您代亲属加入时，代其作出同样的同意。"
                "您可以随时申请退团，最迟 24 小时后退出；也可以随时撤回同意，"
                "撤回后创建人和管理员立即不再看到您的健康信息。"
                "退出后，您的名称、备注和退出时的状况保留 30 天，随后删除。"
                "您可以查看谁查阅或导出过您的数据，并导出本服务保存的关于您的全部数据。"
            ),
            "en": (
                "Joining is voluntary. You agree that this service asks the health records "
                "provider for your health code, nucleic acid tests and vaccinations, and shows "
                "them to the creator and the admins of the group that you join, together with "
                "your name, your ID number with its middle hidden, your phone, your remark, your "
                "section, and when you joined or leave. Other members see none of your data. The "
                "group judges "
                "by it whether its requirement is met, and may remind you by SMS. For a relative "
                "whom you enrol you agree to the same on their behalf. You may ask to leave at "
                "any time and are out within 24 hours; you may withdraw your consent at any "
                "time, and from that moment creator and admins see nothing of your health. After "
                "you are out, your name, your remark and your state at that moment are kept for "
                "30 days and then erased. You can see who looked at or exported your data, and "
                "export all that this service keeps of you."
            ),
        },
    ),
    Terms(
        "2026-11-27",
        {
            "zh": (
                "加入是自愿的。您同意本服务向健康记录提供方查询您的健康码、核酸检测和疫苗接种记录，"
                "并向所加入团体的创建人和管理员显示这些记录，以及您的姓名、部分隐藏的证件号码、手机号、"
                "备注、所在分组和加入、退出情况。其他成员看不到您的个人信息；"
                "团体所属的上级组织只看到颜色和取整后的人数，从不看到个人。"
                "团体据此判断是否符合其防疫要求，并可以短信提醒您。"
                "您代亲属加入时，代其作出同样的同意。"
                "您可以随时申请退团，最迟 24 小时后退出；也可以随时撤回同意，"
                "撤回后创建人和管理员立即不再看到您的健康信息。"
                "退出后，您的名称、备注和退出时的状况保留 30 天，随后删除。"
                "您可以查看谁查阅或导出过您的数据，并导出本服务保存的关于您的全部数据。"
            ),
            "en": (
                "Joining is voluntary. You agree that this service asks the health records "
                "provider for your health code, nucleic acid tests and vaccinations, and shows "
                "them to the creator and the admins of the group that you join, together with "
                "your name, your ID number with its middle hidden, your phone, your remark, your "
                "section, and when you joined or leave. Other members see none of your data. "
                "Organisations that stand above the group see its name, its colour and rounded "
                "numbers, never a person. The group judges by it whether its requirement is met, "
                "and may remind you by SMS. For a relative whom you enrol you agree to the same on "
                "their behalf. You may ask to leave at any time and are out within 24 hours; you "
                "may withdraw your consent at any time, and from that moment creator and admins "
                "see nothing of your health. After "
                "you are out, your name, your remark and your state at that moment are kept for "
                "30 days and then erased. You can see who looked at or exported your data, and "
                "export all that this service keeps of you."
            ),
        },
    ),
)
CURRENT: Final = EVERY_VERSION[-1]


def text_of(version: str, language: Language) -> str | None:
    """Return what a version of the terms says; None for one that is not known any more."""
    return next(
        (terms.texts[language] for terms in EVERY_VERSION if terms.version == version), None
    )

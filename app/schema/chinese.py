"""The Chinese terms of the domain, as descriptions carry them: front ends here speak Chinese.

"A group of an organisation (团体)." The terms are those of the glossary in ARCHITECTURE.md.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Final, Protocol

from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
)

from app.schema.chinese_types import TYPES, VALUES

# Fields, input fields and arguments: of one type, or by their name alone wherever they stand.
FIELDS: Final[Mapping[str, str]] = {
    "accesses": "查阅记录",
    "activity": "活跃状态",
    "adminsMayInvite": "允许管理员邀请",
    "alreadyReminded": "已提醒",
    "anomalies": "异常人员名单",
    "anomalous": "是否异常",
    "anomalousCodes": "异常健康码",
    "anomaly": "异常",
    "anomalyAlerts": "健康异常告警",
    "anomalyReasons": "异常原因",
    "challenge": "验证码凭据",
    "colour": "团体码颜色",
    "colourReasons": "团体码变色原因",
    "consent": "授权同意",
    "consents": "授权同意",
    "creator": "创建人",
    "deviceToken": "设备令牌",
    "doses": "接种剂次",
    "dueAt": "自动退团时间",
    "enrolledBy": "代加入的监护人",
    "evidence": "依据",
    "formerMembers": "已退团",
    "groups": "加入的团体",
    "healthCode": "健康码",
    "healthCodes": "健康码",
    "idNumber": "证件号码",
    "idNumberMasked": "脱敏证件号码",
    "idType": "证件类型",
    "institution": "检测机构",
    "invitationPolicy": "邀请设置",
    "invitations": "邀请",
    "joinedAt": "加入时间",
    "kept": "保留的数据",
    "latestTest": "最新核酸检测",
    "leaveRequest": "退团申请",
    "leaveRequests": "待退出",
    "leaving": "待退出",
    "leftAt": "退出时间",
    "manufacturer": "疫苗厂家",
    "memberCount": "成员人数",
    "memberLimit": "人数上限",
    "members": "成员",
    "membersCount": "符合条件的人数",
    "messages": "短信",
    "natValidity": "核酸有效时间",
    "nextAllowedAt": "下次可刷新时间",
    "nextScheduledAt": "下次自动刷新时间",
    "noNegativeWithin": "时段内无阴性结果",
    "offer": "团体转让",
    "pendingLeaveCount": "待退出人数",
    "phone": "手机号",
    "realNamed": "已实名",
    "recipient": "接收人",
    "refresh": "数据刷新情况",
    "refreshDue": "立即刷新",
    "relation": "亲属关系",
    "relatives": "亲属",
    "remark": "备注",
    "remarkPrompt": "备注填写要求",
    "remarkRequired": "备注必填",
    "reminderAudience": "健康消息提醒对象",
    "reports": "日报",
    "requirement": "防疫要求",
    "requirementPreview": "防疫要求预览",
    "riskAcknowledged": "确认风险告知",
    "role": "角色",
    "roles": "角色",
    "sampledAt": "采样时间",
    "search": "搜索",
    "sharedData": "共享数据",
    "statistics": "统计",
    "student": "学生",
    "terms": "条款",
    "testedAt": "检测时间",
    "tests": "核酸检测记录",
    "vaccinations": "疫苗接种记录",
    "viewerMembers": "我的成员信息",
    "viewerRole": "我的角色",
    "Group.address": "团体地址",
    "Group.name": "团体名称",
    "Group.type": "团体类型",
    "LeaveRequest.reason": "退团原因",
    "Me.name": "姓名",
    "Mutation.acceptGroup": "接受团体转让",
    "Mutation.addRelative": "添加亲属",
    "Mutation.appointAdmin": "设置管理员",
    "Mutation.cancelLeave": "撤回退团申请",
    "Mutation.completeLeave": "处理退团申请",
    "Mutation.confirmIdentity": "实名",
    "Mutation.createGroup": "创建团体",
    "Mutation.createInvitation": "邀请成员",
    "Mutation.dismissAdmin": "解除管理员",
    "Mutation.dissolveGroup": "解散团体",
    "Mutation.endGuardianship": "结束监护",
    "Mutation.exportMyData": "导出个人数据",
    "Mutation.exportReport": "导出报表",
    "Mutation.joinGroup": "加入团体",
    "Mutation.offerGroup": "转让团体",
    "Mutation.refreshGroup": "刷新",
    "Mutation.refreshSession": "续期登录",
    "Mutation.removeMember": "删除成员",
    "Mutation.removeRelative": "移除亲属",
    "Mutation.requestLeave": "申请退出团体",
    "Mutation.requestVerificationCode": "获取验证码",
    "Mutation.sendHealthReminders": "健康消息提醒",
    "Mutation.setAnomalyAlerts": "接收健康异常告警",
    "Mutation.setInvitationPolicy": "邀请设置",
    "Mutation.setRequirement": "设置防疫要求",
    "Mutation.signIn": "登录",
    "Mutation.signOut": "退出登录",
    "Mutation.startIdentityVerification": "发起实人认证",
    "Mutation.syncRelatives": "同步亲属",
    "Mutation.updateGroup": "修改团体信息",
    "Mutation.updateMemberPhone": "修改成员手机号",
    "Mutation.updateMemberRemark": "编辑成员备注",
    "Mutation.verifyRelative": "亲属实人认证",
    "Mutation.withdrawConsent": "撤回授权",
    "Mutation.withdrawGroupOffer": "撤回团体转让",
    "Mutation.withdrawInvitation": "撤回邀请",
    "Person.name": "姓名",
    "Query.invitation": "邀请预览",
    "Query.me": "当前用户",
    "RequestLeaveInput.reason": "退团原因",
    "Subscription.groupEvents": "团体事件",
    "Subscription.groupStatusChanged": "团体状态变化",
    "Subscription.refreshProgressed": "刷新进度",
    "Subscription.viewerGroupsChanged": "我的团体变化",
}


class _Described(Protocol):
    description: str | None


def add_chinese_terms(schema: GraphQLSchema) -> None:
    """Have the descriptions of a schema carry their Chinese terms.

    Raise ``LookupError`` for a term of something that isn't in the schema.
    """
    used = set()
    for table, names, described in _everything(schema):
        name = next((name for name in names if name in table), None)
        if name is not None:
            described.description = with_term(described.description or "", table[name])
            used.add(name)
    if unused := {*TYPES, *FIELDS, *_VALUES} - used:
        raise LookupError(f"the schema has none of these: {sorted(unused)}")


def with_term(description: str, term: str) -> str:
    """Return a description with a Chinese term at the end of its first sentence."""
    return re.sub(r"(?=\.(\s|$))|$", f" ({term})", description, count=1)


_VALUES: Final = {
    f"{enum}.{value}": term for enum, terms in VALUES.items() for value, term in terms.items()
}


def _everything(
    schema: GraphQLSchema,
) -> Iterator[tuple[Mapping[str, str], tuple[str, ...], _Described]]:
    """Yield all that is described, the table that its term is in, and by which names."""
    for kind in schema.type_map.values():
        yield TYPES, (kind.name,), kind
        if isinstance(kind, GraphQLEnumType):
            for value, described in kind.values.items():
                yield _VALUES, (f"{kind.name}.{value}",), described
        elif isinstance(kind, GraphQLInputObjectType):
            for name, given in kind.fields.items():
                yield FIELDS, (f"{kind.name}.{name}", name), given
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for name, field in kind.fields.items():
                yield FIELDS, (f"{kind.name}.{name}", name), field
                yield from ((FIELDS, (name,), argument) for name, argument in field.args.items())

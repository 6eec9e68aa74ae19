// What the API's enums are called.
import type {
  AccessKind,
  AnomalyReason,
  DepartureCause,
  GroupColour,
  GroupEventType,
  GroupType,
  HealthCode,
  IdType,
  KeptData,
  MemberOrderField,
  MessageState,
  MessageTemplate,
  NatValidity,
  RefreshStatus,
  Relation,
  Role,
  SkipReason,
  SharedData,
  TestResult,
  TestWindow,
} from "./graphql/enums";
import { texts } from "./texts";

type Names<Enum extends string> = Record<Enum, string>;

export const colourNames: Names<GroupColour> = texts({
  zh: { GREEN: "绿码", YELLOW: "黄码", RED: "红码" },
  en: { GREEN: "Green", YELLOW: "Yellow", RED: "Red" },
});
export const codeNames: Names<HealthCode> = texts({
  zh: { GREEN: "绿码", YELLOW: "黄码", RED: "红码", UNKNOWN: "未知", WITHHELD: "已撤回同意" },
  en: {
    GREEN: "Green",
    YELLOW: "Yellow",
    RED: "Red",
    UNKNOWN: "Unknown",
    WITHHELD: "Consent withdrawn",
  },
});
export const causeNames: Names<DepartureCause> = texts({
  zh: {
    LEAVE_COMPLETED: "申请退团，管理员已处理",
    LEAVE_EXPIRED: "申请退团，24 小时后自动退出",
    REMOVED: "被管理员移出",
  },
  en: {
    LEAVE_COMPLETED: "Asked, and a manager let them go",
    LEAVE_EXPIRED: "Asked, and 24 hours went by",
    REMOVED: "Removed by a manager",
  },
});
export const accessNames: Names<AccessKind> = texts({
  zh: { VIEWED: "查看", EXPORTED: "导出报表" },
  en: { VIEWED: "Looked at them", EXPORTED: "Exported a report" },
});
export const roleNames: Names<Role> = texts({
  zh: { CREATOR: "创建人", ADMIN: "管理员", MEMBER: "成员" },
  en: { CREATOR: "Creator", ADMIN: "Admin", MEMBER: "Member" },
});
export const typeNames: Names<GroupType> = texts({
  zh: {
    ENTERPRISE: "企业",
    SCHOOL: "学校",
    PUBLIC_INSTITUTION: "事业单位",
    GOVERNMENT: "机关",
    SOCIAL_ORGANISATION: "社会组织",
    OTHER: "其他",
  },
  en: {
    ENTERPRISE: "Enterprise",
    SCHOOL: "School",
    PUBLIC_INSTITUTION: "Public institution",
    GOVERNMENT: "Government agency",
    SOCIAL_ORGANISATION: "Social organisation",
    OTHER: "Other",
  },
});
export const reasonNames: Names<AnomalyReason> = texts({
  zh: {
    CODE_RED: "红码",
    CODE_YELLOW: "黄码",
    CODE_UNKNOWN: "健康码未知",
    TEST_MISSING: "无核酸阴性结果",
    TEST_EXPIRED: "核酸已过期",
    TEST_POSITIVE: "核酸阳性",
  },
  en: {
    CODE_RED: "Red code",
    CODE_YELLOW: "Yellow code",
    CODE_UNKNOWN: "Code unknown",
    TEST_MISSING: "No negative test",
    TEST_EXPIRED: "Test expired",
    TEST_POSITIVE: "Tested positive",
  },
});
export const validityNames: Names<NatValidity> = texts({
  zh: { NONE: "不要求", H24: "24 小时", H48: "48 小时", H72: "72 小时", D7: "7 天" },
  en: { NONE: "No test asked", H24: "24 hours", H48: "48 hours", H72: "72 hours", D7: "7 days" },
});
export const resultNames: Names<TestResult> = texts({
  zh: { NEGATIVE: "阴性", POSITIVE: "阳性", PENDING: "检测中" },
  en: { NEGATIVE: "Negative", POSITIVE: "Positive", PENDING: "Pending" },
});
export const windowNames: Names<TestWindow> = texts({
  zh: {
    H24: "24 小时内",
    H48: "24 至 48 小时",
    H72: "48 至 72 小时",
    D7: "72 小时至 7 天",
    OLDER: "7 天以上",
    NONE: "无结果",
  },
  en: {
    H24: "under 24 hours",
    H48: "24 to 48 hours",
    H72: "48 to 72 hours",
    D7: "72 hours to 7 days",
    OLDER: "7 days or more",
    NONE: "no result",
  },
});
export const runNames: Names<RefreshStatus> = texts({
  zh: {
    QUEUED: "排队中",
    RUNNING: "刷新中",
    DONE: "已完成",
    PARTLY_DONE: "部分完成",
    FAILED: "失败",
  },
  en: {
    QUEUED: "Waiting",
    RUNNING: "Refreshing",
    DONE: "Done",
    PARTLY_DONE: "Partly done",
    FAILED: "Failed",
  },
});
export const idTypeNames: Names<IdType> = texts({
  zh: {
    RESIDENT_ID: "居民身份证",
    HK_MACAO_PERMIT: "港澳居民来往内地通行证",
    TAIWAN_PERMIT: "台湾居民来往大陆通行证",
    PASSPORT: "护照",
    FOREIGN_RESIDENT_CARD: "外国人永久居留身份证",
  },
  en: {
    RESIDENT_ID: "Resident ID card",
    HK_MACAO_PERMIT: "Hong Kong/Macao permit",
    TAIWAN_PERMIT: "Taiwan permit",
    PASSPORT: "Passport",
    FOREIGN_RESIDENT_CARD: "Foreign permanent resident card",
  },
});
export const relationNames: Names<Relation> = texts({
  zh: {
    SPOUSE: "配偶",
    PARENT: "父母",
    CHILD: "子女",
    SIBLING: "兄弟姐妹",
    GRANDPARENT: "祖父母",
    GRANDCHILD: "孙辈",
    OTHER: "其他",
  },
  en: {
    SPOUSE: "Spouse",
    PARENT: "Parent",
    CHILD: "Child",
    SIBLING: "Sibling",
    GRANDPARENT: "Grandparent",
    GRANDCHILD: "Grandchild",
    OTHER: "Other",
  },
});
export const memberOrderNames: Names<MemberOrderField> = texts({
  zh: {
    JOINED_AT: "加入时间",
    NAME: "姓名",
    REMARK: "备注",
    HEALTH_CODE: "健康码",
    TEST_AGE: "核酸检测",
  },
  en: {
    JOINED_AT: "Joined",
    NAME: "Name",
    REMARK: "Remark",
    HEALTH_CODE: "Health code",
    TEST_AGE: "Test",
  },
});
export const skipNames: Names<SkipReason> = texts({
  zh: {
    REMINDED_WITHIN_AN_HOUR: "一小时内已提醒过",
    NO_PHONE: "没有可用的手机号",
    NOT_REMINDABLE: "无法提醒",
  },
  en: {
    REMINDED_WITHIN_AN_HOUR: "Reminded within the hour",
    NO_PHONE: "No phone number of theirs is known",
    NOT_REMINDABLE: "Can't be reminded",
  },
});
export const messageStateNames: Names<MessageState> = texts({
  zh: { QUEUED: "待发送", SENT: "已发送", FAILED: "发送失败" },
  en: { QUEUED: "Waiting", SENT: "Sent", FAILED: "Failed" },
});
export const messageNames: Names<MessageTemplate> = texts({
  zh: {
    VERIFICATION_CODE: "验证码",
    LEAVE_REQUESTED: "有人申请退团",
    RELATIVE_LEAVING: "亲属申请退团",
    RELATIVE_STAYING: "亲属取消退团",
    LEAVE_COMPLETED: "已退团",
    MEMBER_REMOVED: "被移出团体",
    GUARDIANS_ENDED: "亲属自行管理",
    GROUP_OFFERED: "团体转让邀请",
    GROUP_ACCEPTED: "团体已转让",
    ANOMALY_ALERT: "健康异常告警",
    HEALTH_REMINDER: "健康消息提醒",
    HEALTH_REMINDERS: "健康消息提醒（多人）",
    GROUP_DISSOLVED: "团体已解散",
  },
  en: {
    VERIFICATION_CODE: "Verification code",
    LEAVE_REQUESTED: "Somebody asks to leave",
    RELATIVE_LEAVING: "A relative asks to leave",
    RELATIVE_STAYING: "A relative stays after all",
    LEAVE_COMPLETED: "Left the group",
    MEMBER_REMOVED: "Removed from the group",
    GUARDIANS_ENDED: "A relative acts for themselves",
    GROUP_OFFERED: "The group is offered",
    GROUP_ACCEPTED: "The group was taken over",
    ANOMALY_ALERT: "Anomaly alert",
    HEALTH_REMINDER: "Health reminder",
    HEALTH_REMINDERS: "Health reminder for several",
    GROUP_DISSOLVED: "The group was dissolved",
  },
});
export const keptNames: Names<KeptData> = texts({
  zh: {
    MEMBERSHIP: "成员关系（不含健康信息），直到退出",
    FORMER_MEMBER: "已退团成员记录：姓名、备注、时间（不含健康信息）",
    CONSENTS: "同意与撤回的记录",
    ACCESSES: "谁查阅过数据的记录",
    EVENTS: "团体动态（只有编号，没有个人信息）",
    MESSAGES: "短信：模板、号码、时间",
    HEALTH_RECORD: "健康记录（供其他仍共享的团体使用）",
  },
  en: {
    MEMBERSHIP: "The membership, nothing of health, until they are out",
    FORMER_MEMBER: "The entry among former members: name, remark, times; nothing of health",
    CONSENTS: "That consent was given and withdrawn",
    ACCESSES: "Who looked at the data",
    EVENTS: "The group's log: ids, no personal data",
    MESSAGES: "SMS: template, phone, times",
    HEALTH_RECORD: "The health record, for the other groups that it is shared with",
  },
});
export const sharedNames: Names<SharedData> = texts({
  zh: {
    NAME: "姓名",
    ID_NUMBER_MASKED: "证件号码（中间隐藏）",
    PHONE: "手机号",
    REMARK: "备注",
    STUDENT: "是否学生",
    ROLE: "在团体中的角色",
    MEMBERSHIP_TIMES: "加入和退出时间",
    GUARDIAN: "代加入的监护人",
    HEALTH_CODE: "健康码及其时间",
    NUCLEIC_ACID_TESTS: "核酸检测：时间、结果、机构",
    VACCINATIONS: "疫苗接种：剂次、日期、厂家",
    ANOMALY: "是否及为何不符合防疫要求",
    LEAVING: "退团申请及原因",
  },
  en: {
    NAME: "Name",
    ID_NUMBER_MASKED: "ID number, its middle hidden",
    PHONE: "Phone",
    REMARK: "Remark",
    STUDENT: "Whether they are a student",
    ROLE: "Role in the group",
    MEMBERSHIP_TIMES: "When they joined and left",
    GUARDIAN: "The guardian who enrolled them",
    HEALTH_CODE: "Health code, and when it was set",
    NUCLEIC_ACID_TESTS: "Nucleic acid tests: times, results, institutions",
    VACCINATIONS: "Vaccinations: doses, days, manufacturers",
    ANOMALY: "Whether and why the requirement isn't met",
    LEAVING: "A request to leave, and its reason",
  },
});
export const eventNames: Names<GroupEventType> = texts({
  zh: {
    GROUP_CREATED: "创建了团体",
    GROUP_UPDATED: "修改了团体信息",
    GROUP_OFFERED: "提出转让团体",
    GROUP_OFFER_WITHDRAWN: "团体转让已失效",
    GROUP_ACCEPTED: "接受了团体转让",
    GROUP_DISSOLVED: "解散了团体",
    REQUIREMENT_SET: "设置了防疫要求",
    INVITATION_POLICY_SET: "修改了邀请设置",
    INVITATION_CREATED: "创建了邀请",
    INVITATION_WITHDRAWN: "撤回了邀请",
    MEMBER_JOINED: "成员加入",
    MEMBER_LEFT: "成员退出",
    MEMBER_REMOVED: "成员被移出",
    CONSENT_WITHDRAWN: "撤回了授权",
    ROSTER_CHANGED: "名册有变化",
    MEMBER_EXCUSED: "成员免检",
    EXCUSE_ENDED: "免检结束",
    REMARK_CHANGED: "修改了备注",
    PHONE_CHANGED: "修改了手机号",
    ADMIN_APPOINTED: "设为管理员",
    ADMIN_DISMISSED: "解除了管理员",
    GUARDIAN_ADDED: "增加了监护人",
    GUARDIANS_ENDED: "结束了监护",
    LEAVE_REQUESTED: "申请退团",
    LEAVE_CANCELLED: "撤回了退团申请",
    REMINDERS_SENT: "发送了健康消息提醒",
    ALERT_SENT: "发送了健康异常告警",
    REPORT_EXPORTED: "导出了报表",
    REFRESH_STARTED: "开始刷新",
    REFRESH_ENDED: "刷新结束",
    GROUP_VISITED: "管理者来访",
    MEMBERS_UPDATED: "成员信息有更新",
    MESSAGES_ENDED: "短信发送完毕",
    ANOMALY_OPENED: "出现异常",
    ANOMALY_CHANGED: "异常原因变化",
    ANOMALY_CLOSED: "异常解除",
    COLOUR_CHANGED: "团体码变色",
    REASONS_CHANGED: "变色原因人数变化",
  },
  en: {
    GROUP_CREATED: "The group was created",
    GROUP_UPDATED: "Name, type or address was edited",
    GROUP_OFFERED: "The group was offered to an admin",
    GROUP_OFFER_WITHDRAWN: "The offer of the group ended",
    GROUP_ACCEPTED: "The group was taken over",
    GROUP_DISSOLVED: "The group was dissolved",
    REQUIREMENT_SET: "The requirement was set",
    INVITATION_POLICY_SET: "The invitation policy was set",
    INVITATION_CREATED: "An invitation was made",
    INVITATION_WITHDRAWN: "An invitation was withdrawn",
    MEMBER_JOINED: "Somebody joined",
    MEMBER_LEFT: "Somebody left",
    MEMBER_REMOVED: "Somebody was removed",
    CONSENT_WITHDRAWN: "Consent was withdrawn",
    ROSTER_CHANGED: "The roster changed",
    MEMBER_EXCUSED: "A member was excused from tests",
    EXCUSE_ENDED: "An excuse from tests ended",
    REMARK_CHANGED: "A remark was edited",
    PHONE_CHANGED: "A phone was changed",
    ADMIN_APPOINTED: "An admin was appointed",
    ADMIN_DISMISSED: "An admin was dismissed",
    GUARDIAN_ADDED: "Another guardian enrolled a member",
    GUARDIANS_ENDED: "A member ended their guardians' hold",
    LEAVE_REQUESTED: "Somebody asked to leave",
    LEAVE_CANCELLED: "A request to leave was taken back",
    REMINDERS_SENT: "Members were reminded",
    ALERT_SENT: "Managers were alerted to anomalies",
    REPORT_EXPORTED: "A report was exported",
    REFRESH_STARTED: "A refresh began",
    REFRESH_ENDED: "A refresh ended",
    GROUP_VISITED: "A manager asked for a refresh",
    MEMBERS_UPDATED: "News of members came",
    MESSAGES_ENDED: "SMS were sent, or failed for good",
    ANOMALY_OPENED: "An anomaly began",
    ANOMALY_CHANGED: "An anomaly's reasons changed",
    ANOMALY_CLOSED: "An anomaly ended",
    COLOUR_CHANGED: "The group turned another colour",
    REASONS_CHANGED: "The counts of reasons changed",
  },
});

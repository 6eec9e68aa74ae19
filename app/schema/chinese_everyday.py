"""The Chinese terms of what managers do day by day."""

from collections.abc import Mapping
from typing import Final

TYPES: Final[Mapping[str, str]] = {
    "Excuse": "免检",
    "MemberRemarkInput": "成员备注",
    "ReminderSchedule": "定时提醒",
    "Weekday": "星期",
    "RosterEntry": "名册人员",
    "RosterRowInput": "名册人员",
    "RowOutcome": "逐行结果",
    "RowResult": "逐行结果",
}
FIELDS: Final[Mapping[str, str]] = {
    "Excuse.from": "免检开始时间",
    "Excuse.reason": "免检原因",
    "Excuse.until": "免检结束时间",
    "ExcuseMemberInput.from": "免检开始时间",
    "ExcuseMemberInput.reason": "免检原因",
    "ExcuseMemberInput.until": "免检结束时间",
    "excuse": "免检",
    "Mutation.endExcuse": "结束免检",
    "Mutation.excuseMember": "成员免检",
    "memberIds": "指定成员",
    "Mutation.clearReminderSchedule": "取消定时提醒",
    "Mutation.setReminderSchedule": "设置定时提醒",
    "Mutation.setDailyDigest": "设置每日摘要",
    "ReminderSchedule.at": "提醒时间",
    "ReminderSchedule.lastOn": "上次提醒日期",
    "ReminderSchedule.nextAt": "下次提醒时间",
    "dailyDigestTime": "每日摘要时间",
    "reminderSchedule": "定时提醒",
    "weekdays": "星期",
    "Mutation.clearRoster": "清空名册",
    "Mutation.importRoster": "导入名册",
    "Mutation.updateMemberRemarks": "批量编辑成员备注",
    "RosterEntry.name": "姓名",
    "RosterRowInput.name": "姓名",
    "notJoined": "未加入人员",
    "notJoinedCount": "未加入人数",
    "rosterCount": "名册人数",
    "section": "班级或部门",
    "RowOutcome.result": "逐行结果",
    "RowOutcome.row": "行号",
}
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "Weekday": {
        "MONDAY": "星期一",
        "TUESDAY": "星期二",
        "WEDNESDAY": "星期三",
        "THURSDAY": "星期四",
        "FRIDAY": "星期五",
        "SATURDAY": "星期六",
        "SUNDAY": "星期日",
    },
    "RowResult": {
        "ADDED": "已添加",
        "UPDATED": "已更新",
        "UNCHANGED": "无变化",
        "REPEATED": "重复",
        "NOT_A_MEMBER": "不是成员",
        "NAME_INVALID": "姓名不可用",
        "REMARK_INVALID": "备注不可用",
        "SECTION_INVALID": "班级或部门不可用",
        "ROSTER_FULL": "名册已满",
    },
}

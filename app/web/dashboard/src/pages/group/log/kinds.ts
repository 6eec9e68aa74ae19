// The kinds of events that one looks for together, and which of them are about a member.
import type { GroupEventType } from "../../../graphql/enums";
import { texts } from "../../../texts";

export type Kind = "ALL" | "HEALTH" | "PEOPLE" | "REFRESH" | "MESSAGES" | "GROUP";

export const kindNames: Record<Kind, string> = texts({
  zh: {
    ALL: "全部",
    HEALTH: "健康与变色",
    PEOPLE: "成员与退团",
    REFRESH: "刷新",
    MESSAGES: "短信与导出",
    GROUP: "设置、邀请与管理员",
  },
  en: {
    ALL: "Everything",
    HEALTH: "Health and colour",
    PEOPLE: "Members and leaving",
    REFRESH: "Refreshes",
    MESSAGES: "SMS and exports",
    GROUP: "Settings, invitations, admins",
  },
});

/** The types of each kind; all of them together are every type there is. */
const KIND_OF: Record<GroupEventType, Exclude<Kind, "ALL">> = {
  GROUP_CREATED: "GROUP",
  GROUP_UPDATED: "GROUP",
  GROUP_OFFERED: "GROUP",
  GROUP_OFFER_WITHDRAWN: "GROUP",
  GROUP_ACCEPTED: "GROUP",
  GROUP_DISSOLVED: "GROUP",
  REQUIREMENT_SET: "GROUP",
  INVITATION_POLICY_SET: "GROUP",
  INVITATION_CREATED: "GROUP",
  INVITATION_WITHDRAWN: "GROUP",
  ADMIN_APPOINTED: "GROUP",
  ADMIN_DISMISSED: "GROUP",
  MEMBER_JOINED: "PEOPLE",
  MEMBER_LEFT: "PEOPLE",
  MEMBER_REMOVED: "PEOPLE",
  CONSENT_WITHDRAWN: "PEOPLE",
  ROSTER_CHANGED: "PEOPLE",
  MEMBER_EXCUSED: "PEOPLE",
  EXCUSE_ENDED: "PEOPLE",
  REMARK_CHANGED: "PEOPLE",
  PHONE_CHANGED: "PEOPLE",
  GUARDIAN_ADDED: "PEOPLE",
  GUARDIANS_ENDED: "PEOPLE",
  LEAVE_REQUESTED: "PEOPLE",
  LEAVE_CANCELLED: "PEOPLE",
  MEMBERS_UPDATED: "PEOPLE",
  GROUP_ATTACHED: "GROUP",
  GROUP_DETACHED: "GROUP",
  ADMIN_BOUND: "GROUP",
  MEMBER_MOVED: "PEOPLE",
  SECTION_CREATED: "GROUP",
  SECTION_UPDATED: "GROUP",
  SECTION_REMOVED: "GROUP",
  REMINDERS_SCHEDULED: "MESSAGES",
  REMINDERS_SENT: "MESSAGES",
  ALERT_SENT: "MESSAGES",
  MESSAGES_ENDED: "MESSAGES",
  REPORT_EXPORTED: "MESSAGES",
  REFRESH_STARTED: "REFRESH",
  REFRESH_ENDED: "REFRESH",
  GROUP_VISITED: "REFRESH",
  ANOMALY_OPENED: "HEALTH",
  ANOMALY_CHANGED: "HEALTH",
  ANOMALY_CLOSED: "HEALTH",
  COLOUR_CHANGED: "HEALTH",
  REASONS_CHANGED: "HEALTH",
};

/** The types to ask for; null for all. */
export function typesOf(kind: Kind): GroupEventType[] | null {
  if (kind === "ALL") return null;
  return (Object.keys(KIND_OF) as GroupEventType[]).filter((type) => KIND_OF[type] === kind);
}

// What these are about is an invitation, a run or a day, and not a member.
const ABOUT_OTHERS: GroupEventType[] = [
  "INVITATION_CREATED",
  "INVITATION_WITHDRAWN",
  "REFRESH_STARTED",
  "REFRESH_ENDED",
  "GROUP_VISITED",
  "REPORT_EXPORTED",
];

export function isAboutMember(type: GroupEventType): boolean {
  return !ABOUT_OTHERS.includes(type);
}

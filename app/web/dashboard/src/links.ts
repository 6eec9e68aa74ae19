// The addresses of pages. They hold ids only, which mean nothing outside the API, and enum values.
import type { AnomalyReason, HealthCode } from "./graphql/enums";

/** All pages lie below it; the browser opens other links, such as to files, by itself. */
export const BASE = "/dashboard";

export const links = {
  groups: () => `${BASE}/`,
  newGroup: () => `${BASE}/new-group`,
  me: () => `${BASE}/me`,
  group: (groupId: string, part: string = ""): string =>
    `${BASE}/groups/${encodeURIComponent(groupId)}${part && `/${part}`}`,
  organisation: (organisationId: string): string =>
    `${BASE}/organisations/${encodeURIComponent(organisationId)}`,
  /** The anomalies of a group, of one reason where it is given. */
  anomalies: (groupId: string, reason?: AnomalyReason): string =>
    links.group(groupId, "anomalies") + (reason ? `?reason=${reason}` : ""),
  /** The members with one code. */
  membersOf: (groupId: string, code: HealthCode): string =>
    `${links.group(groupId, "members")}?codes=${code}`,
  /** The members of one section, or of none. */
  membersIn: (groupId: string, sectionId: string): string =>
    `${links.group(groupId, "members")}?sections=${encodeURIComponent(sectionId)}`,
  /** A member's details, over the list of members. */
  member: (groupId: string, memberId: string): string =>
    `${links.group(groupId, "members")}?member=${encodeURIComponent(memberId)}`,
};

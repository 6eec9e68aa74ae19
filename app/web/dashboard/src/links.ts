// The addresses of pages. They hold ids only, which mean nothing outside the API.
import type { AnomalyReason, HealthCode } from "./graphql/enums";

const BASE = "/dashboard";

export const links = {
  groups: () => `${BASE}/`,
  newGroup: () => `${BASE}/new-group`,
  me: () => `${BASE}/me`,
  group: (groupId: string, part: string = ""): string =>
    `${BASE}/groups/${encodeURIComponent(groupId)}${part && `/${part}`}`,
  /** The anomalies that stand for one reason. */
  anomalies: (groupId: string, reason: AnomalyReason): string =>
    `${links.group(groupId, "anomalies")}?reason=${reason}`,
  /** The members with one code. */
  membersOf: (groupId: string, code: HealthCode): string =>
    `${links.group(groupId, "members")}?codes=${code}`,
};

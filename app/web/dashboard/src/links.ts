// The addresses of pages. They hold ids only, which mean nothing outside the API.

const BASE = "/dashboard";

export const links = {
  groups: () => `${BASE}/`,
  newGroup: () => `${BASE}/new-group`,
  me: () => `${BASE}/me`,
  group: (groupId: string, part: string = "") =>
    `${BASE}/groups/${encodeURIComponent(groupId)}${part && `/${part}`}`,
};

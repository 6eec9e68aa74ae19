// Whatever is listed is found again by its id, and what was removed is named: by graphql-request.
import assert from "node:assert/strict";
import { print, type DocumentNode } from "graphql";
import { GraphQLClient } from "graphql-request";
import type { NodesQuery } from "../generated/graphql.js";
import { given, tell, type Given } from "./kit.js";
import { Listed, LookedAt, Nodes, RemoveRelative } from "./nodes.operations.js";

const { url, token, groupId, memberToken } = given<Given & { memberToken: string }>();
const as = (whose: string) =>
  new GraphQLClient(`${url}/graphql`, {
    headers: { authorization: `Bearer ${whose}` },
    errorPolicy: "all",
  });
const nodes = (client: GraphQLClient, ids: string[]) =>
  client.rawRequest<NodesQuery>(print(Nodes as DocumentNode), { ids });
const manager = as(token);

const { me, group } = await manager.request(Listed, { groupId });
const pages = [group?.messages, group?.anomalies, group?.leaveRequests, group?.members, group?.invitations];
const ids = [
  me?.relatives?.[0]?.id,
  group?.refresh?.run?.id,
  ...pages.map((page) => page?.nodes[0]?.id),
].filter((id) => id !== undefined);

// One id that is none has its own error, at its place; it spoils none of the others.
const found = await nodes(manager, [...ids, "none"]);
const errors = found.errors?.map(({ path, extensions }) => ({ path, code: extensions["code"] }));
assert.deepEqual(errors, [{ path: ["nodes", ids.length], code: "BAD_USER_INPUT" }]);
assert.deepEqual(found.data.nodes?.map((node) => node?.id), [...ids, undefined]);

// What only the member themself is shown, only they find.
const member = as(memberToken);
const own = (await member.request(LookedAt)).me;
const ownIds = [own?.accesses?.nodes[0]?.id, own?.consents?.nodes[0]?.id].filter((id) => id !== undefined);
const shown = await nodes(member, ownIds);
assert.equal(shown.errors, undefined);
const hidden = await nodes(manager, ownIds);
assert.deepEqual(hidden.errors?.map(({ extensions }) => extensions["code"]), ownIds.map(() => "NOT_FOUND"));

const relativeId = me?.relatives?.[0]?.id ?? "";
const { removeRelative } = await manager.request(RemoveRelative, { input: { relativeId } });
assert.equal(removeRelative?.removedRelativeId, relativeId);
assert.deepEqual(removeRelative?.me?.relatives, []);
const types = [...(found.data.nodes ?? []), ...(shown.data.nodes ?? [])].map((node) => node?.__typename);
tell({ types: types.filter((type) => type !== undefined).sort() });

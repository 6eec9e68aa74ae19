// Apollo Client: pages that grow in its cache, persisted documents, subscriptions, eviction by id.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { ApolloClient, ApolloLink, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { GraphQLWsLink } from "@apollo/client/link/subscriptions";
import { getMainDefinition, relayStylePagination } from "@apollo/client/utilities";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { MemberPages, RemoveMember } from "./apollo.operations.js";
import { given, noting, tell, until, type Given } from "./kit.js";
import { Dashboard, GroupStatus } from "./operations.js";

const { url, token, groupId, persisted } = given<Given & { persisted: "taken" | "unsupported" }>();
const headers = { authorization: `Bearer ${token}` };
const { fetch: noted, sent } = noting();

const socket = createClient({
  url: `${url.replace("http", "ws")}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: headers,
});
const hashed = new PersistedQueryLink({
  sha256: (document) => createHash("sha256").update(document).digest("hex"),
  useGETForHashedQueries: true,
});
const http = new HttpLink({ uri: `${url}/graphql`, headers, fetch: noted });
const client = new ApolloClient({
  link: ApolloLink.split(
    ({ query }) => (getMainDefinition(query) as { operation?: string }).operation === "subscription",
    new GraphQLWsLink(socket),
    hashed.concat(http),
  ),
  cache: new InMemoryCache({
    typePolicies: { Group: { fields: { members: relayStylePagination(["search", "where"]) } } },
  }),
});

// A list that grows page by page, until all are there once.
const variables = { groupId, first: 2, after: null, search: null };
const list = client.watchQuery({ query: MemberPages, variables });
const seen: string[][] = [];
const watching = list.subscribe(({ data, error }) => {
  assert.ifError(error);
  const edges = (data as typeof data & { group?: { members?: { edges: { node: { id: string } }[] } } })?.group?.members?.edges;
  if (edges) seen.push(edges.map((edge) => edge.node.id));
});
let page = (await client.query({ query: MemberPages, variables })).data?.group;
const total = page?.memberCount ?? 0;
for (;;) {
  const info = page?.members?.pageInfo;
  if (!info?.hasNextPage) break;
  page = (await list.fetchMore({ variables: { after: info.endCursor } })).data?.group;
}
const everyone = await until(() => seen.find((ids) => ids.length === total));
assert.equal(new Set(everyone).size, total);
assert.deepEqual(seen[0], everyone.slice(0, 2));

// Persisted documents: registered where the server does that, else sent whole.
const texts = sent.map((one) => `${decodeURIComponent(one.url)} ${one.body}`.replaceAll("+", " "));
const whole = texts.map((text) => text.includes("query MemberPages"));
assert.deepEqual(whole.slice(0, 3), persisted === "taken" ? [false, true, false] : [false, true, true]);

// Who is removed goes from the cache by the id that the payload names.
const removing = await client.mutate({
  mutation: RemoveMember,
  variables: { input: { memberId: everyone.at(-1) ?? "" } },
  update(cache, { data }) {
    const id = data?.removeMember?.removedMemberId;
    if (id) cache.evict({ id: cache.identify({ __typename: "Member", id }) ?? "" });
    cache.gc();
  },
});
assert.equal(removing.data?.removeMember?.removedMemberId, everyone.at(-1));
const left = client.readQuery({ query: MemberPages, variables });
assert.equal(left?.group?.memberCount, total - 1);
assert.deepEqual(left?.group?.members?.edges.map((edge) => edge.node.id), everyone.slice(0, -1));

// Subscriptions merge into the cache by id.
const status = await new Promise<string | undefined>((resolve, reject) => {
  client
    .subscribe({ query: GroupStatus, variables: { groupId } })
    .subscribe({ next: ({ data }) => resolve(data?.groupStatusChanged?.id), error: reject });
});
assert.equal(status, groupId);

// A top-level error comes with its code.
const outside = await client.query({ query: Dashboard, variables: { groupId: "none" }, errorPolicy: "all" });
assert.match(JSON.stringify((outside.error as { errors?: unknown } | undefined)?.errors), /BAD_USER_INPUT/);
watching.unsubscribe();
client.stop();
await socket.dispose();
tell({ total, sent: sent.map((one) => one.method) });

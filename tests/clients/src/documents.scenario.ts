// Documents by their ids alone, from manifests as Apollo's and graphql-codegen's tools write them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { ApolloClient, HttpLink, InMemoryCache } from "@apollo/client";
import { PersistedQueryLink } from "@apollo/client/link/persisted-queries";
import { generatePersistedQueryIdsFromManifest } from "@apollo/persisted-query-lists";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";
import { given, noting, tell, type Given } from "./kit.js";
import { Dashboard, GroupStatus, UpdateGroup } from "./operations.js";

const { url, token, groupId } = given<Given>();
const headers = { authorization: `Bearer ${token}` };
const { fetch: noted, sent } = noting();

// Apollo Client with the manifest of its own tool.
const manifest = JSON.parse(readFileSync("generated/apollo-manifest.json", "utf8"));
const apollo = new ApolloClient({
  link: new PersistedQueryLink(
    generatePersistedQueryIdsFromManifest({ loadManifest: () => manifest }),
  ).concat(new HttpLink({ uri: `${url}/graphql`, headers, fetch: noted })),
  cache: new InMemoryCache(),
});
const board = await apollo.query({ query: Dashboard, variables: { groupId } });
assert.equal(board.data?.group?.id, groupId);
const input = { groupId, name: "By hash" };
const updated = await apollo.mutate({ mutation: UpdateGroup, variables: { input } });
assert.equal(updated.data?.updateGroup?.group?.name, "By hash");
assert.ok(sent.every(({ body }) => !("query" in JSON.parse(body))));

// The ids that graphql-codegen puts into its documents, by POST and by GET.
function idOf<Data, Variables>(document: TypedDocumentNode<Data, Variables>): string {
  return (document as { __meta__?: { hash?: string } }).__meta__?.hash ?? "";
}
const post = async (body: object) => {
  const response = await fetch(`${url}/graphql`, {
    method: "POST",
    headers: { ...headers, "content-type": "application/json", accept: "application/graphql-response+json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, body: (await response.json()) as Answer };
};
interface Answer {
  data?: { group?: { name: string } };
  errors?: { message: string; extensions: { code: string } }[];
}
const byPost = await post({ documentId: idOf(Dashboard), variables: { groupId } });
assert.equal(byPost.body.data?.group?.name, "By hash");
const query = new URLSearchParams({ documentId: idOf(Dashboard), variables: JSON.stringify({ groupId }) });
const byGet = await fetch(`${url}/graphql?${query}`, { headers });
assert.equal(((await byGet.json()) as Answer).data?.group?.name, "By hash");

// Nothing else runs.
const codes: Record<string, string | undefined> = {};
codes["text"] = (await post({ query: "{ me { id } }" })).body.errors?.[0]?.extensions.code;
codes["unknown"] = (await post({ documentId: "sha256:none" })).body.errors?.[0]?.extensions.code;

// The same over both ways of subscribing.
const request = { query: "", documentId: idOf(GroupStatus), variables: { groupId } };
const first = (client: { subscribe: ReturnType<typeof createWsClient>["subscribe"] }, what: object) =>
  new Promise<unknown>((resolve) => {
    client.subscribe(what as never, { next: resolve, error: (error) => resolve(error instanceof Error ? String(error) : error), complete: () => resolve("complete") });
  });
const socket = createWsClient({
  url: `${url.replace("http", "ws")}/graphql`, webSocketImpl: WebSocket, connectionParams: headers,
});
const stream = createSseClient({ url: `${url}/graphql/stream`, headers, retryAttempts: 0 });
for (const client of [socket, stream as never as typeof socket]) {
  const named = (await first(client, request)) as { data?: { groupStatusChanged?: { name: string } } };
  assert.equal(named.data?.groupStatusChanged?.name, "By hash", String((named as { reason?: string }).reason) + JSON.stringify(named));
  const text = await first(client, { query: "{ me { id } }" });
  assert.doesNotMatch(JSON.stringify(text), /"data":\{"me"/);
}
apollo.stop();
await socket.dispose();
stream.dispose();
tell(codes);
process.exit();

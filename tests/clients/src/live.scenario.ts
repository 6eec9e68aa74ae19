// One socket of graphql-ws: all groups of a manager, chosen events, and mutations sent again.
import assert from "node:assert/strict";
import { print, type DocumentNode } from "graphql";
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { createClient } from "graphql-ws";
import WebSocket from "ws";
import { given, tell, until, type Given } from "./kit.js";
import { EventsOf, MyGroups } from "./live.operations.js";
import { CreateGroup, UpdateGroup } from "./operations.js";

const { url, token, groupId } = given<Given>();
const socket = createClient({
  url: `${url.replace("http", "ws")}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: { authorization: `Bearer ${token}`, acceptLanguage: "en" },
});

interface Heard<Data> {
  data: Data[];
  codes: unknown[];
  extensions: Record<string, unknown>[];
}

/** Run an operation; what it tells gathers in what is returned. */
function listen<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  extensions?: Record<string, unknown>,
): Heard<Data> {
  const heard: Heard<Data> = { data: [], codes: [], extensions: [] };
  const query = print(document as DocumentNode);
  socket.subscribe<Data>({ query, variables, extensions }, {
    next: (result) => {
      if (result.extensions) heard.extensions.push(result.extensions as Record<string, unknown>);
      if (result.errors) heard.codes.push(...result.errors.map((error) => error.extensions?.["code"]));
      else if (result.data) heard.data.push(result.data);
    },
    error: (errors) => {
      for (const error of errors as { extensions?: { code?: string } }[]) heard.codes.push(error.extensions?.code);
    },
    complete: () => {},
  });
  return heard;
}

async function once<Data, Variables extends Record<string, unknown>>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  extensions?: Record<string, unknown>,
): Promise<Data> {
  const heard = listen(document, variables, extensions);
  return until(() => heard.data[0]);
}

// A dashboard knows its groups from one operation, those that come later too.
const mine = listen(MyGroups, {});
const changes = () => mine.data.map((one) => one.viewerGroupsChanged);
await until(() => changes().some((change) => change?.kind === "SYNCED"));
assert.deepEqual(changes().filter((change) => change?.group).map((change) => change?.groupId), [groupId]);

// The same key over the socket: one group, answered twice alike.
const input = { name: "Second", type: "SCHOOL" as const, address: "Guangzhou", consent: true };
const key = { idempotencyKey: "from-a-socket" };
const first = await once(CreateGroup, { input }, key);
const again = await once(CreateGroup, { input }, key);
const second = first.createGroup?.group?.id;
assert.ok(second);
assert.equal(again.createGroup?.group?.id, second);
const other = listen(CreateGroup, { input: { ...input, name: "Third" } }, key);
assert.deepEqual(await until(() => other.codes.length > 0 && other.codes), ["IDEMPOTENCY_KEY_REUSED"]);
const came = await until(() => changes().find((change) => change?.groupId === second));
assert.equal(came.group?.name, "Second");

// Only the chosen events, by their numbers; the cost stands on the first answer.
const chosen = listen(EventsOf, { groupId: second, after: 0, types: ["GROUP_UPDATED"] });
for (const name of ["Second A", "Second B"]) await once(UpdateGroup, { input: { groupId: second, name } });
await until(() => chosen.data.length === 2);
const events = chosen.data.map((one) => one.groupEvents);
assert.ok(events.every((event) => event?.__typename === "GroupEvent" && event.type === "GROUP_UPDATED"));
assert.ok(chosen.extensions[0]?.["cost"]);

// What is refused ends its own operation, the others go on.
const beyond = listen(EventsOf, { groupId: second, after: 1_000_000 });
const refused = await until(() => beyond.codes.length > 0 && beyond.codes);
const before = chosen.data.length;
await once(UpdateGroup, { input: { groupId: second, name: "Second C" } });
await until(() => chosen.data.length > before);
tell({ refused, kinds: changes().map((change) => change?.kind) });
await socket.dispose();
process.exit();

// urql as it comes: queries by GET, subscriptions over SSE and WebSocket, persisted documents.
import assert from "node:assert/strict";
import {
  cacheExchange,
  Client,
  fetchExchange,
  subscriptionExchange,
  type ClientOptions,
  type OperationContext,
} from "@urql/core";
import { persistedExchange } from "@urql/exchange-persisted";
import { createClient as createWsClient } from "graphql-ws";
import WebSocket from "ws";
import { given, noting, tell, type Given } from "./kit.js";
import { Dashboard, GroupEvents, Members, UpdateGroup } from "./operations.js";

const { url, token, groupId, persisted } = given<Given & { persisted: "taken" | "unsupported" }>();
const headers = { authorization: `Bearer ${token}` };
const { fetch: noted, sent } = noting();

// Unsubscribing ends urql's request, which Node reports once more where nobody listens any longer.
process.on("unhandledRejection", (error) => {
  if ((error as Error).name !== "AbortError") throw error;
});

function client(more: Pick<ClientOptions, "exchanges">): Client {
  return new Client({ url: `${url}/graphql`, fetch: noted, fetchOptions: { headers }, ...more });
}

/** The numbers of the first events, in order. */
async function firstEvents(urql: Client, context?: Partial<OperationContext>): Promise<number[]> {
  const numbers: number[] = [];
  await new Promise<void>((enough, failed) => {
    const { unsubscribe } = urql
      .subscription(GroupEvents, { groupId, after: 0 }, context)
      .subscribe(({ data, error }) => {
        if (error) return failed(error);
        if (data?.groupEvents?.__typename === "GroupEvent") numbers.push(data.groupEvents.number);
        if (numbers.length === 2) queueMicrotask(() => (unsubscribe(), enough()));
      });
  });
  return numbers;
}

// Its defaults: a query goes by GET, a mutation by POST.
const plain = client({ exchanges: [cacheExchange, fetchExchange] });
const first = await plain.query(Members, { groupId, search: null }).toPromise();
assert.ifError(first.error);
assert.equal(sent.at(-1)?.method, "GET");
assert.ok((first.data?.group?.members?.nodes.length ?? 0) > 0);
const changed = await plain
  .mutation(UpdateGroup, { input: { groupId, name: "Renamed" } })
  .toPromise();
assert.equal(changed.data?.updateGroup?.group?.name, "Renamed");
assert.equal(sent.at(-1)?.method, "POST");

// A refused field is null with its error, and the rest is there.
const outside = await plain.query(Dashboard, { groupId: "none" }).toPromise();
assert.equal(outside.error?.graphQLErrors[0]?.extensions["code"], "BAD_USER_INPUT");
assert.ok(outside.data?.me?.id);

// Subscriptions over SSE, read by its own parser.
const streamed = await firstEvents(plain, {
  url: `${url}/graphql/stream`,
  fetchSubscriptions: true,
});
assert.deepEqual(streamed, [1, 2]);

// And by graphql-ws.
const socket = createWsClient({
  url: `${url.replace("http", "ws")}/graphql`,
  webSocketImpl: WebSocket,
  connectionParams: headers,
});
const forwarding = subscriptionExchange({
  forwardSubscription: ({ query, variables }) => ({
    subscribe: (sink) => ({
      unsubscribe: socket.subscribe({ query: query ?? "", variables }, sink as never),
    }),
  }),
});
const live = client({ exchanges: [cacheExchange, forwarding, fetchExchange] });
assert.deepEqual(await firstEvents(live), [1, 2]);
await socket.dispose();

// Persisted documents: registered where the server does that, else sent whole.
sent.length = 0;
const short = client({ exchanges: [persistedExchange({}), fetchExchange] });
for (const search of ["a", "b"]) {
  const page = await short.query(Members, { groupId, search }).toPromise();
  assert.ifError(page.error);
}
const whole = sent.map((one) => `${one.url} ${one.body}`.includes("query+Members") || one.body.includes("query Members"));
assert.deepEqual(
  whole,
  persisted === "taken"
    ? [false, true, false] // by hash, unknown; with the text; by hash, known
    : [false, true, true], // by hash, refused; with the text from then on
);
tell({ sent: sent.map((one) => one.method) });

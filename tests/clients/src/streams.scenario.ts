// Every event of a group, by graphql-ws or graphql-sse, while the server is killed and restarted.
import { setTimeout as sleep } from "node:timers/promises";
import { createClient as createSseClient } from "graphql-sse";
import { createClient as createWsClient } from "graphql-ws";
import { print } from "graphql";
import WebSocket from "ws";
import type { GroupEventsSubscription } from "../generated/graphql.js";
import { given, tell, type Given } from "./kit.js";
import { GroupEvents } from "./operations.js";

const { url, token, groupId, transport } = given<Given & { transport: "ws" | "distinct" | "single" }>();
const authorization = `Bearer ${token}`;

// Clients that lose their connection send the request again that they hold. So `after` moves on
// in that request: what is sent again asks only for what hasn't come.
const variables = { groupId, after: 0 };
const request = { query: print(GroupEvents as never), variables };

const sink = {
  next({ data, errors }: { data?: GroupEventsSubscription | null; errors?: unknown }) {
    const event = data?.groupEvents;
    if (event?.__typename !== "GroupEvent") return tell({ unexpected: { data, errors } });
    variables.after = event.number;
    tell({ number: event.number });
  },
  error: (error: unknown) => tell({ failed: String(error), error }),
  complete: () => tell({ completed: true }),
};

const patient = { retryAttempts: 1000, lazy: true };
const soon = () => sleep(100);
if (transport === "ws") {
  createWsClient({
    ...patient,
    url: `${url.replace("http", "ws")}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryWait: soon,
    shouldRetry: () => true, // the default gives up on a connection that was refused
    on: { closed: (event) => tell({ closed: (event as CloseEvent).code }) },
  }).subscribe<GroupEventsSubscription>(request, sink);
} else {
  createSseClient({
    ...patient,
    url: `${url}/graphql/stream`,
    headers: { authorization },
    retry: soon,
    singleConnection: transport === "single",
  } as Parameters<typeof createSseClient>[0]).subscribe<GroupEventsSubscription>(request, sink as never);
}

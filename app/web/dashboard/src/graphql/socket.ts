// The one WebSocket: it connects again for ever, and says whether it is connected.
import { signal } from "@preact/signals";
import type { SubscriptionForwarder } from "@urql/core";
import type { GraphQLError } from "graphql";
import { createClient, type SubscribePayload } from "graphql-ws";
import { SOCKET } from "../config";
import { accessToken, freshToken, renew } from "../session/tokens";

export type Connection = "idle" | "connecting" | "connected" | "lost";

export const connection = signal<Connection>("idle");

const LONGEST_PAUSE = 15_000; // ms between two attempts

let usedToken: string | null = null; // that of the connection there is

const socket = createClient({
  url: SOCKET,
  lazy: true,
  connectionParams: async () => {
    const token = await freshToken().catch(accessToken);
    usedToken = token;
    return token ? { authorization: `Bearer ${token}` } : {};
  },
  keepAlive: 12_000, // a connection that died without a word is noticed within half a minute
  retryAttempts: Infinity,
  shouldRetry: () => true,
  retryWait: async (retries) => {
    const pause = Math.min(500 * 2 ** retries, LONGEST_PAUSE);
    await new Promise((over) => setTimeout(over, pause * (0.5 + Math.random() / 2)));
  },
  on: {
    connecting: () => (connection.value = connection.value === "lost" ? "lost" : "connecting"),
    connected: () => (connection.value = "connected"),
    closed: (event) => {
      const { code } = event as CloseEvent;
      connection.value = code === 1000 ? "idle" : "lost";
    },
    ping: (received) => {
      if (!received) watch = setTimeout(() => socket.terminate(), 5_000);
    },
    pong: (received) => {
      if (received) clearTimeout(watch);
    },
  },
});
let watch: ReturnType<typeof setTimeout>;

addEventListener("offline", () => connection.value === "connected" && socket.terminate());
addEventListener("online", () => connection.value === "lost" && socket.terminate());

/** Connect anew, with the session as it is now. */
export function reconnect(): void {
  socket.terminate();
  connection.value = "connecting"; // nothing was lost
}

/** Have a connection whose token got too old replaced by one with a new token. */
async function renewConnection(refused: string | null): Promise<void> {
  if (accessToken() === refused) await renew();
  if (usedToken === refused) reconnect();
}

type Payload = { -readonly [Key in keyof SubscribePayload]: SubscribePayload[Key] };

/** A log that is asked for after a number goes on after the newest that came, and what turns since a
 * moment since the last of it.
 *
 * The socket sends the payload again, as it is then, when the connection was lost. */
function goOn(payload: Payload, data: unknown): void {
  const { variables } = payload;
  if (!variables) return;
  for (const value of Object.values(data ?? {})) {
    const { number, turned } = value as { number?: unknown; turned?: { turnedAt: string }[] };
    if ("after" in variables && typeof number === "number") {
      payload.variables = { ...variables, after: number };
    }
    const [last] = turned ?? [];
    if ("since" in variables && last) {
      payload.variables = { ...variables, since: last.turnedAt };
    }
  }
}

function isRefused(errors: unknown): boolean {
  return (
    Array.isArray(errors) &&
    errors.some((error: GraphQLError) => error.extensions?.code === "UNAUTHENTICATED")
  );
}

/** Carry a subscription over the socket.
 *
 * One that was started with a token too old goes on by a new connection with a new token. */
export const subscribe: SubscriptionForwarder = (request) => ({
  subscribe(sink) {
    const payload: Payload = { ...request, query: request.query ?? "" };
    let stop = () => {};
    let renewed = false;
    let unwanted = false;
    const start = () => {
      if (unwanted) return;
      let isOver = false; // replaced by another, or stopped
      /** Begin again where the token was too old; whether it was. */
      const beginsAgain = (errors: unknown) => {
        if (renewed || !isRefused(errors)) return false;
        renewed = true;
        stop();
        void renewConnection(usedToken).then(start, sink.error);
        return true;
      };
      const end = socket.subscribe(payload, {
        next(result) {
          if (isOver || beginsAgain(result.errors)) return;
          renewed = false;
          goOn(payload, result.data);
          sink.next(result as Parameters<typeof sink.next>[0]);
        },
        error: (error) => isOver || beginsAgain(error) || sink.error(error),
        complete: () => isOver || sink.complete(),
      });
      stop = () => {
        isOver = true;
        end();
      };
    };
    start();
    return {
      unsubscribe() {
        unwanted = true;
        stop();
      },
    };
  },
});

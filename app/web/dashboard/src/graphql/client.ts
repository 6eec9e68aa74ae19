// The one client of the API: the session's token, the normalised cache, HTTP and the WebSocket.
import { Client, fetchExchange, subscriptionExchange, type CombinedError } from "@urql/core";
import { authExchange } from "@urql/exchange-auth";
import { cacheExchange } from "@urql/exchange-graphcache";
import { accessToken, isStale, renew, signedIn } from "../session/tokens";
import { GRAPHQL } from "../config";
import { LANGUAGE } from "../texts";
import { subscribe } from "./socket";

const LONGEST = 20_000; // ms to wait for an answer

function isUnauthenticated(error: CombinedError): boolean {
  return error.graphQLErrors.some((each) => each.extensions?.code === "UNAUTHENTICATED");
}

const session = authExchange(async ({ appendHeaders }) => ({
  addAuthToOperation(operation) {
    const token = accessToken();
    return token ? appendHeaders(operation, { authorization: `Bearer ${token}` }) : operation;
  },
  willAuthError: isStale,
  didAuthError: (error) => signedIn.value && isUnauthenticated(error),
  // A session that has ended is forgotten by renewing it. A server that can't be reached now is
  // met again by the operation itself, which says so.
  refreshAuth: () => renew().catch(() => undefined),
}));

/** Fetch, and give up on an answer that doesn't come. */
const fetchInTime: typeof fetch = (input, init) => {
  const signals = [AbortSignal.timeout(LONGEST), ...(init?.signal ? [init.signal] : [])];
  return fetch(input, { ...init, signal: AbortSignal.any(signals) });
};

/** Make a client with an empty cache, so that nobody reads what somebody else was shown. */
export function createClient(): Client {
  return new Client({
    url: GRAPHQL,
    preferGetMethod: false,
    requestPolicy: "cache-and-network",
    fetchOptions: { headers: { "accept-language": LANGUAGE } },
    fetch: fetchInTime,
    exchanges: [
      cacheExchange({}),
      session,
      fetchExchange,
      subscriptionExchange({ forwardSubscription: subscribe }),
    ],
  });
}

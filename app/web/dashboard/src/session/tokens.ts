// The session: a short access token in memory, and what stays on the device to renew it.
import { signal } from "@preact/signals";
import { stringifyDocument } from "@urql/core";
import { GRAPHQL } from "../config";
import { RefreshSessionDocument, type RefreshSessionMutation } from "../graphql/generated";
import { randomId } from "../random";
import { LANGUAGE } from "../texts";

const SESSION = "groupcode.session";
const DEVICE = "groupcode.device";
const LONGEST = 20_000; // ms to wait for an answer: meanwhile no other tab renews
const RENEW_AFTER = 14 * 60_000; // ms; an access token lives 15 minutes

/** A refresh token serves once; under its key a renewal whose answer was lost is answered again. */
interface Stored {
  refreshToken: string;
  key: string;
}

interface Tokens {
  accessToken?: string | null;
  refreshToken?: string | null;
  deviceToken?: string | null;
}

let access: { token: string; renewAt: number } | null = null;

/** Whether somebody is signed in on this device; what the page shows follows it. */
export const signedIn = signal(localStorage.getItem(SESSION) !== null);

// Another tab signed in or out; that it renewed the session leaves this tab's access token alone.
addEventListener("storage", ({ key }) => {
  if (key !== SESSION && key !== null) return;
  signedIn.value = localStorage.getItem(SESSION) !== null;
  if (!signedIn.value) access = null;
});

export function accessToken(): string | null {
  return access?.token ?? null;
}

export function isStale(): boolean {
  return signedIn.value && (access === null || performance.now() > access.renewAt);
}

export function deviceToken(): string | null {
  return localStorage.getItem(DEVICE);
}

/** Keep the tokens of a session that began or was renewed. */
export function keep(tokens: Tokens): void {
  if (!tokens.accessToken || !tokens.refreshToken) return;
  access = { token: tokens.accessToken, renewAt: performance.now() + RENEW_AFTER };
  const stored: Stored = { refreshToken: tokens.refreshToken, key: randomId() };
  localStorage.setItem(SESSION, JSON.stringify(stored));
  if (tokens.deviceToken) localStorage.setItem(DEVICE, tokens.deviceToken);
  signedIn.value = true;
}

/** Forget the session on this device. */
export function forget(): void {
  access = null;
  localStorage.removeItem(SESSION);
  signedIn.value = false;
}

let renewing: Promise<void> | null = null;

/** Renew the session, one at a time; a session that has ended is forgotten.
 *
 * Throw when the server can't be reached: the session goes on, and may be renewed later. */
export function renew(): Promise<void> {
  renewing ??= alone(renewStored).finally(() => (renewing = null));
  return renewing;
}

/** The access token, renewed where it is about to expire; null when signed out. */
export async function freshToken(): Promise<string | null> {
  if (isStale()) await renew();
  return accessToken();
}

async function alone(deed: () => Promise<void>): Promise<void> {
  // Tabs share one refresh token. Without a secure context there are no locks: then the last wins.
  if (!navigator.locks) return deed();
  await navigator.locks.request(SESSION, deed);
}

async function renewStored(): Promise<void> {
  const stored = localStorage.getItem(SESSION);
  if (stored === null) return forget();
  const { refreshToken, key } = JSON.parse(stored) as Stored;
  const response = await fetch(GRAPHQL, {
    method: "POST",
    signal: AbortSignal.timeout(LONGEST),
    headers: {
      "content-type": "application/json",
      "accept-language": LANGUAGE,
      "idempotency-key": key,
    },
    body: JSON.stringify({
      query: stringifyDocument(RefreshSessionDocument),
      variables: { refreshToken },
    }),
  });
  const { data } = (await response.json()) as { data?: RefreshSessionMutation };
  const renewed = data?.refreshSession;
  if (!renewed) throw new Error("the session could not be renewed now");
  if (renewed.errors.length) forget();
  else keep(renewed);
}

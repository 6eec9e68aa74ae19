// The server's clock, by which everything counts: the browser's may be wrong, the sandbox's moves.
import { computed, signal } from "@preact/signals";
import type { Client } from "@urql/core";
import { ClockDocument } from "./graphql/generated";

const SECOND = 1_000;

const ahead = signal(0); // ms by which the server's clock is ahead of this machine's
const beat = signal(Date.now());
setInterval(() => (beat.value = Date.now()), SECOND);

/** The server's time in ms; whoever reads it is shown anew each second. */
export const now = computed(() => beat.value + ahead.value);

/** Set the clock by the server's. */
export async function setClock(client: Client): Promise<void> {
  const sent = Date.now();
  const { data } = await client
    .query(ClockDocument, {}, { requestPolicy: "network-only" })
    .toPromise();
  if (data?.now) {
    ahead.value = Date.parse(data.now) - (sent + Date.now()) / 2;
    beat.value = Date.now();
  }
}

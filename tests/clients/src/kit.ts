// What every scenario needs: what the test gives it, and a way to tell what it saw.
import { setTimeout as sleep } from "node:timers/promises";

/** The server, and what the test prepared on it. */
export interface Given {
  url: string;
  token: string;
  groupId: string;
}

/** What the test gives this scenario: JSON, its only argument. */
export function given<T extends Partial<Given> = Given>(): T {
  return JSON.parse(process.argv[2] ?? "{}") as T;
}

/** Tell the test something: a line of JSON. */
export function tell(what: unknown): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

/** Look again and again until something is there. */
export async function until<T>(look: () => T | Promise<T>, seconds = 15): Promise<NonNullable<T>> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${look}`);
    await sleep(20);
  }
}

/** The requests of a client, each noted before it goes out. */
export function noting(): { fetch: typeof fetch; sent: { method: string; url: string; body: string }[] } {
  const sent: { method: string; url: string; body: string }[] = [];
  const noted: typeof fetch = (url, init) => {
    sent.push({ method: init?.method ?? "GET", url: String(url), body: String(init?.body ?? "") });
    return fetch(url, init);
  };
  return { fetch: noted, sent };
}

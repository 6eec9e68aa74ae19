// The sandbox, where it is on: it stands in for the outside systems, and shows what they were sent.
import { SANDBOX } from "./config";

interface Sms {
  params: { code?: string };
}

export const hasSandbox = SANDBOX !== "";

/** The newest verification code that was sent to a phone; null when none is there. */
export async function newestCode(phone: string): Promise<string | null> {
  const response = await fetch(`${SANDBOX}/messages?phone=${encodeURIComponent(phone)}&newest=1`);
  const { messages } = (await response.json()) as { messages?: Sms[] };
  return messages?.[0]?.params.code ?? null;
}

/** Move the sandbox's clock, and with it the server's, forward. */
export async function moveClock(seconds: number): Promise<void> {
  await fetch(`${SANDBOX}/clock`, {
    method: "POST",
    body: JSON.stringify({ advance_seconds: seconds }),
  });
}

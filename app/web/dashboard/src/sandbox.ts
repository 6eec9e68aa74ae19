// The sandbox, where it is on: it stands in for the outside systems, and shows what they were sent.
import { SANDBOX } from "./config";
import type { HealthCode } from "./graphql/enums";

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

/** Move the sandbox's clock, and with it the server's, forward. Throw when the sandbox refuses. */
export async function moveClock(seconds: number): Promise<void> {
  await send("POST", "/clock", { advance_seconds: seconds });
}

/** Have the health provider report a code of somebody whom it was asked about.
 *
 * They are told by what the API shows of them. Throw when the sandbox refuses. */
export async function setCode(
  name: string,
  idNumberMasked: string,
  code: HealthCode,
): Promise<void> {
  await send("PUT", "/records", { name, id_number_masked: idNumberMasked, health_code: code });
}

async function send(method: string, path: string, body: object): Promise<void> {
  const response = await fetch(SANDBOX + path, { method, body: JSON.stringify(body) });
  if (!response.ok) throw new Error("the sandbox refused");
}

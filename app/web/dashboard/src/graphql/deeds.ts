// Deeds: mutations that are done once, however often they are sent, and what refused them.
import {
  createRequest,
  type AnyVariables,
  type Client,
  type CombinedError,
  type TypedDocumentNode,
} from "@urql/core";
import { useClient } from "@urql/preact";
import { useRef, useState } from "preact/hooks";
import { randomId } from "../random";
import { LANGUAGE } from "../texts";
import type { RefusalFragment } from "./generated";

const PAUSES = [1_000, 3_000]; // ms before sending again what the network lost

interface Payload {
  errors: RefusalFragment[];
}

/** The payload of a mutation: each has one root field. */
type PayloadOf<Data> = Extract<Data[Exclude<keyof Data, "__typename">], Payload>;

export interface Deed<Data, Variables> {
  /** Do it; the payload, or null where it was refused or failed, which `refusals` and `failure` say. */
  run: (variables: Variables) => Promise<PayloadOf<Data> | null>;
  busy: boolean;
  refusals: RefusalFragment[];
  failure: CombinedError | null;
  reset: () => void;
}

/** A mutation for a button. While it is busy, it isn't begun a second time. */
export function useDeed<Data, Variables extends AnyVariables>(
  mutation: TypedDocumentNode<Data, Variables>,
): Deed<Data, Variables> {
  const client = useClient();
  const [busy, setBusy] = useState(false);
  const [refusals, setRefusals] = useState<RefusalFragment[]>([]);
  const [failure, setFailure] = useState<CombinedError | null>(null);
  const running = useRef(false);
  const unsettled = useRef<Asked | null>(null);
  const reset = () => {
    setRefusals([]);
    setFailure(null);
  };
  const run = async (variables: Variables) => {
    if (running.current) return null;
    running.current = true;
    setBusy(true);
    reset();
    try {
      const asked = askedFor(variables, unsettled.current);
      const { data, error } = await send(client, mutation, variables, asked.key);
      unsettled.current = error?.networkError ? asked : null;
      const payload = data && (Object.values(data).find(isPayload) as PayloadOf<Data> | undefined);
      if (!payload) setFailure(error ?? null);
      else if (payload.errors.length) setRefusals(payload.errors);
      else return payload;
      return null;
    } finally {
      running.current = false;
      setBusy(false);
    }
  };
  return { run, busy, refusals, failure, reset };
}

/** What was asked for, under which key. */
interface Asked {
  what: string;
  key: string;
}

/** A new key; but the same as before for the same deed, of which nobody knows whether it was done. */
function askedFor(variables: AnyVariables, before: Asked | null): Asked {
  const what = JSON.stringify(variables);
  return before?.what === what ? before : { what, key: randomId() };
}

/** Send under one key, again where the network failed: whether it was done nobody knows then. */
async function send<Data, Variables extends AnyVariables>(
  client: Client,
  mutation: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  key: string,
) {
  // By a header: the cache passes on nothing else that is sent beside an operation.
  const fetchOptions = { headers: { "accept-language": LANGUAGE, "idempotency-key": key } };
  const attempt = () =>
    client
      .executeMutation<Data, Variables>(createRequest(mutation, variables), { fetchOptions })
      .toPromise();
  let result = await attempt();
  for (const pause of PAUSES) {
    if (!result.error?.networkError || result.error.response) break;
    await new Promise((over) => setTimeout(over, pause));
    result = await attempt();
  }
  return result;
}

function isPayload(value: unknown): value is Payload {
  return typeof value === "object" && value !== null && "errors" in value;
}

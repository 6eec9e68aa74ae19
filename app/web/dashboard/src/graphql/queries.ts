// Reading for pages: a query that is read again whenever its group moves.
import type { AnyVariables, CombinedError, TypedDocumentNode } from "@urql/core";
import { useQuery } from "@urql/preact";
import { useEffect, useRef } from "preact/hooks";
import { moves } from "./live";
import { connection } from "./socket";

const GATHER = 150; // ms, so that many changes at once are read once

export interface Reading<Data> {
  data: Data | undefined;
  error: CombinedError | undefined;
  /** Whether something is on its way; `data` may be that of before meanwhile. */
  reading: boolean;
  again: () => void;
}

/** Read once, and whenever told to; what the network lost, once there is a connection. */
export function useReading<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  pause = false,
): Reading<Data> {
  const [{ data, error, fetching, stale }, execute] = useQuery({ query, variables, pause });
  const again = () => execute({ requestPolicy: "network-only" });
  const isLost = error?.networkError !== undefined;
  const isConnected = connection.value === "connected";
  useEffect(() => {
    if (isLost && isConnected && !pause) again();
  }, [isConnected]);
  return { data, error, reading: fetching || stale, again };
}

/** Read something of a group, and read it again whenever the group moves.
 *
 * Where the network lost it, what was read of the group before stays shown until it is read. */
export function useGroupReading<Data, Variables extends AnyVariables & { groupId: string }>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  pause = false,
): Reading<Data> {
  const reading = useReading(query, variables, pause);
  const moved = moves(variables.groupId);
  const seen = useRef(moved);
  useEffect(() => {
    if (seen.current === moved || pause) return;
    seen.current = moved;
    const timer = setTimeout(reading.again, GATHER);
    return () => clearTimeout(timer);
  }, [moved, pause]);
  const isLost = reading.error?.networkError !== undefined;
  const last = useRef({ groupId: variables.groupId, data: reading.data });
  if (reading.data || last.current.groupId !== variables.groupId) {
    last.current = { groupId: variables.groupId, data: reading.data };
  }
  return isLost ? { ...reading, data: last.current.data } : reading;
}

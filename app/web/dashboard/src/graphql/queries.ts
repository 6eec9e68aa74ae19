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

/** Read once, whenever told to, and once there is a connection again what the network lost. */
export function useReading<Data, Variables extends AnyVariables>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  pause = false,
): Reading<Data> {
  const [{ data, error, fetching, stale }, execute] = useQuery({ query, variables, pause });
  // Whoever asks a while later means what is shown then, not what was shown when they were told.
  const newest = useRef(execute);
  newest.current = execute;
  const again = () => newest.current({ requestPolicy: "network-only" });
  const isConnected = connection.value === "connected";
  useEffect(() => {
    if (isConnected && isLost(error) && !pause) again();
  }, [isConnected]);
  return { data, error, reading: fetching || stale, again };
}

function isLost(error: CombinedError | undefined): boolean {
  return error?.networkError !== undefined;
}

/** Read something of a group, and read it again whenever the group moves.
 *
 * While the network is gone, what was read of the group before stays shown. */
export function useGroupReading<Data, Variables extends AnyVariables & { groupId: string }>(
  query: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  pause = false,
): Reading<Data> {
  const reading = useReading(query, variables, pause);
  useAgainAfter(moves(variables.groupId), reading.again, pause);
  const last = useRef({ groupId: variables.groupId, data: reading.data });
  if (reading.data || last.current.groupId !== variables.groupId) {
    last.current = { groupId: variables.groupId, data: reading.data };
  }
  return isLost(reading.error) ? { ...reading, data: last.current.data } : reading;
}

/** Read again, once for many, after a number has moved. */
export function useAgainAfter(moved: number, again: () => void, pause = false): void {
  const seen = useRef(moved);
  const latest = useRef(again);
  latest.current = again; // that of before would read what was asked for before
  useEffect(() => {
    if (seen.current === moved || pause) return;
    seen.current = moved;
    const timer = setTimeout(() => latest.current(), GATHER);
    return () => clearTimeout(timer);
  }, [moved, pause]);
}

// A group's events: some of those before, then live; after a lost connection on by their numbers.
import type { Client, CombinedError } from "@urql/core";
import { useClient } from "@urql/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import {
  GroupLogDocument,
  LogEndDocument,
  type GroupLogSubscription,
} from "../../../graphql/generated";
import { connection } from "../../../graphql/socket";
import { typesOf, type Kind } from "./kinds";

const MOST_SHOWN = 1_000;

type Told = NonNullable<GroupLogSubscription["groupEvents"]>;
export type Event = Extract<Told, { __typename: "GroupEvent" }>;

const SETTLES = 1_500; // ms in which what was before has come, if there is any

export interface LogState {
  /** Newest first. */
  events: Event[];
  /** The number up to which events are kept no more; 0 where all are. */
  lagged: number;
  /** The number of the newest event when the log was opened: what is above came live. */
  opened: number | null;
  error: CombinedError | null;
  /** Whether what was before may still be on its way. */
  waiting: boolean;
}

const NOTHING: LogState = { events: [], lagged: 0, opened: null, error: null, waiting: true };

interface Place {
  groupId: string;
  kind: Kind;
  /** How many events before the log's end it is read from. */
  back: number;
}

/** The log as it is and becomes. `again` begins anew after a failure; one of the network is mended by itself. */
export function useLog({ groupId, kind, back }: Place): LogState & { again: () => void } {
  const client = useClient();
  const [log, setLog] = useState(NOTHING);
  const [attempt, setAttempt] = useState(0);
  const shown = useRef("");
  useEffect(() => {
    // Earlier ones of the same list take its place when they are there; it doesn't go before.
    const list = `${groupId} ${kind}`;
    setLog((before) => (shown.current === list ? { ...before, error: null } : NOTHING));
    shown.current = list;
    return follow(client, { groupId, kind, back }, setLog);
  }, [client, groupId, kind, back, attempt]);
  const again = () => setAttempt(attempt + 1);
  const isLost = log.error?.networkError !== undefined;
  const isConnected = connection.value === "connected";
  useEffect(() => {
    if (isLost && isConnected) again();
  }, [isConnected]);
  return { ...log, again };
}

type Change = (change: (before: LogState) => LogState) => void;

/** Read what was and follow what comes. Return how to stop. */
function follow(client: Client, { groupId, kind, back }: Place, setLog: Change): () => void {
  let stop = () => {};
  let over = false;
  let timer: ReturnType<typeof setTimeout>;
  let replayed: Event[] | null = []; // what was before, until all of it has come
  const settle = () => {
    const events = replayed?.reverse();
    replayed = null;
    if (events) setLog((before) => ({ ...before, events, waiting: false }));
  };
  const fail = (error: CombinedError) => setLog((before) => ({ ...before, error, waiting: false }));
  const take = (told: Told, opened: number) => {
    if (!replayed || told.__typename === "Lagged") {
      return setLog((before) => withEvent(before, told));
    }
    replayed.push(told);
    if (told.number >= opened) settle();
  };
  const begin = async () => {
    const { data, error } = await client.query(LogEndDocument, { groupId }, FRESH).toPromise();
    if (over) return;
    if (error) return fail(error);
    const opened = data?.group?.version ?? 0;
    setLog((before) => ({ ...before, opened, lagged: 0 }));
    const after = Math.max(0, opened - back);
    stop = client
      .subscription(GroupLogDocument, { groupId, after, types: typesOf(kind) })
      .subscribe(({ data: told, error: failed }) => {
        if (failed) fail(failed);
        else if (told?.groupEvents) take(told.groupEvents, opened);
      }).unsubscribe;
    timer = setTimeout(settle, SETTLES);
  };
  void begin();
  return () => {
    over = true;
    clearTimeout(timer);
    stop();
  };
}

const FRESH = { requestPolicy: "network-only" } as const;

function withEvent(before: LogState, told: Told): LogState {
  if (told.__typename === "Lagged") return { ...before, lagged: told.number };
  if ((before.events[0]?.number ?? 0) >= told.number) return before; // told twice
  return { ...before, waiting: false, events: [told, ...before.events].slice(0, MOST_SHOWN) };
}

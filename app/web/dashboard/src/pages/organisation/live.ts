// An organisation in a live view: how often it moved, and which groups turned meanwhile.
import { useClient } from "@urql/preact";
import type { CombinedError } from "@urql/core";
import { useEffect, useRef, useState } from "preact/hooks";
import { now } from "../../clock";
import {
  OrganisationLiveDocument,
  type OrganisationLiveSubscription,
  type TurnedFragment,
} from "../../graphql/generated";
import { connection } from "../../graphql/socket";

const PAUSE = 5_000; // ms before what was refused is asked for again
const GATHER = 300; // ms in which the state that a connection begins with has come

export interface Live {
  /** How often something of it changed: colours, who turned, the tree. */
  moves: number;
  /** How often what is below it changed, or may have been missed. */
  treeMoves: number;
  /** The group that turned last while the page was open. */
  newest: TurnedFragment | null;
  error: CombinedError | null;
}

const NOTHING: Live = { moves: 0, treeMoves: 0, newest: null, error: null };

type Change = NonNullable<OrganisationLiveSubscription["organisationStatusChanged"]>;

/** Follow an organisation. The cache takes up what is told, so that whatever shows it is right. */
export function useOrganisationLive(organisationId: string): Live {
  const client = useClient();
  const [live, setLive] = useState(NOTHING);
  const version = useRef<number | null>(null);
  useEffect(() => {
    let stop = () => {};
    let pause: ReturnType<typeof setTimeout>;
    version.current = null;
    setLive(NOTHING);
    const take = (change: Change) => {
      const isFirst = version.current === null;
      const isTree = !isFirst && version.current !== change.organisation.version;
      version.current = change.organisation.version;
      setLive((before) => after(before, change, isFirst, isTree));
    };
    const begin = () => {
      // What turns while the connection is lost is told when it is back: the socket moves `since`.
      const since = new Date(now.peek()).toISOString();
      stop = client
        .subscription(OrganisationLiveDocument, { organisationId, since })
        .subscribe(({ data, error }) => {
          if (data?.organisationStatusChanged) take(data.organisationStatusChanged);
          else if (error) {
            setLive((before) => ({ ...before, error }));
            pause = setTimeout(begin, PAUSE);
          }
        }).unsubscribe;
    };
    begin();
    return () => {
      stop();
      clearTimeout(pause);
    };
  }, [client, organisationId]);
  useAfterLoss(() => setLive((before) => ({ ...before, ...moved(before, true) })));
  return live;
}

function after(before: Live, change: Change, isFirst: boolean, isTree: boolean): Live {
  const { turned, turnedCount } = change;
  const newest = turned[0] ?? before.newest;
  if (isFirst && !turnedCount) return { ...before, error: null };
  return { ...moved(before, isTree || turnedCount > turned.length), newest, error: null };
}

function moved(before: Live, isTree: boolean): Live {
  return {
    ...before,
    moves: before.moves + 1,
    treeMoves: before.treeMoves + (isTree ? 1 : 0),
  };
}

/** Do something whenever a lost connection is back. */
function useAfterLoss(act: () => void): void {
  const wasLost = useRef(false);
  const state = connection.value;
  useEffect(() => {
    if (state === "lost") wasLost.current = true;
    if (state !== "connected" || !wasLost.current) return;
    wasLost.current = false;
    const timer = setTimeout(act, GATHER);
    return () => clearTimeout(timer);
  }, [state]);
}

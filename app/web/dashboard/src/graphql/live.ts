// The page's one live source: which of the viewer's groups changed, came or went.
import { effect, signal } from "@preact/signals";
import type { Client } from "@urql/core";
import { setClock } from "../clock";
import type { Role } from "./enums";
import { ViewerGroupsDocument, type ViewerGroupsSubscription } from "./generated";
import { connection } from "./socket";

const PAUSE = 5_000; // ms before what was refused is asked for again
const GATHER = 150; // ms, so that many changes at once ask for the clock once

/** What is known of a group: its version, the viewer's role, and how often it was told that it moved. */
interface Known {
  version: number | null;
  role: Role | null;
  moves: number;
}

const known = signal<ReadonlyMap<string, Known>>(new Map());

/** How often a group has moved since the page was opened; a reader follows it. */
export function moves(groupId: string): number {
  return known.value.get(groupId)?.moves ?? 0;
}

/** How often a group came or went, or the viewer's role in one changed, while the page was open. */
export const shifts = signal(0);

/** Groups that the viewer left, or that were dissolved, while the page was open. */
export const left = signal<ReadonlySet<string>>(new Set());

/** Follow the viewer's groups for as long as somebody is signed in. Return how to stop. */
export function follow(client: Client): () => void {
  let told = new Set<string>();
  let begun = false;
  let stop = () => {};
  let pause: ReturnType<typeof setTimeout>;
  let gathering: ReturnType<typeof setTimeout>;
  const askClock = () => {
    clearTimeout(gathering);
    gathering = setTimeout(() => void setClock(client), GATHER);
  };
  const take = ({ kind, groupId, group, managed }: Change) => {
    if (kind === "SYNCED") {
      // Whatever wasn't told since this connection began was left meanwhile.
      for (const id of known.value.keys()) if (!told.has(id)) leave(id);
      if (begun) askClock();
      begun = true;
    } else if (groupId) {
      told.add(groupId);
      if (kind === "LEFT") leave(groupId);
      else {
        const now = { version: managed?.version ?? null, role: group?.viewerRole ?? null };
        move(groupId, now, kind === "CURRENT" && !begun);
      }
      if (kind !== "CURRENT") askClock();
    }
  };
  const begin = () => {
    stop = client.subscription(ViewerGroupsDocument, {}).subscribe(({ data, error }) => {
      if (data?.viewerGroupsChanged) take(data.viewerGroupsChanged);
      else if (error) pause = setTimeout(beginAgain, PAUSE); // it is over: nothing more would come
    }).unsubscribe;
  };
  const beginAgain = () => {
    stop();
    told = new Set();
    begin();
  };
  const stopCounting = effect(() => {
    if (connection.value === "connected") told = new Set();
  });
  begin();
  return () => {
    stop();
    stopCounting();
    clearTimeout(pause);
    clearTimeout(gathering);
    known.value = new Map();
    left.value = new Set();
  };
}

type Change = NonNullable<ViewerGroupsSubscription["viewerGroupsChanged"]>;

function move(groupId: string, now: Omit<Known, "moves">, first: boolean): void {
  const before = known.value.get(groupId);
  if (!first && before?.role !== now.role) shifts.value += 1;
  // The number of the newest event says whether anything was missed.
  if (before && now.version !== null && before.version === now.version) return;
  const moved = (before?.moves ?? 0) + (first ? 0 : 1);
  known.value = new Map(known.value).set(groupId, { ...now, moves: moved });
  if (left.value.has(groupId)) {
    left.value = new Set([...left.value].filter((id) => id !== groupId));
  }
}

function leave(groupId: string): void {
  shifts.value += 1;
  left.value = new Set(left.value).add(groupId);
  known.value = new Map([...known.value].filter(([id]) => id !== groupId));
}

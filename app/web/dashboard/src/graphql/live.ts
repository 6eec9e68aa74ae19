// The page's one live source: which of the viewer's groups changed, came or went.
import { effect, signal } from "@preact/signals";
import type { Client } from "@urql/core";
import { setClock } from "../clock";
import { ViewerGroupsDocument } from "./generated";
import { connection } from "./socket";

/** What is known of a group: its version, and how often it was told that something moved. */
interface Known {
  version: number | null;
  moves: number;
}

const known = signal<ReadonlyMap<string, Known>>(new Map());

/** How often a group has moved since the page was opened; a reader follows it. */
export function moves(groupId: string): number {
  return known.value.get(groupId)?.moves ?? 0;
}

/** Groups that the viewer left, or that were dissolved, while the page was open. */
export const left = signal<ReadonlySet<string>>(new Set());

/** Follow the viewer's groups for as long as somebody is signed in. Return how to stop. */
export function follow(client: Client): () => void {
  let told = new Set<string>();
  let begun = false;
  const stopCounting = effect(() => {
    if (connection.value === "connected") told = new Set();
  });
  const subscription = client.subscription(ViewerGroupsDocument, {}).subscribe(({ data }) => {
    const change = data?.viewerGroupsChanged;
    if (!change) return;
    const { kind, groupId } = change;
    if (kind === "SYNCED") {
      // Whatever wasn't told since this connection began was left meanwhile.
      for (const id of known.value.keys()) if (!told.has(id)) leave(id);
      if (begun) void setClock(client);
      begun = true;
    } else if (groupId) {
      told.add(groupId);
      if (kind === "LEFT") leave(groupId);
      else move(groupId, change.managed?.version ?? null, kind === "CURRENT" && !begun);
      if (kind !== "CURRENT") void setClock(client);
    }
  });
  return () => {
    subscription.unsubscribe();
    stopCounting();
    known.value = new Map();
    left.value = new Set();
  };
}

function move(groupId: string, version: number | null, first: boolean): void {
  const before = known.value.get(groupId);
  // The number of the newest event says whether anything was missed.
  if (before && version !== null && before.version === version) return;
  const moved = (before?.moves ?? 0) + (first ? 0 : 1);
  known.value = new Map(known.value).set(groupId, { version, moves: moved });
  if (left.value.has(groupId)) {
    left.value = new Set([...left.value].filter((id) => id !== groupId));
  }
}

function leave(groupId: string): void {
  left.value = new Set(left.value).add(groupId);
  known.value = new Map([...known.value].filter(([id]) => id !== groupId));
}

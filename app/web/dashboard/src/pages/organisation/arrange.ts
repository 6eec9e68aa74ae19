// The groups below an organisation, by the organisation that each is attached to.
import type { OrganisationHeatQuery, TileFragment } from "../../graphql/generated";
import { LOCALE } from "../../texts";

/** An organisation with the groups attached to it, and its name behind those of who is above it. */
export interface Part {
  id: string;
  path: string[];
  groups: TileFragment[];
}

type Top = Pick<NonNullable<OrganisationHeatQuery["organisation"]>, "above">;

/** Arrange groups in the order of the names, so that a tile stays where it is when it turns. */
export function arrange(groups: readonly TileFragment[], top: Top): Part[] {
  const parts = new Map<string, Part>();
  for (const group of groups) {
    const { organisation } = group;
    if (!organisation) continue; // it was detached a moment ago
    const below = Math.max(0, organisation.above.length - top.above.length - 1);
    const between = organisation.above.slice(0, below).map(({ name }) => name);
    const path = [...between.reverse(), organisation.name];
    const part = parts.get(organisation.id) ?? { id: organisation.id, path, groups: [] };
    part.groups.push(group);
    parts.set(organisation.id, part);
  }
  for (const part of parts.values()) part.groups.sort((one, other) => order(one.name, other.name));
  return [...parts.values()].sort((one, other) =>
    order(one.path.join("\n"), other.path.join("\n")),
  );
}

const { compare: order } = new Intl.Collator(LOCALE, { numeric: true });

// What a plain member, or a guardian of members, sees of a group: the group, and what is their own.
import { ColourBadge } from "../../../parts/badges";
import { Page } from "../../../parts/page";
import type { PartProps } from "../group";

export function Own({ group }: PartProps) {
  return (
    <Page title={group.name} beside={<ColourBadge colour={group.colour} />}>
      {null}
    </Page>
  );
}

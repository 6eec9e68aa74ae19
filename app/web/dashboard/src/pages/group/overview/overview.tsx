// A group at a glance: its colour and why, how fresh that is, what is asked of its members, figures.
import { hasSandbox } from "../../../sandbox";
import type { PartProps } from "../group";
import { Alerts } from "./alerts";
import { FiguresCard } from "./figures";
import { MakeRed } from "./make_red";
import { RefreshCard } from "./refresh";
import { RequirementCard } from "./requirement";
import { Why } from "./why";

export function Overview({ group }: PartProps) {
  return (
    <div class="overview">
      <Why groupId={group.id} />
      {hasSandbox && <MakeRed groupId={group.id} />}
      <RefreshCard groupId={group.id} />
      <RequirementCard groupId={group.id} isCreator={group.viewerRole === "CREATOR"} />
      <Alerts groupId={group.id} />
      <FiguresCard groupId={group.id} />
    </div>
  );
}

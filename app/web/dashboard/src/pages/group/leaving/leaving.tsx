// Who asked to leave, and who has left.
import { Section } from "../../../parts/page";
import type { PartProps } from "../group";
import { FormerMembers } from "./former";
import { LeaveRequests } from "./requests";
import { t } from "./texts";

export function Leaving({ group }: PartProps) {
  return (
    <>
      <Section title={t.waiting}>
        <p class="hint">{t.about}</p>
        <LeaveRequests groupId={group.id} after={null} />
      </Section>
      <Section title={t.former}>
        <FormerMembers groupId={group.id} after={null} />
      </Section>
    </>
  );
}

// Which group an invitation leads to, by whom, and for how long.
import type { PreviewFragment } from "../../graphql/generated";
import { typeNames } from "../../names";
import { Section } from "../../parts/page";
import { Countdown } from "../../parts/times";
import { t } from "./texts";

export function InvitingGroup({ preview }: { preview: PreviewFragment }) {
  const { group, invitedBy, expiresAt } = preview;
  return (
    <Section title={group.name}>
      <dl class="facts">
        <dt>{t.type}</dt>
        <dd>{typeNames[group.type]}</dd>
        <dt>{t.address}</dt>
        <dd>{group.address}</dd>
        <dt>{t.invitedBy}</dt>
        <dd>{invitedBy}</dd>
        <dt>{t.open}</dt>
        <dd>
          <Countdown until={expiresAt} />
        </dd>
      </dl>
    </Section>
  );
}

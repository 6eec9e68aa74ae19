// What an invitation leads to: the group, what its managers will see, and the terms.
import type { SharedData } from "../../graphql/enums";
import type { PreviewFragment } from "../../graphql/generated";
import { sharedNames, typeNames } from "../../names";
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

export function SharedWith({ shared }: { shared: readonly SharedData[] }) {
  return (
    <Section title={t.shared}>
      <ul class="shared-data">
        {shared.map((each) => (
          <li key={each}>{sharedNames[each]}</li>
        ))}
      </ul>
      <p class="hint">{t.sharedShort}</p>
    </Section>
  );
}

export function TermsText({ terms }: { terms: PreviewFragment["terms"] }) {
  return (
    <Section title={t.terms(terms.version)}>
      <p>{terms.text}</p>
    </Section>
  );
}

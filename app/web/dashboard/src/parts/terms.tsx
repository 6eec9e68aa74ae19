// What people agree to who join or create a group, and what managers then see of them.
import type { SharedData } from "../graphql/enums";
import { sharedNames } from "../names";
import { texts } from "../texts";
import { Section } from "./page";

const t = texts({
  zh: {
    shared: "加入后，该团体的创建人和管理员会看到",
    others: "其他成员看不到您的个人信息。",
    terms: (version: string) => `条款（版本 ${version}）`,
  },
  en: {
    shared: "What the group's creator and admins will see of whoever joins",
    others: "Other members see nothing of yours.",
    terms: (version: string) => `Terms (version ${version})`,
  },
});

export function SharedWith({ shared }: { shared: readonly SharedData[] }) {
  return (
    <Section title={t.shared}>
      <ul class="shared-data">
        {shared.map((each) => (
          <li key={each}>{sharedNames[each]}</li>
        ))}
      </ul>
      <p class="hint">{t.others}</p>
    </Section>
  );
}

export function TermsText({ terms }: { terms: { version: string; text: string } }) {
  return (
    <Section title={t.terms(terms.version)}>
      <p>{terms.text}</p>
    </Section>
  );
}

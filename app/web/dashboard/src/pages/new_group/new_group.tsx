// Creating a group: first who one is, then what it is called, then on to its invitations.
import { NewGroupOwnerDocument } from "../../graphql/generated";
import { useReading } from "../../graphql/queries";
import { Page, Section } from "../../parts/page";
import { BecomeRealNamed } from "../../parts/real_name";
import { Shown } from "../../parts/states";
import { TermsText } from "../../parts/terms";
import { texts } from "../../texts";
import { GroupForm } from "./form";

const t = texts({
  zh: {
    title: "创建团体",
    first: "第一步：实名认证",
    why: "创建人须是实名用户。认证一次即可，以后创建团体无需再认证。",
  },
  en: {
    title: "Create a group",
    first: "First: prove who you are",
    why: "Who creates a group is known by name. Once is enough: later groups don't ask again.",
  },
});

export function NewGroup() {
  const reading = useReading(NewGroupOwnerDocument, {});
  return (
    <Page title={t.title}>
      <Shown reading={reading}>
        {({ me, terms }) => {
          if (!me || !terms) return null;
          if (!me.realNamed) return <Unnamed />;
          return (
            <>
              <TermsText terms={terms} />
              <GroupForm phone={me.phone} version={terms.version} />
            </>
          );
        }}
      </Shown>
    </Page>
  );
}

function Unnamed() {
  return (
    <Section title={t.first}>
      <div class="stack narrow">
        <p>{t.why}</p>
        <BecomeRealNamed />
      </div>
    </Section>
  );
}

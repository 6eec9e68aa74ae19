// What was consented to: for whom, with which group, by whom; the terms when they are asked for.
import { useState } from "preact/hooks";
import {
  ConsentTermsDocument,
  MyConsentsDocument,
  type GivenConsentFragment,
} from "../../graphql/generated";
import { useReading } from "../../graphql/queries";
import { links } from "../../links";
import { More, nextOf } from "../../parts/more";
import { Section } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/times";
import { texts } from "../../texts";

const t = texts({
  zh: {
    title: "授权记录",
    about: "您和由您代为加入的亲属向团体授权共享信息的记录。仍有效的可在该团体的页面撤回。",
    none: "还没有授权记录。加入或创建团体时的授权会记在这里。",
    holds: "有效",
    withdrawn: "已撤回",
    by: "授权人",
    given: "授权时间",
    withdrawnAt: "撤回时间",
    terms: (version: string) => `查看条款（版本 ${version}）`,
    withdraw: "去撤回",
    gone: "这个版本的条款已不再保存。",
  },
  en: {
    title: "Consents",
    about:
      "What you agreed to share with groups, for yourself and for relatives whom you enrolled. What holds can be withdrawn on the page of its group.",
    none: "There is no consent yet. Consents given on joining or creating a group are kept here.",
    holds: "holds",
    withdrawn: "withdrawn",
    by: "Given by",
    given: "Given",
    withdrawnAt: "Withdrawn",
    terms: (version: string) => `Read the terms (version ${version})`,
    withdraw: "Withdraw it there",
    gone: "The text of this version is kept no more.",
  },
});

export function Consents() {
  return (
    <Section title={t.title}>
      <p class="hint">{t.about}</p>
      <ConsentPage after={null} />
    </Section>
  );
}

function ConsentPage({ after }: { after: string | null }) {
  const reading = useReading(MyConsentsDocument, { after });
  return (
    <Shown reading={reading}>
      {({ me }) => {
        const consents = me?.consents?.nodes ?? [];
        if (!consents.length) return after === null && <Empty>{t.none}</Empty>;
        return (
          <>
            <ul class="entries">
              {consents.map((consent) => (
                <Consent key={consent.id} consent={consent} />
              ))}
            </ul>
            <More after={nextOf(me?.consents?.pageInfo)}>
              {(next) => <ConsentPage after={next} />}
            </More>
          </>
        );
      }}
    </Shown>
  );
}

function Consent({ consent }: { consent: GivenConsentFragment }) {
  const [open, setOpen] = useState(false);
  const { id, version, groupId, groupName, personName, givenBy, givenAt, withdrawnAt } = consent;
  return (
    <li>
      <h3>
        {personName} · {groupName} <span class="hint">{withdrawnAt ? t.withdrawn : t.holds}</span>
      </h3>
      <dl class="facts">
        <dt>{t.by}</dt>
        <dd>{givenBy}</dd>
        <dt>{t.given}</dt>
        <dd>
          <Time at={givenAt} />
        </dd>
        {withdrawnAt && (
          <>
            <dt>{t.withdrawnAt}</dt>
            <dd>
              <Time at={withdrawnAt} />
            </dd>
          </>
        )}
      </dl>
      {groupId && (
        <p>
          <a href={links.group(groupId, "own")}>{t.withdraw}</a>
        </p>
      )}
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t.terms(version)}</summary>
        {open && <Terms id={id} />}
      </details>
    </li>
  );
}

function Terms({ id }: { id: string }) {
  const reading = useReading(ConsentTermsDocument, { id });
  return (
    <Shown reading={reading}>
      {({ node }) => <p class="terms">{(node && "terms" in node && node.terms) || t.gone}</p>}
    </Shown>
  );
}

// Who looked at the viewer's details, or at those of whom they answer for.
import { MyAccessesDocument, type AccessFragment } from "../../graphql/generated";
import { useReading } from "../../graphql/queries";
import { accessNames } from "../../names";
import { More, nextOf } from "../../parts/more";
import { Section } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/times";
import { LOCALE, texts } from "../../texts";

const t = texts({
  zh: {
    title: "谁看过",
    about: "30 天内查看或导出过您、或由您代为加入的亲属的详细信息的管理者，退团之后也在内。",
    none: "30 天内没有人查看过您的详细信息。",
    whose: (names: string) => `${names}的详细信息`,
    until: "至",
  },
  en: {
    title: "Who looked",
    about:
      "Managers who looked at or exported your details, or those of relatives whom you enrolled, within 30 days; after leaving, too.",
    none: "Nobody looked at your details within 30 days.",
    whose: (names: string) => `Details of ${names}`,
    until: "to",
  },
});

export function Accesses() {
  return (
    <Section title={t.title}>
      <p class="hint">{t.about}</p>
      <AccessPage after={null} />
    </Section>
  );
}

function AccessPage({ after }: { after: string | null }) {
  const reading = useReading(MyAccessesDocument, { after });
  return (
    <Shown reading={reading}>
      {({ me }) => {
        const accesses = me?.accesses?.nodes ?? [];
        if (!accesses.length) return after === null && <Empty>{t.none}</Empty>;
        return (
          <>
            <ul class="entries">
              {accesses.map((access) => (
                <Access key={access.id} access={access} />
              ))}
            </ul>
            <More after={nextOf(me?.accesses?.pageInfo)}>
              {(next) => <AccessPage after={next} />}
            </More>
          </>
        );
      }}
    </Shown>
  );
}

const LIST = new Intl.ListFormat(LOCALE, { type: "unit" });

function Access({ access }: { access: AccessFragment }) {
  const { personNames, by, kind, groupName, firstAt, lastAt } = access;
  return (
    <li>
      <h3>
        {by} <span class="hint">{accessNames[kind]}</span>
      </h3>
      <p>{t.whose(LIST.format(personNames))}</p>
      <p class="hint">
        {groupName} · <Time at={firstAt} />
        {lastAt !== firstAt && (
          <>
            {" "}
            {t.until} <Time at={lastAt} />
          </>
        )}
      </p>
    </li>
  );
}

// Which groups turned and when, the last one first; and who turns now is said.
import { OrganisationTurnsDocument, type OrganisationTurnsQuery } from "../../graphql/generated";
import { useAgainAfter, useReading } from "../../graphql/queries";
import { links } from "../../links";
import { colourNames } from "../../names";
import { ColourBadge } from "../../parts/badges";
import { Section } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { Age, Time } from "../../parts/times";
import { texts } from "../../texts";
import type { Live } from "./live";

const t = texts({
  zh: {
    title: "最近变色的团体",
    list: "变色记录",
    none: "还没有团体变过色。",
    newest: (name: string, colour: string) => `刚刚变色：${name}，${colour}`,
  },
  en: {
    title: "Groups that turned last",
    list: "Who turned",
    none: "No group has turned yet.",
    newest: (name: string, colour: string) => `Just turned: ${name}, ${colour}`,
  },
});

const SHOWN = 10;

type Seen = NonNullable<OrganisationTurnsQuery["organisation"]>;

export function Turns({ organisationId, live }: { organisationId: string; live: Live }) {
  const reading = useReading(OrganisationTurnsDocument, { organisationId, first: SHOWN });
  useAgainAfter(live.moves, reading.again);
  const { newest } = live;
  return (
    <Section title={t.title}>
      <p class="visually-hidden" role="status">
        {newest && t.newest(newest.name, colourNames[newest.colour])}
      </p>
      <Shown reading={reading}>
        {({ organisation }) => organisation && <Turned seen={organisation} />}
      </Shown>
    </Section>
  );
}

function Turned({ seen }: { seen: Seen }) {
  const turned = (seen.groups?.nodes ?? []).filter(({ turnedAt }) => turnedAt);
  if (!turned.length) return <Empty>{t.none}</Empty>;
  return (
    <ol class="entries turns" aria-label={t.list}>
      {turned.map(({ id, name, colour, turnedAt, organisation }) => (
        <li key={id}>
          <ColourBadge colour={colour} /> <strong>{name}</strong>{" "}
          {organisation && organisation.id !== seen.id && (
            <a href={links.organisation(organisation.id)}>{organisation.name}</a>
          )}{" "}
          <span class="hint">
            {turnedAt && (
              <>
                <Age at={turnedAt} /> · <Time at={turnedAt} />
              </>
            )}
          </span>
        </li>
      ))}
    </ol>
  );
}

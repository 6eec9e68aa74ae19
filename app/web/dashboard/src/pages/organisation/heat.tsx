// The groups below an organisation at a glance: a tile each, by the organisation it is attached to.
import { useState } from "preact/hooks";
import type { GroupColour } from "../../graphql/enums";
import { OrganisationHeatDocument, type OrganisationHeatQuery } from "../../graphql/generated";
import { useAgainAfter, useReading } from "../../graphql/queries";
import { links } from "../../links";
import { colourNames } from "../../names";
import { SHAPES } from "../../parts/badges";
import { CheckField } from "../../parts/fields";
import { More, nextOf } from "../../parts/more";
import { Section } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { COLON, texts } from "../../texts";
import { arrange, type Part } from "./arrange";
import type { Live } from "./live";
import { SeenGroup } from "./seen_group";
import { Tile, useArrows } from "./tiles";

const t = texts({
  zh: {
    title: "各团体一览",
    hint: "每个方块是一个团体。用方向键移动，按回车查看数字。",
    only: "只看不是绿码的",
    none: "还没有归入的团体。",
    allGreen: "没有不是绿码的团体。",
    legend: "图例",
    groups: (name: string, count: number) => `${name}，${count} 个团体`,
  },
  en: {
    title: "Groups at a glance",
    hint: "Each tile is a group. Move with the arrow keys, press Enter for its numbers.",
    only: "Only those that aren't green",
    none: "No group is attached yet.",
    allGreen: "Every group is green.",
    legend: "Legend",
    groups: (name: string, count: number) => `${name}: ${count} groups`,
  },
});

const COLOURS: GroupColour[] = ["RED", "YELLOW", "GREEN"];

interface Props {
  organisationId: string;
  live: Live;
}

type Seen = NonNullable<OrganisationHeatQuery["organisation"]>;

export function Heat(props: Props) {
  const [only, setOnly] = useState(false);
  return (
    <Section title={t.title} beside={<Legend />}>
      <p class="hint">{t.hint}</p>
      <CheckField label={t.only} checked={only} onChange={setOnly} />
      <Tiles {...props} only={only} after={null} />
    </Section>
  );
}

function Legend() {
  return (
    <ul class="legend" aria-label={t.legend}>
      {COLOURS.map((colour) => (
        <li key={colour}>
          <span class={`tile ${colour.toLowerCase()}`} aria-hidden="true">
            {SHAPES[colour]}
          </span>{" "}
          {colourNames[colour]}
        </li>
      ))}
    </ul>
  );
}

function Tiles({ only, after, ...props }: Props & { only: boolean; after: string | null }) {
  const { organisationId, live } = props;
  const reading = useReading(OrganisationHeatDocument, { organisationId, after });
  useAgainAfter(live.treeMoves, reading.again);
  return (
    <Shown reading={reading}>
      {({ organisation }) =>
        organisation && (
          <>
            <Parts organisation={organisation} only={only} />
            <More after={nextOf(organisation.groups?.pageInfo)}>
              {(next) => <Tiles {...props} only={only} after={next} />}
            </More>
          </>
        )
      }
    </Shown>
  );
}

function Parts({ organisation, only }: { organisation: Seen; only: boolean }) {
  const [opened, setOpened] = useState<string | null>(null);
  const { place, onKeyDown, onFocus } = useArrows();
  const all = organisation.groups?.nodes ?? [];
  const shown = only ? all.filter(({ colour }) => colour !== "GREEN") : all;
  if (!shown.length) return <Empty>{all.length ? t.allGreen : t.none}</Empty>;
  const parts = arrange(shown, organisation);
  const first = parts[0]?.groups[0]?.id ?? "";
  const stop = shown.some(({ id }) => id === place) ? place : first;
  return (
    <div class="heat" onKeyDown={onKeyDown} onFocusIn={onFocus}>
      {parts.map((part) => (
        <section key={part.id} class="part">
          <Name part={part} isItself={part.id === organisation.id} />
          <ul aria-label={t.groups(part.path.join(" › "), part.groups.length)}>
            {part.groups.map((group) => (
              <Tile key={group.id} group={group} isStop={group.id === stop} onOpen={setOpened} />
            ))}
          </ul>
        </section>
      ))}
      {opened && <SeenGroup groupId={opened} onClose={() => setOpened(null)} />}
    </div>
  );
}

function Name({ part, isItself }: { part: Part; isItself: boolean }) {
  const name = part.path.at(-1) ?? "";
  const before = part.path.slice(0, -1);
  return (
    <h3>
      {before.length > 0 && <span class="hint">{`${before.join(" › ")} › `}</span>}
      {isItself ? name : <a href={links.organisation(part.id)}>{name}</a>}
      <span class="hint">
        {COLON}
        {part.groups.length}
      </span>
    </h3>
  );
}

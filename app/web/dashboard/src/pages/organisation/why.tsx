// Why an organisation has its colour, in numbers of groups, which are exact.
import type { OrganisationCardFragment } from "../../graphql/generated";
import { ColourBadge } from "../../parts/badges";
import { Section } from "../../parts/page";
import { COLON, counted, listed, texts } from "../../texts";

const t = texts({
  zh: {
    title: "颜色与原因",
    green: (count: number) => `${count} 个团体全部为绿码。`,
    of: (count: number) => `共 ${count} 个团体`,
    red: (count: number) => `${count} 个红码`,
    yellow: (count: number) => `${count} 个黄码`,
    rule: "只要有一个团体为红码，组织即为红码；否则只要有一个为黄码，即为黄码。",
  },
  en: {
    title: "Colour, and why",
    green: (count: number) => `All of ${counted(count, "group")} are green.`,
    of: (count: number) => `of ${counted(count, "group")}`,
    red: (count: number) => `${count} red`,
    yellow: (count: number) => `${count} yellow`,
    rule: "It is red if a group is red, else yellow if one is yellow.",
  },
});

/** Why, in a sentence: "1 red, 33 yellow of 200 groups". */
export function reasonsText({ colourReasons, groupCount }: OrganisationCardFragment): string {
  const told = colourReasons
    .filter(({ groupCount }) => groupCount > 0)
    .map(({ colour, groupCount }) => (colour === "RED" ? t.red : t.yellow)(groupCount));
  return told.length ? `${listed(told)} ${t.of(groupCount)}` : t.green(groupCount);
}

export function Why({ organisation }: { organisation: OrganisationCardFragment }) {
  const { colour } = organisation;
  return (
    <Section title={t.title}>
      <div class={`why ${colour.toLowerCase()}`}>
        <p role="status">
          <ColourBadge colour={colour} />
          {COLON}
          {reasonsText(organisation)}
        </p>
        <p class="hint">{t.rule}</p>
      </div>
    </Section>
  );
}

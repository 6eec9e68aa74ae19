// An organisation in numbers: how many groups and members by colour, counts of now, and of days.
import { useSubscription } from "@urql/preact";
import { useState } from "preact/hooks";
import {
  OrganisationCountsDocument,
  OrganisationFiguresDocument,
  type OrganisationFiguresQuery,
} from "../../graphql/generated";
import { useAgainAfter, useReading } from "../../graphql/queries";
import { ColourBadge } from "../../parts/badges";
import { Chart } from "../../parts/chart";
import { SelectField } from "../../parts/fields";
import { Section } from "../../parts/page";
import { Shown } from "../../parts/states";
import { texts } from "../../texts";
import { codesByDay, testsByDay } from "./kinds";
import type { Live } from "./live";
import { about, Now, Rounding } from "./now";

const t = texts({
  zh: {
    title: "统计",
    exact: "团体数是准确的，人数是约数。",
    colour: "颜色",
    groups: "团体",
    members: "成员",
    hidden: "不予显示",
    trend: "趋势",
    trendHint: "每天以当日最后一次刷新为准，人数是约数。没有刷新的日子没有数据，不等于零。",
    days: "时间范围",
    d7: "最近 7 天",
    d30: "最近 30 天",
    d90: "最近 90 天",
    codes: "不是绿码的人数",
    tests: "核酸阳性，或 24 小时内没有阴性结果的人数",
  },
  en: {
    title: "Figures",
    exact: "Numbers of groups are exact, those of people are rounded.",
    colour: "Colour",
    groups: "Groups",
    members: "Members",
    hidden: "not shown",
    trend: "Trend",
    trendHint:
      "Each day shows its last refresh, in rounded numbers. A day without one has none, which is not zero.",
    days: "Days",
    d7: "The last 7 days",
    d30: "The last 30 days",
    d90: "The last 90 days",
    codes: "People who aren't green",
    tests: "Positive, or no negative test of 24 hours",
  },
});

type Days = "7" | "30" | "90";
const RANGES: { value: Days; name: string }[] = [
  { value: "7", name: t.d7 },
  { value: "30", name: t.d30 },
  { value: "90", name: t.d90 },
];

type Seen = NonNullable<OrganisationFiguresQuery["organisation"]>;

export function Figures({ organisationId, live }: { organisationId: string; live: Live }) {
  const [days, setDays] = useState<Days>("30");
  const reading = useReading(OrganisationFiguresDocument, { organisationId, days: Number(days) });
  useAgainAfter(live.moves, reading.again);
  // What is told comes into the cache, from where it is shown.
  useSubscription({ query: OrganisationCountsDocument, variables: { organisationId } });
  return (
    <>
      <Section title={t.title}>
        <p class="hint">{t.exact}</p>
        <Shown reading={reading}>
          {({ organisation }) => organisation && <Counts seen={organisation} />}
        </Shown>
      </Section>
      <Section title={t.trend}>
        <p class="hint">{t.trendHint}</p>
        <SelectField label={t.days} value={days} options={RANGES} onChange={setDays} />
        <Shown reading={reading}>
          {({ organisation }) => organisation && <Trend seen={organisation} />}
        </Shown>
      </Section>
    </>
  );
}

function Counts({ seen }: { seen: Seen }) {
  return (
    <div class="stack">
      <table class="colour-counts">
        <thead>
          <tr>
            <th scope="col">{t.colour}</th>
            <th scope="col">{t.groups}</th>
            <th scope="col">{t.members}</th>
          </tr>
        </thead>
        <tbody>
          {seen.colourCounts.map(({ colour, groups, members }) => (
            <tr key={colour}>
              <th scope="row">
                <ColourBadge colour={colour} />
              </th>
              <td>{groups}</td>
              <td>{membersText(groups, members)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Rounding figures={seen.statistics} />
      <Now figures={seen.statistics} />
    </div>
  );
}

/** Where there is no group there is exactly nobody. */
function membersText(groups: number, members: number | null): string {
  if (!groups) return "0";
  return members === null ? t.hidden : about(members);
}

function Trend({ seen }: { seen: Seen }) {
  return (
    <div class="charts">
      <Chart title={t.codes} data={codesByDay(seen)} />
      <Chart title={t.tests} data={testsByDay(seen)} />
    </div>
  );
}

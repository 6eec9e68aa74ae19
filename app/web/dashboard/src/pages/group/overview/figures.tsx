// Codes, tests and doses of now and of seven days.
import { OverviewFiguresDocument, type FiguresFragment } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { Chart } from "../../../parts/chart";
import { Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { LOCALE, texts } from "../../../texts";
import { byCode, byDoses, byTest, type Column } from "./series";

const t = texts({
  zh: {
    title: "统计",
    hint: "最近七天每天最后一次刷新时的人数，以及现在。没有刷新的日子没有数据，不等于零。",
    now: "现在",
    codes: "健康码",
    tests: "核酸检测（最近一次结果）",
    doses: "疫苗接种剂次",
  },
  en: {
    title: "Figures",
    hint: "People at the last refresh of each of seven days, and now. A day without a refresh has no figures, which isn't zero.",
    now: "Now",
    codes: "Codes",
    tests: "Tests (newest result)",
    doses: "Doses",
  },
});

const TICK = new Intl.DateTimeFormat(LOCALE, { month: "numeric", day: "numeric", timeZone: "UTC" });
const DAY = new Intl.DateTimeFormat(LOCALE, { month: "short", day: "numeric", timeZone: "UTC" });

export function FiguresCard({ groupId }: { groupId: string }) {
  const reading = useGroupReading(OverviewFiguresDocument, { groupId });
  return (
    <Section title={t.title}>
      <p class="hint">{t.hint}</p>
      <Shown reading={reading}>
        {({ group }) =>
          group && <Charts columns={columnsOf(group.reports ?? [], group.statistics)} />
        }
      </Shown>
    </Section>
  );
}

function columnsOf(
  reports: readonly { date: string; statistics: FiguresFragment | null }[],
  now: FiguresFragment | null,
): Column[] {
  const days = reports.map(({ date, statistics }) => ({
    name: DAY.format(new Date(date)),
    tick: TICK.format(new Date(date)),
    figures: statistics,
  }));
  return [...days.reverse(), { name: t.now, tick: t.now, figures: now }];
}

function Charts({ columns }: { columns: Column[] }) {
  const shared = {
    columns: columns.map(({ name }) => name),
    ticks: columns.map(({ tick }) => tick),
  };
  return (
    <div class="charts">
      <Chart title={t.codes} data={{ ...shared, series: byCode(columns) }} />
      <Chart title={t.tests} data={{ ...shared, series: byTest(columns) }} />
      <Chart title={t.doses} data={{ ...shared, series: byDoses(columns) }} />
    </div>
  );
}

// What counts that are shown from above are called, and as what a chart draws them day by day.
import type { HealthCode, TestResult, TestWindow } from "../../graphql/enums";
import type { OrganisationFiguresQuery, ShownFiguresFragment } from "../../graphql/generated";
import { codeNames, resultNames, windowNames } from "../../names";
import type { ChartData, Series, Tone } from "../../parts/chart";
import { counted, LOCALE, texts } from "../../texts";

const t = texts({
  zh: {
    noTest: "无结果",
    negative: (window: string) => `阴性，${window}`,
    positive: (window: string) => `阳性，${window}`,
    doses: (doses: number) => (doses ? `${doses} 剂` : "未接种"),
    more: (doses: number) => `${doses} 剂或以上`,
    now: "现在",
  },
  en: {
    noTest: "No result",
    negative: (window: string) => `Negative, ${window}`,
    positive: (window: string) => `Positive, ${window}`,
    doses: (doses: number) => (doses ? counted(doses, "dose") : "No dose"),
    more: (doses: number) => `${doses} doses or more`,
    now: "Now",
  },
});

const MOST_DOSES = 4;

/** What an age and result of the newest test are called. */
export function testName({ window, result }: { window: TestWindow; result: TestResult | null }) {
  if (result === null) return t.noTest;
  return (result === "POSITIVE" ? t.positive : t.negative)(windowNames[window]);
}

/** What a number of doses is called. */
export function doseName(doses: number): string {
  return doses === MOST_DOSES ? t.more(doses) : t.doses(doses);
}

type Seen = NonNullable<OrganisationFiguresQuery["organisation"]>;
type Kind = [name: string, tone: Tone, count: (figures: ShownFiguresFragment) => number];

const DAY = new Intl.DateTimeFormat(LOCALE, { month: "short", day: "numeric", timeZone: "UTC" });
const TICK = new Intl.DateTimeFormat(LOCALE, {
  month: "numeric",
  day: "numeric",
  timeZone: "UTC",
});
const MOST_TICKS = 7;

const CODES: [HealthCode, Tone][] = [
  ["RED", "red"],
  ["YELLOW", "yellow"],
  ["UNKNOWN", "grey"],
];

/** Who isn't green, by code: beside the green ones nobody would see them. */
export function codesByDay(seen: Seen): ChartData {
  const kinds = CODES.map(([code, tone]): Kind => [
    codeNames[code],
    tone,
    ({ byHealthCode }) => byHealthCode?.find((one) => one.healthCode === code)?.count ?? 0,
  ]);
  return byDay(seen, kinds);
}

/** Who tested positive last, and who has no negative result of two days. */
export function testsByDay(seen: Seen): ChartData {
  const sum =
    (fits: (test: { window: TestWindow; result: TestResult | null }) => boolean) =>
    ({ byTest }: ShownFiguresFragment) =>
      (byTest ?? []).filter(fits).reduce((all, { count }) => all + count, 0);
  const windows: TestWindow[] = ["H48", "H72", "D7", "OLDER"];
  return byDay(seen, [
    [resultNames.POSITIVE, "red", sum(({ result }) => result === "POSITIVE")],
    ...windows.map((window): Kind => [
      t.negative(windowNames[window]),
      "accent",
      sum((test) => test.result === "NEGATIVE" && test.window === window),
    ]),
    [t.noTest, "grey", sum(({ result }) => result === null)],
  ]);
}

/** The days from the first one that has counts, and now; a day without a refresh has none. */
function byDay({ trend, statistics }: Seen, kinds: Kind[]): ChartData {
  const first = trend.findIndex(({ statistics }) => statistics);
  const days = first < 0 ? [] : trend.slice(first);
  const figures = [...days.map(({ statistics }) => statistics), statistics];
  const every = Math.ceil(figures.length / MOST_TICKS);
  const isNamed = (index: number) => (figures.length - 1 - index) % every === 0;
  const ticks = [...days.map(({ date }) => TICK.format(new Date(date))), t.now];
  const series = kinds.map(([name, tone, count]): Series => ({
    name,
    tone,
    counts: figures.map((each) => (each && !each.suppressed ? count(each) : null)),
  }));
  return {
    columns: [...days.map(({ date }) => DAY.format(new Date(date))), t.now],
    ticks: ticks.map((tick, index) => (isNamed(index) ? tick : "")),
    series: series.filter(({ counts }) => counts.some((count) => count)),
  };
}

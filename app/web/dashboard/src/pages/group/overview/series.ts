// What the charts draw: the counts of each kind, day by day. A day without a refresh has none.
import type { HealthCode, TestWindow } from "../../../graphql/enums";
import type { FiguresFragment } from "../../../graphql/generated";
import { codeNames, resultNames, windowNames } from "../../../names";
import type { Series, Tone } from "../../../parts/chart";
import { counted, texts } from "../../../texts";

const t = texts({
  zh: {
    noTest: "无结果",
    negative: (window: string) => `阴性，${window}`,
    doses: (doses: number) => (doses ? `${doses} 剂` : "未接种"),
  },
  en: {
    noTest: "No result",
    negative: (window: string) => `Negative ${window}`,
    doses: (doses: number) => (doses ? counted(doses, "dose") : "No dose"),
  },
});

export interface Column {
  name: string;
  tick: string;
  /** Null for a day without a refresh. */
  figures: FiguresFragment | null;
}

type Test = FiguresFragment["byTest"][number];

const CODES: [HealthCode, Tone][] = [
  ["GREEN", "green"],
  ["YELLOW", "yellow"],
  ["RED", "red"],
  ["UNKNOWN", "grey"],
  ["WITHHELD", "grey"],
];
const WINDOWS: TestWindow[] = ["H24", "H48", "H72", "D7", "OLDER"];

/** One series: a count for each column that has figures. Nobody at all in a kind is zero. */
function series(
  name: string,
  tone: Tone,
  columns: Column[],
  count: (figures: FiguresFragment) => number,
): Series {
  return { name, tone, counts: columns.map(({ figures }) => figures && count(figures)) };
}

const occurs = ({ counts }: Series) => counts.some((count) => count);

export function byCode(columns: Column[]): Series[] {
  return CODES.map(([code, tone]) =>
    series(
      codeNames[code],
      tone,
      columns,
      ({ byHealthCode }) => byHealthCode.find((each) => each.healthCode === code)?.count ?? 0,
    ),
  ).filter((each, index) => index < 4 || occurs(each));
}

export function byTest(columns: Column[]): Series[] {
  const tests = (name: string, tone: Tone, fits: (test: Test) => boolean) =>
    series(name, tone, columns, ({ byTest }) =>
      byTest.filter(fits).reduce((sum, { count }) => sum + count, 0),
    );
  return [
    ...WINDOWS.map((window) =>
      tests(
        t.negative(windowNames[window]),
        window === "H24" ? "green" : "accent",
        (test) => test.window === window && test.result === "NEGATIVE",
      ),
    ),
    tests(resultNames.POSITIVE, "red", ({ result }) => result === "POSITIVE"),
    tests(t.noTest, "grey", ({ result }) => result !== "POSITIVE" && result !== "NEGATIVE"),
  ].filter(occurs);
}

export function byDoses(columns: Column[]): Series[] {
  const numbers = new Set(
    columns.flatMap(({ figures }) => figures?.byDoses.map(({ doses }) => doses) ?? []),
  );
  return [...numbers]
    .sort((one, other) => one - other)
    .map((number) =>
      series(
        t.doses(number),
        number ? "accent" : "grey",
        columns,
        ({ byDoses }) => byDoses.find(({ doses }) => doses === number)?.count ?? 0,
      ),
    );
}

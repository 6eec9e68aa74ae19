// The rows of the report: everything that is counted, of now and of each day.
import type { FiguresFragment } from "../../../graphql/generated";
import { codeNames, resultNames, windowNames } from "../../../names";
import { counted, texts } from "../../../texts";

const t = texts({
  zh: {
    total: "统计人数",
    codes: "健康码",
    tests: "最新核酸检测",
    doses: "新冠疫苗接种",
    test: (result: string, window: string) => `${result}，${window}`,
    dose: (doses: number) => (doses === 0 ? "未接种" : `${doses} 剂`),
  },
  en: {
    total: "People counted",
    codes: "Health codes",
    tests: "Newest tests",
    doses: "Vaccination",
    test: (result: string, window: string) => `${result}, ${window}`,
    dose: (doses: number) => (doses === 0 ? "None" : counted(doses, "dose")),
  },
});

/** One thing that is counted; `counts` has a number, or null where there was no refresh. */
export interface CountRow {
  name: string;
  counts: (number | null)[];
}

export interface CountGroup {
  /** What its rows have in common; empty for the total. */
  name: string;
  rows: CountRow[];
}

/** Arrange statistics by what they count, in the order in which they came. */
export function arrange(columns: (FiguresFragment | null)[]): CountGroup[] {
  return [
    { name: "", rows: [{ name: t.total, counts: columns.map((all) => all?.total ?? null) }] },
    {
      name: t.codes,
      rows: rowsOf(columns, (all) =>
        all.byHealthCode.map(({ healthCode, count }) => [codeNames[healthCode], count]),
      ),
    },
    { name: t.tests, rows: rowsOf(columns, testsOf) },
    {
      name: t.doses,
      rows: rowsOf(columns, (all) =>
        all.byDoses
          .toSorted((one, other) => one.doses - other.doses)
          .map(({ doses, count }) => [t.dose(doses), count]),
      ),
    },
  ];
}

type Named = [name: string, count: number];

function testsOf({ byTest }: FiguresFragment): Named[] {
  return byTest.map(({ window, result, count }) => [
    result ? t.test(resultNames[result], windowNames[window]) : windowNames[window],
    count,
  ]);
}

/** A row for each name in any column; a column that lacks it counts nobody. */
function rowsOf(
  columns: (FiguresFragment | null)[],
  namedOf: (all: FiguresFragment) => Named[],
): CountRow[] {
  const named = columns.map((all) => all && new Map(namedOf(all)));
  const names = new Set(named.flatMap((counts) => (counts ? [...counts.keys()] : [])));
  return [...names].map((name) => ({
    name,
    counts: named.map((counts) => counts && (counts.get(name) ?? 0)),
  }));
}

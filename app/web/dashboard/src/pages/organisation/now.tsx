// Counts as they are now, as what they are: rounded, so "about"; not shown is not zero.
import type { ShownFiguresFragment } from "../../graphql/generated";
import { codeNames } from "../../names";
import { counted, LOCALE, texts } from "../../texts";
import { doseName, testName } from "./kinds";

const t = texts({
  zh: {
    about: (count: string) => `约 ${count}`,
    hidden: "人数太少，或各项合起来会透露个别人的情况，因此只显示颜色。",
    rounded: (to: number) => `每个团体的每项人数都约到 ${to} 的倍数。`,
    few: (to: number) => `显示为 0 的也可能有 1 至 ${to - 1} 人。`,
    all: (groups: number) => `已计入全部 ${groups} 个团体。`,
    left: (counted: number, left: number) =>
      `已计入 ${counted} 个团体；另有 ${left} 个人数太少或会透露个别人的情况，未计入任何人数。`,
    codes: "健康码",
    tests: "核酸检测（最近一次结果）",
    doses: "疫苗接种剂次",
    nobody: "没有",
  },
  en: {
    about: (count: string) => `about ${count}`,
    hidden:
      "Too few people, or counts that together would tell of somebody: only the colour is shown.",
    rounded: (to: number) => `Each count of each group is rounded to a multiple of ${to}.`,
    few: (to: number) => `A 0 may be up to ${to - 1}.`,
    all: (groups: number) => `All of ${counted(groups, "group")} are counted.`,
    left: (groups: number, left: number) =>
      `${counted(groups, "group")} counted; ${left} more are in no count, being too small or telling of somebody.`,
    codes: "Codes",
    tests: "Tests (newest result)",
    doses: "Doses",
    nobody: "nobody",
  },
});

const NUMBER = new Intl.NumberFormat(LOCALE);

/** A rounded count. */
export function about(count: number): string {
  return t.about(NUMBER.format(count));
}

/** How counts are rounded, and of how many groups they are. */
export function Rounding({
  figures,
  isGroup = false,
}: {
  figures: ShownFiguresFragment;
  isGroup?: boolean;
}) {
  const { suppressed, roundedTo, groupsCounted, groupsLeftOut } = figures;
  if (suppressed) return <p class="notice">{t.hidden}</p>;
  const groups = groupsLeftOut ? t.left(groupsCounted, groupsLeftOut) : t.all(groupsCounted);
  const said = [t.rounded(roundedTo), isGroup ? t.few(roundedTo) : groups];
  return <p class="hint">{said.join(" ")}</p>;
}

/** The counts by code, by test and by doses. */
export function Now({ figures }: { figures: ShownFiguresFragment }) {
  if (figures.suppressed) return null;
  const codes = figures.byHealthCode?.map(({ healthCode, count }) => ({
    name: codeNames[healthCode],
    count,
  }));
  const tests = figures.byTest?.map((test) => ({ name: testName(test), count: test.count }));
  const doses = figures.byDoses?.map((one) => ({ name: doseName(one.doses), count: one.count }));
  return (
    <div class="shown-counts">
      <Counts title={t.codes} rows={codes ?? []} />
      <Counts title={t.tests} rows={tests ?? []} />
      <Counts title={t.doses} rows={doses ?? []} />
    </div>
  );
}

function Counts({ title, rows }: { title: string; rows: { name: string; count: number }[] }) {
  const shown = rows.filter(({ count }) => count > 0);
  return (
    <table>
      <caption>{title}</caption>
      <tbody>
        {shown.map(({ name, count }) => (
          <tr key={name}>
            <th scope="row">{name}</th>
            <td>{about(count)}</td>
          </tr>
        ))}
        {!shown.length && (
          <tr>
            <td colSpan={2}>{t.nobody}</td>
          </tr>
        )}
      </tbody>
    </table>
  );
}

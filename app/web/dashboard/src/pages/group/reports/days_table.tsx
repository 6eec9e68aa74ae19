// The table of the report: a column for now and for each day, a row for everything that is counted.
import type { FiguresFragment, DayReportsQuery } from "../../../graphql/generated";
import { Time } from "../../../parts/times";
import { LOCALE, texts } from "../../../texts";
import { arrange } from "./counts";

const t = texts({
  zh: {
    caption: "现在和近 7 日的统计",
    counted: "统计项",
    now: "现在",
    refreshed: "刷新于",
    none: "没有刷新",
    nothing: "无数据",
  },
  en: {
    caption: "Counts now and on seven days",
    counted: "Counted",
    now: "Now",
    refreshed: "refreshed",
    none: "no refresh",
    nothing: "no data",
  },
});

const DAY = new Intl.DateTimeFormat(LOCALE, {
  month: "short",
  day: "numeric",
  weekday: "short",
  timeZone: "UTC", // a day is the same everywhere
});

export type DayCounts = NonNullable<NonNullable<DayReportsQuery["group"]>["reports"]>[number];

export function DaysTable({ now, days }: { now: FiguresFragment | null; days: DayCounts[] }) {
  const groups = arrange([now, ...days.map(({ statistics }) => statistics)]);
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t.caption}>
      <table class="days">
        <caption class="visually-hidden">{t.caption}</caption>
        <Head days={days} />
        {groups.map(({ name, rows }) => (
          <tbody key={name}>
            {name && (
              <tr>
                <th scope="rowgroup" colSpan={days.length + 2}>
                  {name}
                </th>
              </tr>
            )}
            {rows.map((row) => (
              <tr key={row.name}>
                <th scope="row">{row.name}</th>
                {row.counts.map((count, column) => (
                  <td key={column}>{count ?? <Nothing />}</td>
                ))}
              </tr>
            ))}
          </tbody>
        ))}
      </table>
    </div>
  );
}

function Head({ days }: { days: DayCounts[] }) {
  return (
    <thead>
      <tr>
        <th scope="col">{t.counted}</th>
        <th scope="col">{t.now}</th>
        {days.map(({ date, refreshedAt }) => (
          <th scope="col" key={date}>
            <time dateTime={date}>{DAY.format(new Date(date))}</time>
            <span class="hint">
              {refreshedAt ? (
                <>
                  {t.refreshed} <Time at={refreshedAt} />
                </>
              ) : (
                t.none
              )}
            </span>
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Nothing() {
  return (
    <span>
      <span aria-hidden="true">—</span>
      <span class="visually-hidden">{t.nothing}</span>
    </span>
  );
}

// Counts by day as stacked bars, each kind with a colour and a pattern, and as a table of the same
// numbers. What draws is loaded only when a chart is shown.
import { useEffect, useRef, useState } from "preact/hooks";
import { texts } from "../texts";
import { Button } from "./button";
import { Loading } from "./states";

const t = texts({
  zh: {
    asTable: "表格",
    asTableOf: (title: string) => `以表格显示：${title}`,
    none: "无",
    day: "日期",
  },
  en: {
    asTable: "As a table",
    asTableOf: (title: string) => `As a table: ${title}`,
    none: "none",
    day: "Day",
  },
});

/** What a kind of count means, which gives its colour. */
export type Tone = "green" | "yellow" | "red" | "grey" | "accent";

export interface Series {
  name: string;
  tone: Tone;
  /** One count for each column; null where there is none, which is not zero. */
  counts: (number | null)[];
}

export interface ChartData {
  columns: string[];
  /** What the columns are called where there is little room. */
  ticks: string[];
  series: Series[];
}

export function Chart({ title, data }: { title: string; data: ChartData }) {
  const [asTable, setAsTable] = useState(false);
  return (
    <figure class="chart" aria-label={title}>
      <header class="heading">
        <h3>{title}</h3>
        <Button
          kind="quiet"
          pressed={asTable}
          label={t.asTableOf(title)}
          onClick={() => setAsTable(!asTable)}
        >
          {t.asTable}
        </Button>
      </header>
      {!asTable && <Bars data={data} onFailure={() => setAsTable(true)} />}
      <div
        class={asTable ? "scroll" : "visually-hidden"}
        role="region"
        aria-label={title}
        tabIndex={asTable ? 0 : -1}
      >
        <Numbers title={title} data={data} />
      </div>
    </figure>
  );
}

/** The picture; for who can't see it there is the table. */
function Bars({ data, onFailure }: { data: ChartData; onFailure: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const [shown, setShown] = useState(false);
  const isDark = useIsDark();
  useEffect(() => {
    let stop = () => {};
    let over = false;
    import("./chart_bars").then(
      ({ draw }) => {
        if (over || !canvas.current) return;
        stop = draw(canvas.current, data, t.none);
        setShown(true);
      },
      () => !over && onFailure(),
    );
    return () => {
      over = true;
      stop();
    };
  }, [JSON.stringify(data), isDark]);
  return (
    <div class="bars" aria-hidden="true">
      {!shown && <Loading />}
      <canvas ref={canvas} />
    </div>
  );
}

function useIsDark(): boolean {
  const [query] = useState(() => matchMedia("(prefers-color-scheme: dark)"));
  const [isDark, setIsDark] = useState(query.matches);
  useEffect(() => {
    const follow = () => setIsDark(query.matches);
    query.addEventListener("change", follow);
    return () => query.removeEventListener("change", follow);
  }, [query]);
  return isDark;
}

function Numbers({ title, data: { columns, series } }: { title: string; data: ChartData }) {
  return (
    <table>
      <caption class="visually-hidden">{title}</caption>
      <thead>
        <tr>
          <th scope="col">{t.day}</th>
          {series.map(({ name }) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {columns.map((column, index) => (
          <tr key={column}>
            <th scope="row">{column}</th>
            {series.map(({ name, counts }) => (
              <td key={name}>{counts[index] ?? t.none}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

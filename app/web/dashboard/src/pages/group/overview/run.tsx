// One refresh: how far it is while it goes, and who was missed or only partly read.
import type { OverviewRefreshQuery, RunStepsFragment } from "../../../graphql/generated";
import { runNames } from "../../../names";
import { timeText } from "../../../parts/times";
import { counted, texts } from "../../../texts";
import { Named } from "./who";

const t = texts({
  zh: {
    progress: "刷新进度",
    of: (done: number, total: number) => `${done} / ${total} 人`,
    started: (at: string) => `${at} 开始`,
    ended: (at: string) => `${at} 结束`,
    missing: (count: number) => `${count} 人没有查到数据，保留他们较早的数据`,
    partly: (count: number) => `${count} 人的数据只读到一部分，读到的部分有效`,
    failed: "没有取得任何人的数据。可以立即再刷新一次。",
  },
  en: {
    progress: "Progress of the refresh",
    of: (done: number, total: number) => `${done} of ${counted(total, "person", "people")}`,
    started: (at: string) => `begun ${at}`,
    ended: (at: string) => `ended ${at}`,
    missing: (count: number) =>
      `The provider said nothing about ${counted(count, "person", "people")}; their older data stays`,
    partly: (count: number) =>
      `The records of ${counted(count, "person", "people")} could only partly be read; what could be read counts`,
    failed: "Nobody's data came. You can refresh again at once.",
  },
});

export type Steps = RunStepsFragment;
type KnownRun = NonNullable<
  NonNullable<NonNullable<OverviewRefreshQuery["group"]>["refresh"]>["run"]
>;
type People = KnownRun["missing"];

export function isOver({ status }: Steps): boolean {
  return status !== "QUEUED" && status !== "RUNNING";
}

/** `steps` is what was told of the newest run: it may be ahead of what was read of it. */
export function Run({ run, steps }: { run: KnownRun; steps: Steps | null }) {
  const isNewer = steps !== null && Date.parse(steps.startedAt) >= Date.parse(run.startedAt);
  const shown = isNewer ? steps : run;
  const over = isOver(shown);
  return (
    <div class="run">
      <p role="status">
        <strong>{runNames[shown.status]}</strong>{" "}
        <span class="hint">
          {shown.endedAt ? t.ended(timeText(shown.endedAt)) : t.started(timeText(shown.startedAt))}
        </span>
      </p>
      <p class="progress">
        <progress aria-label={t.progress} value={shown.done} max={Math.max(1, shown.total)} />
        <span class="hint">{t.of(shown.done, shown.total)}</span>
      </p>
      {shown.status === "FAILED" && <p>{t.failed}</p>}
      {over && shown.id === run.id && (
        <>
          <Missed title={t.missing(run.missing.length)} people={run.missing} />
          <Missed title={t.partly(run.partlyReadCount)} people={run.partlyRead} />
        </>
      )}
    </div>
  );
}

function Missed({ title, people }: { title: string; people: People }) {
  if (!people.length) return null;
  return (
    <details>
      <summary>{title}</summary>
      <ul class="names">
        {people.map((member) => (
          <li key={member.id}>
            <Named member={member} />
          </li>
        ))}
      </ul>
    </details>
  );
}

// An anomaly in words: every reason with the record behind it, and what time alone will change.
import type { AnomalyDetailFragment } from "../graphql/generated";
import { texts } from "../texts";
import { Evidence } from "./evidence";
import { Countdown } from "./times";

const t = texts({
  zh: {
    changesIn: "若没有新记录，原因将在以下时间后变化：",
    stays: "时间不会改变这些原因，需要新的健康码或核酸记录。",
  },
  en: {
    changesIn: "Without a new record, time alone changes the reasons in:",
    stays: "Time alone changes nothing here: it takes a new code or test.",
  },
});

export function Reasons({ anomaly }: { anomaly: AnomalyDetailFragment }) {
  return (
    <ul class="reasons">
      {anomaly.evidence.map((record) => (
        <li key={record.reason}>
          <Evidence record={record} />
        </li>
      ))}
    </ul>
  );
}

/** What time alone will change, and when. */
export function NextChange({ anomaly }: { anomaly: AnomalyDetailFragment }) {
  if (!anomaly.nextChangeAt) return <p class="hint">{t.stays}</p>;
  return (
    <p class="hint">
      {t.changesIn} <Countdown until={anomaly.nextChangeAt} />
    </p>
  );
}

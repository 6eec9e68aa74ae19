// Importing a roster: a line a person; what can't be taken stays in the field, and why is said.
import { useId, useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import type { RowResult } from "../../../graphql/enums";
import { ImportRosterDocument } from "../../../graphql/generated";
import { rowResultNames } from "../../../names";
import { Button } from "../../../parts/button";
import { Refusals } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { COLON, counted, texts } from "../../../texts";
import { rowsOf, type Row } from "./rows";

const t = texts({
  zh: {
    title: "导入名册",
    label: "每行一人：姓名，备注，班级或部门",
    hint: "可直接从表格粘贴；备注和班级可省略。一次最多 500 行。姓名和备注都相同的，会更新原有的一行。",
    submit: (count: number) => `导入 ${count} 行`,
    tooMany: "一次最多 500 行，请分几次导入。",
    taken: (count: number) => `已导入 ${count} 行。`,
    refused: (count: number) => `${count} 行没有导入，留在上面，请改正后再导入：`,
    line: (line: number, name: string) => `第 ${line} 行“${name}”`,
  },
  en: {
    title: "Import a roster",
    label: "A line a person: name, remark, section",
    hint: "Paste it from a spreadsheet. Remark and section may be left out. Up to 500 lines at once. A line whose name and remark are there brings that one up to date.",
    submit: (count: number) => `Import ${counted(count, "line")}`,
    tooMany: "Up to 500 lines at once: import it in parts.",
    taken: (count: number) => `${counted(count, "line was", "lines were")} taken.`,
    refused: (count: number) =>
      `${counted(count, "line was", "lines were")} not taken. Mend what is left above, and import it again:`,
    line: (line: number, name: string) => `Line ${line}, “${name}”`,
  },
});

const MOST = 500;
const TAKEN: RowResult[] = ["ADDED", "UPDATED", "UNCHANGED"];

interface Outcome {
  taken: number;
  refused: { row: Row; result: RowResult }[];
}

export function Import({ groupId }: { groupId: string }) {
  const deed = useDeed(ImportRosterDocument);
  const [text, setText] = useState("");
  const [outcome, setOutcome] = useState<Outcome | null>(null);
  const rows = rowsOf(text);
  const submit = async () => {
    const sent = rows.map(({ line: _, ...row }) => row);
    const done = await deed.run({ groupId, rows: sent });
    if (!done) return;
    const refused = (done.rows ?? []).flatMap(({ row, result }) => {
      const of = rows[row];
      return of && !TAKEN.includes(result) ? [{ row: of, result }] : [];
    });
    setOutcome({ taken: rows.length - refused.length, refused });
    const lines = text.split("\n");
    setText(refused.map(({ row }) => lines[row.line - 1]).join("\n"));
  };
  return (
    <Section title={t.title}>
      <form onSubmit={(event) => (event.preventDefault(), void submit())}>
        <Lines text={text} onInput={setText} />
        <Refusals deed={deed} />
        {rows.length > MOST && <p class="refusal">{t.tooMany}</p>}
        <div class="actions">
          <Button
            kind="primary"
            submit
            busy={deed.busy}
            disabled={!rows.length || rows.length > MOST}
          >
            {t.submit(rows.length)}
          </Button>
        </div>
      </form>
      <div role="status">{outcome && <Became outcome={outcome} />}</div>
    </Section>
  );
}

function Lines({ text, onInput }: { text: string; onInput: (text: string) => void }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{t.label}</label>
      <textarea
        id={id}
        rows={8}
        value={text}
        aria-describedby={`${id}-hint`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      <p class="hint" id={`${id}-hint`}>
        {t.hint}
      </p>
    </div>
  );
}

function Became({ outcome: { taken, refused } }: { outcome: Outcome }) {
  return (
    <>
      <p>{t.taken(taken)}</p>
      {refused.length > 0 && (
        <>
          <p>{t.refused(refused.length)}</p>
          <ul>
            {refused.map(({ row, result }) => (
              <li key={row.line}>
                {t.line(row.line, row.name)}
                {COLON}
                {rowResultNames[result]}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

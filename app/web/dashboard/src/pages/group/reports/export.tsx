// The export of a day as a file for spreadsheets.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import type { ReportFormat } from "../../../graphql/enums";
import { ExportReportDocument } from "../../../graphql/generated";
import { Button } from "../../../parts/button";
import { download, Ready, type ExportedFile } from "../../../parts/download";
import { Refusals, SelectField } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { Empty } from "../../../parts/states";
import { dayText } from "../../../parts/times";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: "导出报表",
    about:
      "导出所选日期最后一次刷新的数据，每位成员一行：姓名、备注、健康码、最新核酸结果和检测时间、接种剂次。之后退出的人不在其中。成员可以看到谁导出过自己的信息。",
    none: "近 7 日没有刷新，没有可导出的数据。请先在概况页刷新。",
    date: "日期",
    format: "文件格式",
    action: "导出",
  },
  en: {
    title: "Export",
    about:
      "The last refresh of a day, a row for each member: name, remark, code, newest test with its time, doses. Who has left since is not in it. Members can see who exported their data.",
    none: "There was no refresh within seven days, so there is nothing to export. Refresh on the overview first.",
    date: "Day",
    format: "Format",
    action: "Export",
  },
});

const FORMATS: { value: ReportFormat; name: string }[] = [
  { value: "XLSX", name: "XLSX" },
  { value: "CSV", name: "CSV" },
];

export function ExportForm({ groupId, dates }: { groupId: string; dates: string[] }) {
  return (
    <Section title={t.title}>
      <p class="hint">{t.about}</p>
      {dates[0] === undefined ? (
        <Empty>{t.none}</Empty>
      ) : (
        <Form groupId={groupId} dates={dates} newest={dates[0]} />
      )}
    </Section>
  );
}

function Form({ groupId, dates, newest }: { groupId: string; dates: string[]; newest: string }) {
  const [chosen, setChosen] = useState(newest);
  const [format, setFormat] = useState<ReportFormat>("XLSX");
  const [file, setFile] = useState<ExportedFile | null>(null);
  const report = useDeed(ExportReportDocument);
  const date = dates.includes(chosen) ? chosen : newest;
  const submit = async () => {
    setFile(null);
    const made = await report.run({ groupId, date, format });
    if (!made?.url || !made.expiresAt) return;
    download(made.url);
    setFile({ url: made.url, expiresAt: made.expiresAt });
  };
  return (
    <form class="export" onSubmit={(event) => (event.preventDefault(), void submit())}>
      <SelectField
        label={t.date}
        name="date"
        value={date}
        options={dates.map((each) => ({ value: each, name: dayText(each) }))}
        onChange={setChosen}
        refusals={report.refusals}
      />
      <SelectField
        label={t.format}
        name="format"
        value={format}
        options={FORMATS}
        onChange={setFormat}
        refusals={report.refusals}
      />
      <Button kind="primary" submit busy={report.busy}>
        {t.action}
      </Button>
      <Refusals deed={report} shownByFields={["date", "format"]} />
      {file && <Ready file={file} />}
    </form>
  );
}

// When the group reminds its members by itself, and whom of them.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  ClearReminderScheduleDocument,
  ReminderScheduleOfDocument,
  type SchedulePartsFragment,
} from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { codeNames, validityNames, weekdayNames } from "../../../names";
import { Button } from "../../../parts/button";
import { Refusals } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { Day, Time } from "../../../parts/times";
import { toast } from "../../../parts/toasts";
import { COLON, listed, texts } from "../../../texts";
import { ScheduleForm } from "./schedule_form";

const t = texts({
  zh: {
    title: "定时提醒",
    none: "没有定时提醒。",
    when: "时间",
    whom: "提醒谁",
    next: "下次",
    last: "上次",
    never: "还没有",
    anomalous: "异常的所有人",
    noNegative: (within: string) => `${within}内没有核酸阴性结果的人`,
    codes: (codes: string) => `健康码为${codes}的人`,
    set: "设置",
    change: "修改",
    clear: "停止定时提醒",
    cleared: "已停止定时提醒",
  },
  en: {
    title: "Reminders by a schedule",
    none: "Nobody is reminded by a schedule.",
    when: "When",
    whom: "Whom",
    next: "Next",
    last: "Last",
    never: "not yet",
    anomalous: "everyone who is anomalous",
    noNegative: (within: string) => `whoever has no negative test within ${within}`,
    codes: (codes: string) => `whoever's code is ${codes}`,
    set: "Set a schedule",
    change: "Change it",
    clear: "Stop it",
    cleared: "Nobody is reminded by a schedule any more",
  },
});

export function ScheduleCard({ groupId }: { groupId: string }) {
  const reading = useGroupReading(ReminderScheduleOfDocument, { groupId });
  const [edits, setEdits] = useState(false);
  return (
    <Section title={t.title}>
      <Shown reading={reading}>
        {({ group }) => {
          const schedule = group?.reminderSchedule ?? null;
          if (edits) {
            const done = () => setEdits(false);
            return <ScheduleForm groupId={groupId} schedule={schedule} onDone={done} />;
          }
          return (
            <>
              {schedule ? <Parts schedule={schedule} /> : <Empty>{t.none}</Empty>}
              <div class="actions">
                {schedule && <Clear groupId={groupId} />}
                <Button onClick={() => setEdits(true)}>{schedule ? t.change : t.set}</Button>
              </div>
            </>
          );
        }}
      </Shown>
    </Section>
  );
}

function whomText({ anomalous, noNegativeWithin, healthCodes }: SchedulePartsFragment): string {
  const whom = [
    anomalous && t.anomalous,
    noNegativeWithin !== "NONE" && t.noNegative(validityNames[noNegativeWithin]),
    healthCodes.length > 0 && t.codes(listed(healthCodes.map((code) => codeNames[code]))),
  ];
  return listed(whom.filter((each) => typeof each === "string"));
}

function Parts({ schedule }: { schedule: SchedulePartsFragment }) {
  const { at, weekdays, nextAt, lastOn } = schedule;
  return (
    <dl class="facts">
      <dt>{t.when}</dt>
      <dd>
        {at}
        {COLON}
        {listed(weekdays.map((day) => weekdayNames[day]))}
      </dd>
      <dt>{t.whom}</dt>
      <dd>{whomText(schedule)}</dd>
      <dt>{t.next}</dt>
      <dd>
        <Time at={nextAt} />
      </dd>
      <dt>{t.last}</dt>
      <dd>{lastOn ? <Day date={lastOn} /> : t.never}</dd>
    </dl>
  );
}

function Clear({ groupId }: { groupId: string }) {
  const deed = useDeed(ClearReminderScheduleDocument);
  const clear = async () => {
    if (await deed.run({ groupId })) toast(t.cleared);
  };
  return (
    <>
      <Refusals deed={deed} />
      <Button kind="danger" busy={deed.busy} onClick={() => void clear()}>
        {t.clear}
      </Button>
    </>
  );
}

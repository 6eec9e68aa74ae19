// Setting a schedule: a time, days of the week, and whom.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import type { HealthCode, NatValidity, Weekday } from "../../../graphql/enums";
import {
  SetReminderScheduleDocument,
  type SchedulePartsFragment,
} from "../../../graphql/generated";
import { codeNames, validityNames, weekdayNames } from "../../../names";
import { Button } from "../../../parts/button";
import { CheckField, optionsOf, Refusals, SelectField, TextField } from "../../../parts/fields";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";
import { AnyOf } from "../members/filters";

const t = texts({
  zh: {
    at: "时间",
    atHint: "按服务所在时区。错过四小时以上的，当天不再补发。",
    days: "星期",
    whom: "符合任一条件的成员会收到短信；同一人一小时内不会重复提醒。",
    anomalous: "届时异常的所有人",
    noNegative: "此时段内没有核酸阴性结果",
    codes: "健康码为",
    save: "保存",
    cancel: "取消",
    saved: "定时提醒已保存",
  },
  en: {
    at: "Time",
    atHint: "In the server's time zone. A turn missed by more than four hours is left out.",
    days: "Days",
    whom: "Whoever meets any of these gets an SMS; nobody is reminded twice within an hour.",
    anomalous: "Everyone who is anomalous then",
    noNegative: "No negative test within",
    codes: "Health code is",
    save: "Save",
    cancel: "Cancel",
    saved: "The schedule is saved",
  },
});

const WORKDAYS: Weekday[] = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY"];
const { WITHHELD: _, ...codes } = codeNames; // whose consent is withdrawn has no code to go by

interface Wanted {
  at: string;
  weekdays: Weekday[];
  anomalous: boolean;
  noNegativeWithin: NatValidity;
  healthCodes: HealthCode[];
}

const USUAL: Wanted = {
  at: "08:30",
  weekdays: WORKDAYS,
  anomalous: true,
  noNegativeWithin: "NONE",
  healthCodes: [],
};

/** A schedule as it may be changed. */
function wantedOf(schedule: SchedulePartsFragment | null): Wanted {
  if (!schedule) return USUAL;
  const { at, weekdays, anomalous, noNegativeWithin, healthCodes } = schedule;
  return { at, weekdays, anomalous, noNegativeWithin, healthCodes };
}

export function ScheduleForm({
  groupId,
  schedule,
  onDone,
}: {
  groupId: string;
  schedule: SchedulePartsFragment | null;
  onDone: () => void;
}) {
  const deed = useDeed(SetReminderScheduleDocument);
  const [wanted, setWanted] = useState(() => wantedOf(schedule));
  const change = (changed: Partial<Wanted>) => setWanted({ ...wanted, ...changed });
  const save = async () => {
    if (!(await deed.run({ input: { groupId, ...wanted } }))) return;
    toast(t.saved);
    onDone();
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void save())}>
      <TextField
        label={t.at}
        hint={t.atHint}
        name="at"
        type="time"
        required
        takesFocus
        value={wanted.at}
        refusals={deed.refusals}
        onInput={(at) => change({ at })}
      />
      <AnyOf
        title={t.days}
        names={weekdayNames}
        chosen={wanted.weekdays}
        onChange={(weekdays) => change({ weekdays })}
      />
      <p class="hint">{t.whom}</p>
      <CheckField
        label={t.anomalous}
        checked={wanted.anomalous}
        onChange={(anomalous) => change({ anomalous })}
      />
      <SelectField
        label={t.noNegative}
        value={wanted.noNegativeWithin}
        options={optionsOf(validityNames)}
        onChange={(noNegativeWithin) => change({ noNegativeWithin })}
      />
      <AnyOf
        title={t.codes}
        names={codes}
        chosen={wanted.healthCodes}
        onChange={(healthCodes) => change({ healthCodes })}
      />
      <Refusals deed={deed} shownByFields={["at"]} />
      <div class="actions">
        <Button onClick={onDone}>{t.cancel}</Button>
        <Button kind="primary" submit busy={deed.busy}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}

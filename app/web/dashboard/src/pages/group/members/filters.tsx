// Which members are shown: each filter by what it is about; within one, any of what is ticked.
import type { ComponentChildren } from "preact";
import { Button } from "../../../parts/button";
import { CheckField, SelectField } from "../../../parts/fields";
import { codeNames, reasonNames, resultNames, roleNames, windowNames } from "../../../names";
import { texts } from "../../../texts";
import { useSectionNames } from "../sections/names";
import { DOSES, EVERYONE, filtersSet, NONE, type Choice, type Doses, type View } from "./view";

const t = texts({
  zh: {
    filters: "筛选",
    set: (count: number) => `筛选（已选 ${count} 项）`,
    clear: "清除筛选",
    sections: "班级或部门",
    none: "未分",
    codes: "健康码",
    reasons: "异常原因",
    windows: "最近一次核酸结果的时间",
    results: "核酸结果",
    doses: "疫苗接种剂次",
    roles: "角色",
    anomalous: "是否异常",
    student: "是否学生",
    leaving: "是否申请退团",
    any: "不限",
    yes: "是",
    no: "否",
    dose: (dose: string) => `${dose} 剂`,
  },
  en: {
    filters: "Filters",
    set: (count: number) => `Filters (${count} set)`,
    clear: "Clear filters",
    sections: "Section",
    none: "In none",
    codes: "Health code",
    reasons: "Reason of the anomaly",
    windows: "Age of the newest test result",
    results: "Test result",
    doses: "Vaccine doses",
    roles: "Role",
    anomalous: "Anomalous",
    student: "Student",
    leaving: "Asked to leave",
    any: "Any",
    yes: "Yes",
    no: "No",
    dose: (dose: string) => dose,
  },
});

const doseNames = Object.fromEntries(DOSES.map((dose) => [dose, t.dose(dose)])) as Record<
  Doses,
  string
>;
const { PENDING: _, ...results } = resultNames; // a pending test is no result
const choices: { value: Choice; name: string }[] = [
  { value: "", name: t.any },
  { value: "yes", name: t.yes },
  { value: "no", name: t.no },
];

interface Props {
  groupId: string;
  view: View;
  onChange: (view: View) => void;
}

export function Filters({ groupId, view, onChange }: Props) {
  const sections = useSectionNames(groupId);
  const count = filtersSet(view);
  const change = (part: Partial<View>) => onChange({ ...view, ...part });
  const { order, descending } = view;
  return (
    <details class="filters">
      <summary>{count ? t.set(count) : t.filters}</summary>
      <div class="kinds">
        <Choose
          label={t.anomalous}
          value={view.anomalous}
          onChange={(anomalous) => change({ anomalous })}
        />
        <Choose
          label={t.student}
          value={view.student}
          onChange={(student) => change({ student })}
        />
        <Choose
          label={t.leaving}
          value={view.leaving}
          onChange={(leaving) => change({ leaving })}
        />
      </div>
      <div class="kinds">
        {sections && Object.keys(sections).length > 0 && (
          <AnyOf
            title={t.sections}
            names={{ ...sections, [NONE]: t.none }}
            chosen={view.sections}
            onChange={(sections) => change({ sections })}
          />
        )}
        <AnyOf
          title={t.codes}
          names={codeNames}
          chosen={view.codes}
          onChange={(codes) => change({ codes })}
        />
        <AnyOf
          title={t.reasons}
          names={reasonNames}
          chosen={view.reasons}
          onChange={(reasons) => change({ reasons })}
        />
        <AnyOf
          title={t.windows}
          names={windowNames}
          chosen={view.windows}
          onChange={(windows) => change({ windows })}
        />
        <AnyOf
          title={t.results}
          names={results}
          chosen={view.results}
          onChange={(results) => change({ results })}
        />
        <AnyOf
          title={t.doses}
          names={doseNames}
          chosen={view.doses}
          onChange={(doses) => change({ doses })}
        />
        <AnyOf
          title={t.roles}
          names={roleNames}
          chosen={view.roles}
          onChange={(roles) => change({ roles })}
        />
      </div>
      <Button disabled={!count} onClick={() => onChange({ ...EVERYONE, order, descending })}>
        {t.clear}
      </Button>
    </details>
  );
}

function Choose(props: { label: string; value: Choice; onChange: (value: Choice) => void }) {
  return <SelectField {...props} options={choices} />;
}

/** A set of boxes to tick. */
export function AnyOf<Value extends string>({
  title,
  names,
  chosen,
  onChange,
}: {
  title: ComponentChildren;
  names: Partial<Record<Value, string>>;
  chosen: readonly Value[];
  onChange: (chosen: Value[]) => void;
}) {
  const all = Object.keys(names) as Value[];
  const toggle = (value: Value, on: boolean) =>
    onChange(all.filter((each) => (each === value ? on : chosen.includes(each))));
  return (
    <fieldset>
      <legend>{title}</legend>
      {all.map((value) => (
        <CheckField
          key={value}
          label={names[value]}
          checked={chosen.includes(value)}
          onChange={(on) => toggle(value, on)}
        />
      ))}
    </fieldset>
  );
}

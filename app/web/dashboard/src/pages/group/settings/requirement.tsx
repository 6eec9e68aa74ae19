// The requirement as the creator sets it: what it would change is shown before.
import { useState } from "preact/hooks";
import type { HealthCode, NatValidity } from "../../../graphql/enums";
import { useDeed } from "../../../graphql/deeds";
import { RequirementPreviewDocument, SetRequirementDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { codeNames, validityNames } from "../../../names";
import { Button } from "../../../parts/button";
import { CheckField, optionsOf, Refusals, SelectField } from "../../../parts/fields";
import { Shown } from "../../../parts/states";
import { toast } from "../../../parts/toasts";
import { counted, texts } from "../../../texts";
import { Named } from "../overview/who";

const t = texts({
  zh: {
    validity: "核酸有效时间",
    validityHint: "从检测出结果的时间起算。",
    codes: "除红码外，还列为异常并告警的健康码",
    codesHint: "只影响异常名单和告警；团体码颜色始终计算所有健康码。",
    set: "设置",
    done: "防疫要求已设置",
    none: "按这个要求，没有人会新变为异常。",
    more: (count: number) => `按这个要求，将有 ${count} 人新变为异常`,
    after: (count: number) => `异常总人数将为 ${count} 人。`,
  },
  en: {
    validity: "A negative test is valid for",
    validityHint: "Counted from the time of the result.",
    codes: "Codes beside red that are listed and alerted as anomalies",
    codesHint: "This is for lists and alerts; the group's colour always counts every code.",
    set: "Set the requirement",
    done: "The requirement is set",
    none: "Nobody would turn anomalous by this.",
    more: (count: number) => `${counted(count, "person", "people")} would turn anomalous by this`,
    after: (count: number) => `${count} would be anomalous in all.`,
  },
});

const CHOOSABLE: HealthCode[] = ["YELLOW", "UNKNOWN"];

interface Requirement {
  natValidity: NatValidity;
  anomalousCodes: readonly HealthCode[];
}

function isSame(one: Requirement, other: Requirement): boolean {
  const codes = ({ anomalousCodes }: Requirement) => [...anomalousCodes].sort().join();
  return one.natValidity === other.natValidity && codes(one) === codes(other);
}

interface Props {
  groupId: string;
  requirement: Requirement;
  onSet?: () => void;
}

export function RequirementForm({ groupId, requirement, onSet }: Props) {
  const [edited, setEdited] = useState<Partial<Requirement>>({});
  const { natValidity, anomalousCodes } = { ...requirement, ...edited };
  const deed = useDeed(SetRequirementDocument);
  const submit = async () => {
    if (!(await deed.run({ groupId, natValidity, anomalousCodes: [...anomalousCodes] }))) return;
    setEdited({});
    toast(t.done);
    onSet?.();
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void submit())}>
      <SelectField
        label={t.validity}
        hint={t.validityHint}
        name="natValidity"
        refusals={deed.refusals}
        value={natValidity}
        options={optionsOf(validityNames)}
        onChange={(natValidity) => setEdited({ ...edited, natValidity })}
      />
      <Codes
        codes={anomalousCodes}
        onChange={(anomalousCodes) => setEdited({ ...edited, anomalousCodes })}
      />
      {!isSame({ natValidity, anomalousCodes }, requirement) && (
        <Preview groupId={groupId} natValidity={natValidity} anomalousCodes={anomalousCodes} />
      )}
      <Refusals deed={deed} shownByFields={["natValidity"]} />
      <div class="actions">
        <Button kind="primary" submit busy={deed.busy}>
          {t.set}
        </Button>
      </div>
    </form>
  );
}

function Codes({
  codes,
  onChange,
}: {
  codes: readonly HealthCode[];
  onChange: (codes: HealthCode[]) => void;
}) {
  return (
    <fieldset>
      <legend>{t.codes}</legend>
      {CHOOSABLE.map((code) => (
        <CheckField
          key={code}
          label={codeNames[code]}
          checked={codes.includes(code)}
          onChange={(checked) =>
            onChange(CHOOSABLE.filter((each) => (each === code ? checked : codes.includes(each))))
          }
        />
      ))}
      <p class="hint">{t.codesHint}</p>
    </fieldset>
  );
}

/** How many and who would turn anomalous. */
function Preview({ groupId, natValidity, anomalousCodes }: Requirement & { groupId: string }) {
  const reading = useGroupReading(RequirementPreviewDocument, {
    groupId,
    natValidity,
    anomalousCodes: [...anomalousCodes],
  });
  return (
    <div class="preview" aria-live="polite">
      <Shown reading={reading}>
        {({ group }) => {
          const preview = group?.requirementPreview;
          if (!preview) return null;
          return (
            <>
              {preview.count === 0 && <p>{t.none}</p>}
              {preview.count > 0 && (
                <details>
                  <summary>{t.more(preview.count)}</summary>
                  <ul class="names">
                    {preview.members.map((member) => (
                      <li key={member.id}>
                        <Named member={member} />
                      </li>
                    ))}
                  </ul>
                </details>
              )}
              <p>{t.after(preview.anomalousAfter)}</p>
            </>
          );
        }}
      </Shown>
    </div>
  );
}

// What the group asks of its members; the creator sets it, shown before whom it would turn anomalous.
import { useState } from "preact/hooks";
import { OverviewRequirementDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { codeNames, validityNames } from "../../../names";
import { Button } from "../../../parts/button";
import { Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { texts } from "../../../texts";
import type { PartProps } from "../group";
import { RequirementForm } from "../settings/requirement";

const t = texts({
  zh: {
    title: "防疫要求",
    validity: "核酸有效时间",
    codes: "列为异常的健康码",
    change: "修改",
    close: "收起",
    separator: "、",
  },
  en: {
    title: "Requirement",
    validity: "A negative test is valid for",
    codes: "Codes listed as anomalies",
    change: "Change",
    close: "Close",
    separator: ", ",
  },
});

export function RequirementCard({ group }: PartProps) {
  const reading = useGroupReading(OverviewRequirementDocument, { groupId: group.id });
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section
      title={t.title}
      beside={
        group.viewerRole === "CREATOR" && (
          <Button expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? t.close : t.change}
          </Button>
        )
      }
    >
      <Shown reading={reading}>
        {({ group: read }) =>
          read && (
            <>
              <dl class="facts">
                <dt>{t.validity}</dt>
                <dd>{validityNames[read.requirement.natValidity]}</dd>
                <dt>{t.codes}</dt>
                <dd>
                  {["RED" as const, ...read.requirement.anomalousCodes]
                    .map((code) => codeNames[code])
                    .join(t.separator)}
                </dd>
              </dl>
              {isOpen && (
                <RequirementForm
                  groupId={group.id}
                  requirement={read.requirement}
                  onSet={() => setIsOpen(false)}
                />
              )}
            </>
          )
        }
      </Shown>
    </Section>
  );
}

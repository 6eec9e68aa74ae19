// What the group asks of its members; the creator sets it, shown before whom it would turn anomalous.
import { useState } from "preact/hooks";
import { OverviewRequirementDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { codeNames, validityNames } from "../../../names";
import { Button } from "../../../parts/button";
import { Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { listed, texts } from "../../../texts";
import { RequirementForm } from "../settings/requirement";

const t = texts({
  zh: {
    title: "防疫要求",
    validity: "核酸有效时间",
    codes: "列为异常的健康码",
    change: "修改",
    close: "收起",
  },
  en: {
    title: "Requirement",
    validity: "A negative test is valid for",
    codes: "Codes listed as anomalies",
    change: "Change",
    close: "Close",
  },
});

export function RequirementCard({ groupId, isCreator }: { groupId: string; isCreator: boolean }) {
  const reading = useGroupReading(OverviewRequirementDocument, { groupId });
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section
      title={t.title}
      beside={
        isCreator && (
          <Button expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
            {isOpen ? t.close : t.change}
          </Button>
        )
      }
    >
      <Shown reading={reading}>
        {({ group }) =>
          group && (
            <>
              <dl class="facts">
                <dt>{t.validity}</dt>
                <dd>{validityNames[group.requirement.natValidity]}</dd>
                <dt>{t.codes}</dt>
                <dd>
                  {listed(
                    ["RED" as const, ...group.requirement.anomalousCodes].map(
                      (code) => codeNames[code],
                    ),
                  )}
                </dd>
              </dl>
              {isOpen && (
                <RequirementForm
                  groupId={groupId}
                  requirement={group.requirement}
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

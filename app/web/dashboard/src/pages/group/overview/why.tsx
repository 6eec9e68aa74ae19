// Why the group has its colour: each reason with its count and, opened, who.
import { useState } from "preact/hooks";
import type { AnomalyReason, HealthCode } from "../../../graphql/enums";
import { OverviewWhyDocument, type OverviewWhyQuery } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { reasonNames } from "../../../names";
import { ColourBadge } from "../../../parts/badges";
import { Button } from "../../../parts/button";
import { Section } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { counted, texts } from "../../../texts";
import { Unlisted, Who } from "./who";

const t = texts({
  zh: {
    title: "团体码颜色与原因",
    green: "没有人触发变色，团体码为绿码。",
    of: (count: number, limit: number) => `成员 ${count} / ${limit} 人`,
    people: (count: number) => `${count} 人`,
    reasons: "变色原因",
  },
  en: {
    title: "Colour, and why",
    green: "Nobody gives the group a reason to be anything but green.",
    of: (count: number, limit: number) => `${count} of at most ${limit} people`,
    people: (count: number) => counted(count, "person", "people"),
    reasons: "Reasons",
  },
});

type Group = NonNullable<OverviewWhyQuery["group"]>;

/** The codes that a group may leave off its list of anomalies. */
const CODES: Partial<Record<AnomalyReason, HealthCode>> = {
  CODE_YELLOW: "YELLOW",
  CODE_UNKNOWN: "UNKNOWN",
};

export function Why({ groupId }: { groupId: string }) {
  const reading = useGroupReading(OverviewWhyDocument, { groupId });
  return (
    <Section title={t.title}>
      <Shown reading={reading}>{({ group }) => group && <Reasons group={group} />}</Shown>
    </Section>
  );
}

function Reasons({ group }: { group: Group }) {
  const reasons = group.colourReasons ?? [];
  return (
    <div class={`why ${group.colour.toLowerCase()}`}>
      <p role="status">
        <ColourBadge colour={group.colour} />{" "}
        <span class="hint">{t.of(group.memberCount ?? 0, group.memberLimit ?? 0)}</span>
      </p>
      {!reasons.length && <Empty>{t.green}</Empty>}
      {reasons.length > 0 && (
        <ul class="colour-reasons" aria-label={t.reasons}>
          {reasons.map(({ reason, count }) => (
            <Reason key={reason} group={group} reason={reason} count={count} />
          ))}
        </ul>
      )}
    </div>
  );
}

function Reason({ group, reason, count }: { group: Group; reason: AnomalyReason; count: number }) {
  const [isOpen, setIsOpen] = useState(false);
  const code = CODES[reason];
  const unlisted = code && !group.requirement.anomalousCodes.includes(code) ? code : null;
  return (
    <li>
      <Button kind="quiet" expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <strong>{reasonNames[reason]}</strong> · {t.people(count)}
      </Button>
      {isOpen && unlisted && <Unlisted groupId={group.id} code={unlisted} count={count} />}
      {isOpen && !unlisted && <Who groupId={group.id} reason={reason} count={count} />}
    </li>
  );
}

// The members who don't meet the requirement: why, since when, by which record, what changes next.
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import type { AnomalyReason } from "../../../graphql/enums";
import { AnomaliesDocument, type AnomaliesQuery } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { links } from "../../../links";
import { reasonNames } from "../../../names";
import { NextChange, Reasons } from "../../../parts/anomaly";
import { CodeBadge } from "../../../parts/badges";
import { Button } from "../../../parts/button";
import { optionsOf } from "../../../parts/fields";
import { Grow, useGrowing } from "../../../parts/growing";
import { Section } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { Age, Time } from "../../../parts/times";
import { counted, texts } from "../../../texts";
import type { PartProps } from "../group";
import { Detail } from "../members/detail";
import { rowId, useOpened } from "../members/opened";
import { Reminders } from "./reminders";

const t = texts({
  zh: {
    title: "异常人员名单",
    remind: "健康消息提醒",
    reasons: "按异常原因筛选",
    all: "全部",
    count: (count: number) => `${count} 人`,
    none: "现在没有异常人员。",
    noneOf: (reason: string) => `现在没有“${reason}”的异常人员。`,
    since: "异常开始于",
    student: "学生",
    ward: (guardian: string) => `由 ${guardian} 代加入`,
  },
  en: {
    title: "Anomalies",
    remind: "Send health reminders",
    reasons: "Filter by reason",
    all: "All",
    count: (count: number) => counted(count, "person", "people"),
    none: "Nobody is anomalous now.",
    noneOf: (reason: string) => `Nobody is listed now for: ${reason}.`,
    since: "Anomalous since",
    student: "student",
    ward: (guardian: string) => `enrolled by ${guardian}`,
  },
});

type Anomaly = NonNullable<NonNullable<AnomaliesQuery["group"]>["anomalies"]>["nodes"][number];

export function Anomalies({ group }: PartProps) {
  const { query } = useLocation();
  const [isReminding, setReminding] = useState(false);
  const { memberId, hrefOf, close } = useOpened();
  const reason = optionsOf(reasonNames).find(({ value }) => value === query.reason)?.value;
  return (
    <Section
      title={t.title}
      beside={
        <Button kind="primary" onClick={() => setReminding(true)}>
          {t.remind}
        </Button>
      }
    >
      <ReasonLinks groupId={group.id} chosen={reason} />
      <List groupId={group.id} reason={reason} hrefOf={hrefOf} />
      {isReminding && <Reminders groupId={group.id} onClose={() => setReminding(false)} />}
      {memberId && <Detail key={memberId} group={group} memberId={memberId} onClose={close} />}
    </Section>
  );
}

function ReasonLinks({ groupId, chosen }: { groupId: string; chosen: AnomalyReason | undefined }) {
  return (
    <nav class="reason-links" aria-label={t.reasons}>
      <a href={links.anomalies(groupId)} aria-current={chosen ? undefined : "page"}>
        {t.all}
      </a>
      {optionsOf(reasonNames).map(({ value, name }) => (
        <a
          key={value}
          href={links.anomalies(groupId, value)}
          aria-current={value === chosen ? "page" : undefined}
        >
          {name}
        </a>
      ))}
    </nav>
  );
}

interface ListProps {
  groupId: string;
  reason: AnomalyReason | undefined;
  hrefOf: (memberId: string) => string;
}

function List({ groupId, reason, hrefOf }: ListProps) {
  const { first, grow } = useGrowing(reason ?? "");
  const where = { anomalous: true, anomalyReasons: reason ? [reason] : null };
  const reading = useGroupReading(AnomaliesDocument, { groupId, where, first });
  return (
    <Shown reading={reading}>
      {({ group }) => {
        const { nodes = [], pageInfo } = group?.anomalies ?? {};
        if (!nodes.length) return <Empty>{reason ? t.noneOf(reasonNames[reason]) : t.none}</Empty>;
        return (
          <>
            <p role="status">{t.count(group?.membersCount ?? nodes.length)}</p>
            <ul class="anomalies">
              {nodes.map((anomaly) => (
                <Item key={anomaly.id} anomaly={anomaly} href={hrefOf(anomaly.member.id)} />
              ))}
            </ul>
            {pageInfo?.hasNextPage && <Grow busy={reading.reading} onMore={grow} />}
          </>
        );
      }}
    </Shown>
  );
}

function Item({ anomaly, href }: { anomaly: Anomaly; href: string }) {
  const { id, remark, healthCode, person, enrolledBy } = anomaly.member;
  const known = [
    remark,
    person.student ? t.student : null,
    enrolledBy ? t.ward(enrolledBy.name) : null,
  ];
  return (
    <li>
      <h3>
        <a id={rowId(id)} href={href}>
          {person.name}
        </a>{" "}
        <CodeBadge code={healthCode} />
      </h3>
      <p class="hint">{known.filter(Boolean).join(" · ")}</p>
      <Reasons anomaly={anomaly} />
      <p class="hint">
        {t.since} <Time at={anomaly.openedAt} /> (<Age at={anomaly.openedAt} />)
      </p>
      <NextChange anomaly={anomaly} />
    </li>
  );
}

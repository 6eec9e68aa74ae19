// Who gives the group its colour: the first few, since when, by which record, what changes next.
import type { AnomalyReason, HealthCode } from "../../../graphql/enums";
import {
  OverviewUnlistedDocument,
  OverviewWhoDocument,
  type OverviewAnomalyFragment,
} from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { links } from "../../../links";
import { NextChange, Reasons } from "../../../parts/anomaly";
import { Shown } from "../../../parts/states";
import { timeText } from "../../../parts/times";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    since: (at: string) => `异常自 ${at}`,
    all: (count: number) => `在名单中查看（${count} 人）`,
    unlisted: "防疫要求没有把这种健康码列为异常，但团体码颜色仍会计算它。",
    remark: (remark: string) => `（${remark}）`,
    codeSince: (at: string) => `健康码自 ${at}`,
  },
  en: {
    since: (at: string) => `anomalous since ${at}`,
    all: (count: number) => `See them in the list (${count})`,
    unlisted:
      "The requirement doesn't list this code as an anomaly; the group's colour counts it all the same.",
    remark: (remark: string) => ` (${remark})`,
    codeSince: (at: string) => `code since ${at}`,
  },
});

const FIRST = 5; // as many are shown here; all of them on the page of anomalies

interface Props {
  groupId: string;
  count: number;
}

export function Who({ groupId, reason, count }: Props & { reason: AnomalyReason }) {
  const reading = useGroupReading(OverviewWhoDocument, { groupId, reason, first: FIRST });
  return (
    <Shown reading={reading}>
      {({ group }) => (
        <>
          <ul class="who">
            {group?.anomalies?.nodes.map((anomaly) => (
              <Anomalous key={anomaly.id} groupId={groupId} anomaly={anomaly} />
            ))}
          </ul>
          <a href={links.anomalies(groupId, reason)}>{t.all(count)}</a>
        </>
      )}
    </Shown>
  );
}

function Anomalous({ groupId, anomaly }: { groupId: string; anomaly: OverviewAnomalyFragment }) {
  return (
    <li>
      <p>
        <MemberLink groupId={groupId} member={anomaly.member} />{" "}
        <span class="hint">{t.since(timeText(anomaly.openedAt))}</span>
      </p>
      <Reasons anomaly={anomaly} />
      <NextChange anomaly={anomaly} />
    </li>
  );
}

export function Unlisted({ groupId, code, count }: Props & { code: HealthCode }) {
  const reading = useGroupReading(OverviewUnlistedDocument, { groupId, code, first: FIRST });
  return (
    <Shown reading={reading}>
      {({ group }) => (
        <>
          <p class="hint">{t.unlisted}</p>
          <ul class="who">
            {group?.members?.nodes.map((member) => (
              <li key={member.id}>
                <MemberLink groupId={groupId} member={member} />{" "}
                {member.healthCodeAt && (
                  <span class="hint">{t.codeSince(timeText(member.healthCodeAt))}</span>
                )}
              </li>
            ))}
          </ul>
          <a href={links.membersOf(groupId, code)}>{t.all(count)}</a>
        </>
      )}
    </Shown>
  );
}

function MemberLink({ groupId, member }: { groupId: string; member: Member & { id: string } }) {
  return (
    <a href={links.member(groupId, member.id)}>
      <Named member={member} />
    </a>
  );
}

interface Member {
  remark: string;
  person: { name: string };
}

/** A name with its remark; those who read lists of people know them by either. */
export function Named({ member }: { member: Member }) {
  return (
    <>
      <strong>{member.person.name}</strong>
      {member.remark && t.remark(member.remark)}
    </>
  );
}

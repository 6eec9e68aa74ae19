// The list of members: a table whose headers order it, on a phone a list of cards.
import { useMemo } from "preact/hooks";
import type { MemberOrderField } from "../../../graphql/enums";
import type { MemberRowFragment } from "../../../graphql/generated";
import { memberOrderNames, reasonNames, resultNames, roleNames } from "../../../names";
import { CodeBadge } from "../../../parts/badges";
import { Age, Countdown, Time } from "../../../parts/times";
import { listed, texts } from "../../../texts";
import { rowId } from "./opened";

const t = texts({
  zh: {
    caption: "成员",
    doses: "疫苗接种",
    anomaly: "异常",
    none: "无",
    noTest: "无结果",
    dose: (count: number) => `${count} 剂`,
    student: "学生",
    ward: (guardian: string) => `由 ${guardian} 代加入`,
    leaving: "申请退团，剩余",
  },
  en: {
    caption: "Members",
    doses: "Doses",
    anomaly: "Anomaly",
    none: "none",
    noTest: "no result",
    dose: (count: number) => String(count),
    student: "student",
    ward: (guardian: string) => `enrolled by ${guardian}`,
    leaving: "asked to leave, out in",
  },
});

const UNKNOWN = "—";

/** The columns; those with a field can be ordered by. */
const COLUMNS: { name: string; field?: MemberOrderField }[] = [
  { name: memberOrderNames.NAME, field: "NAME" },
  { name: memberOrderNames.REMARK, field: "REMARK" },
  { name: memberOrderNames.HEALTH_CODE, field: "HEALTH_CODE" },
  { name: memberOrderNames.TEST_AGE, field: "TEST_AGE" },
  { name: t.doses },
  { name: t.anomaly },
  { name: memberOrderNames.JOINED_AT, field: "JOINED_AT" },
];

interface Ordered {
  order: MemberOrderField;
  descending: boolean;
  onOrder: (order: MemberOrderField, descending: boolean) => void;
}

interface Props extends Ordered {
  members: MemberRowFragment[];
  count: number;
  hrefOf: (memberId: string) => string;
}

// Rows are laid out as grids so that those off the screen cost nothing; the roles say it is a table.
export function MemberTable({ members, count, hrefOf, ...ordered }: Props) {
  return (
    <table role="table" class="members" aria-rowcount={count + 1}>
      <caption class="visually-hidden">{t.caption}</caption>
      <thead role="rowgroup">
        <tr role="row" aria-rowindex={1}>
          {COLUMNS.map(({ name, field }) => (
            <Header key={name} name={name} field={field} {...ordered} />
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {members.map((member, index) => (
          <Row key={member.id} member={member} index={index} href={hrefOf(member.id)} />
        ))}
      </tbody>
    </table>
  );
}

function Header({
  name,
  field,
  order,
  descending,
  onOrder,
}: Ordered & { name: string; field: MemberOrderField | undefined }) {
  if (!field) {
    return (
      <th role="columnheader" scope="col">
        {name}
      </th>
    );
  }
  const isOrder = field === order;
  const direction = descending ? "descending" : "ascending";
  return (
    <th role="columnheader" scope="col" aria-sort={isOrder ? direction : "none"}>
      <button type="button" class="order" onClick={() => onOrder(field, isOrder && !descending)}>
        {name} <span aria-hidden="true">{isOrder ? (descending ? "↓" : "↑") : "↕"}</span>
      </button>
    </th>
  );
}

interface RowProps {
  member: MemberRowFragment;
  index: number;
  href: string;
}

/** One row; it is made anew only when its member changed. */
function Row({ member, index, href }: RowProps) {
  return useMemo(() => <Cells member={member} index={index} href={href} />, [member, index, href]);
}

function Cells({ member, index, href }: RowProps) {
  const { person, latestTest, anomaly } = member;
  const isWithheld = member.healthCode === "WITHHELD"; // nothing else is known then, either
  return (
    <tr role="row" aria-rowindex={index + 2}>
      <th role="rowheader" scope="row">
        <a id={rowId(member.id)} href={href}>
          {person.name}
        </a>
        <Who member={member} />
      </th>
      <td role="cell" data-label={memberOrderNames.REMARK}>
        {member.remark || UNKNOWN}
      </td>
      <td role="cell" data-label={memberOrderNames.HEALTH_CODE}>
        <CodeBadge code={member.healthCode} />
      </td>
      <td role="cell" data-label={memberOrderNames.TEST_AGE}>
        {isWithheld ? UNKNOWN : <NewestTest test={latestTest} />}
      </td>
      <td role="cell" data-label={t.doses}>
        {isWithheld ? UNKNOWN : t.dose(member.doses)}
      </td>
      <td role="cell" data-label={t.anomaly}>
        {isWithheld ? UNKNOWN : reasonsText(anomaly)}
      </td>
      <td role="cell" data-label={memberOrderNames.JOINED_AT}>
        <Time at={member.joinedAt} />
      </td>
    </tr>
  );
}

function NewestTest({ test }: { test: MemberRowFragment["latestTest"] }) {
  if (!test) return <>{t.noTest}</>;
  return (
    <>
      {resultNames[test.result]} <Age at={test.testedAt ?? test.sampledAt} />
    </>
  );
}

function reasonsText(anomaly: MemberRowFragment["anomaly"]): string {
  return anomaly ? listed(anomaly.reasons.map((reason) => reasonNames[reason])) : t.none;
}

/** What else is known of who it is. */
function Who({
  member: { person, role, enrolledBy, leaveRequest },
}: {
  member: MemberRowFragment;
}) {
  const known = [
    person.idNumberMasked,
    role === "MEMBER" ? null : roleNames[role],
    person.student ? t.student : null,
    enrolledBy ? t.ward(enrolledBy.name) : null,
  ];
  return (
    <div class="hint">
      {known.filter(Boolean).join(" · ")}
      {leaveRequest && (
        <div>
          {t.leaving} <Countdown until={leaveRequest.dueAt} />
        </div>
      )}
    </div>
  );
}

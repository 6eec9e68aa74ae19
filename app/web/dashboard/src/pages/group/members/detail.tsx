// One member in detail, in a dialog over the list that they were opened from.
import type { ComponentChildren } from "preact";
import { isGone } from "../../../graphql/failures";
import {
  MemberDetailDocument,
  type GroupCardFragment,
  type MemberDetailFragment,
} from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { roleNames } from "../../../names";
import { NextChange, Reasons } from "../../../parts/anomaly";
import { Dialog } from "../../../parts/dialog";
import { Empty, Shown } from "../../../parts/states";
import { Countdown, Time } from "../../../parts/times";
import { texts } from "../../../texts";
import { Deeds } from "./deeds";
import { Consents, Health } from "./health";
import { Remark } from "./remark";
import { SectionOf } from "./section";

const t = texts({
  zh: {
    member: "成员",
    gone: "该成员已不在团体中。",
    basics: "基本信息",
    idNumber: "证件号码",
    phone: "手机号",
    noPhone: "已失效（号码已归他人）",
    role: "角色",
    student: "学生",
    enrolledBy: "代加入的监护人",
    joinedAt: "加入时间",
    leaving: "申请退团",
    asked: "申请时间",
    outIn: "自动退团倒计时",
    reason: "原因",
    anomaly: "异常",
    none: "符合防疫要求，没有异常。",
    since: "异常开始时间",
    health: "健康信息",
    withheld: "对方已撤回授权：不能再查看其健康信息，24 小时内退出团体。",
  },
  en: {
    member: "Member",
    gone: "This member isn't in the group any more.",
    basics: "Basics",
    idNumber: "ID number",
    phone: "Phone",
    noPhone: "None (the number is somebody else's by now)",
    role: "Role",
    student: "student",
    enrolledBy: "Enrolled by",
    joinedAt: "Joined",
    leaving: "Asked to leave",
    asked: "Asked at",
    outIn: "Out by itself in",
    reason: "Reason",
    anomaly: "Anomaly",
    none: "Meets the requirement: no anomaly.",
    since: "Anomalous since",
    health: "Health",
    withheld:
      "They withdrew their consent: nothing of their health is shown any more, and they are out within 24 hours.",
  },
});

interface Props {
  group: GroupCardFragment;
  memberId: string;
  onClose: () => void;
}

export function Detail({ group, memberId, onClose }: Props) {
  const reading = useGroupReading(MemberDetailDocument, { groupId: group.id, memberId });
  const found = memberOf(reading.data?.node);
  const isOver = reading.error && isGone(reading.error);
  const isOwn = reading.data?.group?.viewerMembers.some(({ id }) => id === memberId) ?? false;
  return (
    <Dialog title={found?.person.name ?? t.member} onClose={onClose}>
      {isOver ? (
        <Empty>{t.gone}</Empty>
      ) : (
        <Shown reading={reading}>
          {() =>
            found && (
              <div class="member-detail">
                <Basics groupId={group.id} member={found} />
                <Leaving member={found} />
                {found.healthCode === "WITHHELD" ? (
                  <Withheld />
                ) : (
                  <>
                    <Anomalous member={found} />
                    <Health member={found} />
                  </>
                )}
                {isOwn && <Consents groupId={group.id} memberId={memberId} />}
                <Deeds group={group} member={found} onGone={onClose} />
              </div>
            )
          }
        </Shown>
      )}
    </Dialog>
  );
}

function memberOf(node: object | null | undefined): MemberDetailFragment | null {
  return node && "person" in node ? (node as MemberDetailFragment) : null;
}

function Part({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

function Basics({ groupId, member }: { groupId: string; member: MemberDetailFragment }) {
  const { person, role, enrolledBy, joinedAt } = member;
  return (
    <Part title={t.basics}>
      <dl>
        <dt>{t.idNumber}</dt>
        <dd>{person.idNumberMasked}</dd>
        <dt>{t.phone}</dt>
        <dd>
          <Phone phone={member.phone} />
        </dd>
        <dt>{t.role}</dt>
        <dd>
          {roleNames[role]}
          {person.student && ` · ${t.student}`}
        </dd>
        {enrolledBy && (
          <>
            <dt>{t.enrolledBy}</dt>
            <dd>{enrolledBy.name}</dd>
          </>
        )}
        <dt>{t.joinedAt}</dt>
        <dd>
          <Time at={joinedAt} />
        </dd>
      </dl>
      <Remark member={member} />
      <SectionOf groupId={groupId} member={member} />
    </Part>
  );
}

/** A number to call; one that is masked is only shown. */
function Phone({ phone }: { phone: string }) {
  if (!phone) return <>{t.noPhone}</>;
  return /^\+\d+$/.test(phone) ? <a href={`tel:${phone}`}>{phone}</a> : <>{phone}</>;
}

function Leaving({ member: { leaveRequest } }: { member: MemberDetailFragment }) {
  if (!leaveRequest) return null;
  return (
    <Part title={t.leaving}>
      <dl>
        <dt>{t.reason}</dt>
        <dd>{leaveRequest.reason}</dd>
        <dt>{t.asked}</dt>
        <dd>
          <Time at={leaveRequest.requestedAt} />
        </dd>
        <dt>{t.outIn}</dt>
        <dd>
          <Countdown until={leaveRequest.dueAt} />
        </dd>
      </dl>
    </Part>
  );
}

function Anomalous({ member: { anomaly } }: { member: MemberDetailFragment }) {
  return (
    <Part title={t.anomaly}>
      {anomaly ? (
        <>
          <Reasons anomaly={anomaly} />
          <p class="hint">
            {t.since} <Time at={anomaly.openedAt} />
          </p>
          <NextChange anomaly={anomaly} />
        </>
      ) : (
        <p>{t.none}</p>
      )}
    </Part>
  );
}

function Withheld() {
  return (
    <Part title={t.health}>
      <p>{t.withheld}</p>
    </Part>
  );
}

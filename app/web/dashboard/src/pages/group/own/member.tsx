// One membership that the viewer answers for: all that managers see of it, and what can be done.
import type { GroupCardFragment, MemberDetailFragment } from "../../../graphql/generated";
import { links } from "../../../links";
import { roleNames } from "../../../names";
import { CodeBadge } from "../../../parts/badges";
import { Section } from "../../../parts/page";
import { Time } from "../../../parts/times";
import { texts } from "../../../texts";
import { Consents, Health } from "../members/health";
import { OwnAnomaly } from "./anomaly";
import { Deeds } from "./deeds";
import { Leaving } from "./leaving";

const t = texts({
  zh: {
    self: (name: string) => `我（${name}）`,
    ward: (name: string) => `${name}（由我代加入）`,
    seen: "创建人和管理员能看到的信息",
    seenHint: "以下就是全部：本页显示的，即是他们看到的。其他成员看不到。",
    name: "姓名",
    idNumber: "证件号码",
    phone: "手机号",
    noPhone: "已失效（号码已归他人），请修改手机号",
    remark: "备注",
    noRemark: "（无）",
    student: "学生",
    yes: "是",
    no: "否",
    role: "角色",
    enrolledBy: "代加入的监护人",
    joinedAt: "加入时间",
    accesses: "谁查阅或导出过这些数据？",
    openMe: "在“我的信息”中查看",
  },
  en: {
    self: (name: string) => `Myself (${name})`,
    ward: (name: string) => `${name} (enrolled by me)`,
    seen: "What the creator and admins see",
    seenHint: "This is all: what stands here is what they see. Other members see none of it.",
    name: "Name",
    idNumber: "ID number",
    phone: "Phone",
    noPhone: "None: the number is somebody else's by now. Change the phone.",
    remark: "Remark",
    noRemark: "(none)",
    student: "Student",
    yes: "yes",
    no: "no",
    role: "Role",
    enrolledBy: "Enrolled by",
    joinedAt: "Joined",
    accesses: "Who looked at these data, or exported them?",
    openMe: "See it in About me",
  },
});

export interface OwnMemberProps {
  group: GroupCardFragment;
  member: MemberDetailFragment;
  /** Whether the viewer is this member; else they are a guardian of theirs. */
  isSelf: boolean;
  viewerName: string | null;
}

export function OwnMember(props: OwnMemberProps) {
  const { group, member, isSelf } = props;
  const { name } = member.person;
  return (
    <Section
      title={isSelf ? t.self(name) : t.ward(name)}
      beside={<CodeBadge code={member.healthCode} />}
    >
      <div class="member-detail">
        <Leaving {...props} />
        <OwnAnomaly member={member} />
        <Seen member={member} />
        <Health member={member} />
        <Consents groupId={group.id} memberId={member.id} />
        <p>
          {t.accesses} <a href={links.me()}>{t.openMe}</a>
        </p>
        <Deeds {...props} />
      </div>
    </Section>
  );
}

function Seen({ member }: { member: MemberDetailFragment }) {
  const { person, phone, remark, role, enrolledBy, joinedAt } = member;
  return (
    <section>
      <h3>{t.seen}</h3>
      <p class="hint">{t.seenHint}</p>
      <dl>
        <dt>{t.name}</dt>
        <dd>{person.name}</dd>
        <dt>{t.idNumber}</dt>
        <dd>{person.idNumberMasked}</dd>
        <dt>{t.phone}</dt>
        <dd>{phone || t.noPhone}</dd>
        <dt>{t.remark}</dt>
        <dd>{remark || t.noRemark}</dd>
        <dt>{t.student}</dt>
        <dd>{person.student ? t.yes : t.no}</dd>
        <dt>{t.role}</dt>
        <dd>{roleNames[role]}</dd>
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
    </section>
  );
}

// What anybody in a group sees of it: the group itself, and what is their own or their wards'.
import { OwnGroupDocument, type OwnGroupQuery } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { codeNames, roleNames, typeNames, validityNames } from "../../../names";
import { ColourBadge } from "../../../parts/badges";
import { Page, Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { listed, texts } from "../../../texts";
import type { PartProps } from "../group";
import { OwnMember } from "./member";

const t = texts({
  zh: {
    group: "团体信息",
    type: "团体类型",
    address: "团体地址",
    creator: "创建人",
    role: "我的角色",
    guardian: "监护人（代亲属加入）",
    validity: "核酸有效时间",
    anomalous: "视为异常的健康码",
  },
  en: {
    group: "The group",
    type: "Type",
    address: "Address",
    creator: "Creator",
    role: "What I am in it",
    guardian: "Guardian of who is in it",
    validity: "How long a negative test holds",
    anomalous: "Codes that count as anomalies",
  },
});

type Group = NonNullable<OwnGroupQuery["group"]>;

/** The whole page of a group, for who manages nothing in it. */
export function Own({ group }: PartProps) {
  return (
    <Page title={group.name} beside={<ColourBadge colour={group.colour} />}>
      <OwnPart group={group} />
    </Page>
  );
}

/** The same as a part of the page that its managers see. */
export function OwnPart({ group: { id } }: PartProps) {
  const reading = useGroupReading(OwnGroupDocument, { groupId: id });
  return (
    <Shown reading={reading}>
      {({ group, me }) => {
        if (!group || !me) return null;
        return (
          <>
            <About group={group} />
            {group.viewerMembers.map((member) => (
              <OwnMember
                key={member.id}
                group={group}
                member={member}
                isSelf={member.id === group.viewerMember?.id}
                viewerName={me.name}
              />
            ))}
          </>
        );
      }}
    </Shown>
  );
}

function About({ group }: { group: Group }) {
  const { type, address, creator, viewerRole, requirement } = group;
  const codes = ["RED" as const, ...requirement.anomalousCodes];
  return (
    <Section title={t.group}>
      <dl class="facts">
        <dt>{t.type}</dt>
        <dd>{typeNames[type]}</dd>
        <dt>{t.address}</dt>
        <dd>{address}</dd>
        <dt>{t.creator}</dt>
        <dd>{creator.name}</dd>
        <dt>{t.role}</dt>
        <dd>{viewerRole ? roleNames[viewerRole] : t.guardian}</dd>
        <dt>{t.validity}</dt>
        <dd>{validityNames[requirement.natValidity]}</dd>
        <dt>{t.anomalous}</dt>
        <dd>{listed(codes.map((code) => codeNames[code]))}</dd>
      </dl>
    </Section>
  );
}

// What a group is and asks, who may invite and help, and its end: the creator decides it.
import { GroupSettingsDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { texts } from "../../../texts";
import type { PartProps } from "../group";
import { RequirementCard } from "../overview/requirement";
import { Admins } from "./admins";
import { Details } from "./details";
import { Dissolve } from "./dissolve";
import { HandOver } from "./hand_over";
import { Policy } from "./policy";
import { RequirementForm } from "./requirement";

const t = texts({
  zh: {
    creatorOnly: (name: string) => `这些设置由创建人（${name}）修改；管理员可以查看。`,
    requirement: "防疫要求",
  },
  en: {
    creatorOnly: (name: string) => `The creator (${name}) changes these; admins may look at them.`,
    requirement: "Requirement",
  },
});

export function Settings({ group: { id: groupId } }: PartProps) {
  const reading = useGroupReading(GroupSettingsDocument, { groupId });
  return (
    <Shown reading={reading}>
      {({ group }) => {
        if (!group) return null;
        const isCreator = group.viewerRole === "CREATOR";
        return (
          <>
            {!isCreator && <p class="notice">{t.creatorOnly(group.creator.name)}</p>}
            <Details group={group} isCreator={isCreator} />
            {isCreator ? (
              <Section title={t.requirement}>
                <RequirementForm groupId={group.id} requirement={group.requirement} />
              </Section>
            ) : (
              <RequirementCard groupId={group.id} isCreator={false} />
            )}
            <Policy group={group} isCreator={isCreator} />
            <Admins group={group} isCreator={isCreator} />
            <HandOver group={group} isCreator={isCreator} />
            {isCreator && <Dissolve group={group} />}
          </>
        );
      }}
    </Shown>
  );
}

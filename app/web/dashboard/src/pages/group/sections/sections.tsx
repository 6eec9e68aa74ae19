// The group's classes or departments: how many are in each, made, renamed and removed.
import { SectionsDocument, type SectionsQuery } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { links } from "../../../links";
import { Section } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { counted, texts } from "../../../texts";
import type { PartProps } from "../group";
import { NONE } from "../members/view";
import { Create, Remove, Rename } from "./deeds";

const t = texts({
  zh: {
    title: "班级或部门",
    list: "班级或部门列表",
    hint: "成员最多属于其中一个。可按它筛选成员、查看统计、发送提醒，也可让管理员只负责其中几个。",
    bound: "您只负责以下班级或部门；新建、改名和移除由负责整个团体的管理者进行。",
    none: "还没有班级或部门。",
    people: (count: number) => `${count} 人`,
    unassigned: "未分班级或部门",
  },
  en: {
    title: "Sections",
    list: "Sections",
    hint: "A member is in one class or department at most. Members are filtered, counted and reminded by it, and an admin may look after some of them alone.",
    bound:
      "You look after these sections alone. Managers of the whole group make, rename and remove them.",
    none: "There is no section yet.",
    people: (count: number) => counted(count, "person", "people"),
    unassigned: "In no section",
  },
});

type Read = NonNullable<SectionsQuery["group"]>;

export function Sections({ group }: PartProps) {
  const reading = useGroupReading(SectionsDocument, { groupId: group.id });
  return (
    <Section title={t.title}>
      <Shown reading={reading}>{({ group: read }) => read && <List group={read} />}</Shown>
    </Section>
  );
}

function List({ group }: { group: Read }) {
  const isBound = group.viewerMember?.boundTo != null;
  const sections = group.sections ?? [];
  return (
    <>
      <p class={isBound ? "notice" : "hint"}>{isBound ? t.bound : t.hint}</p>
      {!sections.length && <Empty>{t.none}</Empty>}
      <ul class="entries" aria-label={t.list}>
        {sections.map((section) => (
          <li key={section.id} class="section-row">
            <span>
              <a href={links.membersIn(group.id, section.id)}>{section.name}</a>{" "}
              <span class="hint">{t.people(section.memberCount ?? 0)}</span>
            </span>
            {!isBound && (
              <span class="actions">
                <Rename section={section} />
                <Remove section={section} />
              </span>
            )}
          </li>
        ))}
        {!isBound && sections.length > 0 && (
          <li>
            <a href={links.membersIn(group.id, NONE)}>{t.unassigned}</a>{" "}
            <span class="hint">{t.people(group.unassigned ?? 0)}</span>
          </li>
        )}
      </ul>
      {!isBound && <Create groupId={group.id} />}
    </>
  );
}

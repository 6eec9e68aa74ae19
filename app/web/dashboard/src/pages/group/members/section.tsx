// Which section a member is in, and putting them into another.
import { useDeed } from "../../../graphql/deeds";
import { AssignSectionDocument, type MemberDetailFragment } from "../../../graphql/generated";
import { Refusals, SelectField } from "../../../parts/fields";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";
import { useSectionNames } from "../sections/names";
import { NONE } from "./view";

const t = texts({
  zh: { section: "班级或部门", none: "无", moved: "已调整" },
  en: { section: "Section", none: "None", moved: "They are moved" },
});

/** Nothing where the group has no sections. */
export function SectionOf({ groupId, member }: { groupId: string; member: MemberDetailFragment }) {
  const names = useSectionNames(groupId);
  const deed = useDeed(AssignSectionDocument);
  const sections = Object.entries(names ?? {});
  if (!sections.length) return null;
  const options = [
    { value: NONE, name: t.none },
    ...sections.map(([value, name]) => ({ value, name })),
  ];
  const move = async (chosen: string) => {
    const sectionId = chosen === NONE ? null : chosen;
    if (await deed.run({ groupId, memberIds: [member.id], sectionId })) toast(t.moved);
  };
  return (
    <>
      <SelectField
        label={t.section}
        name="sectionId"
        value={member.section?.id ?? NONE}
        options={options}
        onChange={(chosen) => void move(chosen)}
        refusals={deed.refusals}
      />
      <Refusals deed={deed} shownByFields={["sectionId"]} />
    </>
  );
}

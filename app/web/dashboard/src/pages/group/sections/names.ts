// The sections of a group by name, to choose from.
import { SectionNamesDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";

/** The names of a group's sections by their ids; null until they are read. */
export function useSectionNames(groupId: string): Record<string, string> | null {
  const sections = useGroupReading(SectionNamesDocument, { groupId }).data?.group?.sections;
  return sections ? Object.fromEntries(sections.map(({ id, name }) => [id, name])) : null;
}

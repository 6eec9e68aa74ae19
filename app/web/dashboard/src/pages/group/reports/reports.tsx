// Seven days of the group beside what it is now, and the export of a day.
import { DayReportsDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { texts } from "../../../texts";
import type { PartProps } from "../group";
import { DaysTable } from "./days_table";
import { ExportForm } from "./export";

const t = texts({
  zh: {
    title: "近 7 日报表",
    about: "每天以当日最后一次刷新为准。没有刷新的日子没有数据，不等于零。",
  },
  en: {
    title: "Seven days",
    about: "Each day shows its last refresh. A day without one has no numbers, which is not zero.",
  },
});

export function Reports({ group }: PartProps) {
  const reading = useGroupReading(DayReportsDocument, { groupId: group.id });
  return (
    <Shown reading={reading}>
      {({ group: read }) => {
        const days = read?.reports ?? [];
        const refreshed = days.filter(({ refreshedAt }) => refreshedAt !== null);
        return (
          <>
            <Section title={t.title}>
              <p class="hint">{t.about}</p>
              <DaysTable now={read?.statistics ?? null} days={days} />
            </Section>
            <ExportForm groupId={group.id} dates={refreshed.map(({ date }) => date)} />
          </>
        );
      }}
    </Shown>
  );
}

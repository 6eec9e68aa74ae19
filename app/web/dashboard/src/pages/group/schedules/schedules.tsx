// What happens by the clock: reminders by a schedule, the viewer's own digest and alerts.
import { SchedulesDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { Shown } from "../../../parts/states";
import type { PartProps } from "../group";
import { Alerts } from "../overview/alerts";
import { Digest } from "./digest";
import { ScheduleCard } from "./schedule";

/** Alerts and digest are everybody's own; the schedule is of the whole group. */
export function Schedules({ group: { id: groupId } }: PartProps) {
  const reading = useGroupReading(SchedulesDocument, { groupId });
  return (
    <Shown reading={reading}>
      {({ group }) => (
        <>
          {!group?.viewerMember?.boundTo && <ScheduleCard groupId={groupId} />}
          <Digest groupId={groupId} />
          <Alerts groupId={groupId} />
        </>
      )}
    </Shown>
  );
}

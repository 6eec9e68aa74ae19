// Who asks to leave: why, how long until they are out by themselves, and letting them go at once.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  CompleteLeaveDocument,
  LeaveRequestsDocument,
  type WaitingLeaveFragment,
} from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { roleNames } from "../../../names";
import { Button } from "../../../parts/button";
import { Confirm } from "../../../parts/dialog";
import { Refusals } from "../../../parts/fields";
import { More, nextOf } from "../../../parts/more";
import { Empty, Shown } from "../../../parts/states";
import { Countdown, Time, isPast } from "../../../parts/times";
import { toast } from "../../../parts/toasts";
import { t } from "./texts";

interface ListProps {
  groupId: string;
  after: string | null;
}

export function LeaveRequests({ groupId, after }: ListProps) {
  const reading = useGroupReading(LeaveRequestsDocument, { groupId, after });
  return (
    <Shown reading={reading}>
      {({ group }) => {
        const requests = group?.leaveRequests?.nodes ?? [];
        if (!requests.length) return after === null && <Empty>{t.nobodyWaits}</Empty>;
        return (
          <>
            <ul class="entries">
              {requests.map((request) => (
                <Request key={request.id} request={request} onCompleted={reading.again} />
              ))}
            </ul>
            <More after={nextOf(group?.leaveRequests?.pageInfo)}>
              {(next) => <LeaveRequests groupId={groupId} after={next} />}
            </More>
          </>
        );
      }}
    </Shown>
  );
}

interface RequestProps {
  request: WaitingLeaveFragment;
  onCompleted: () => void;
}

function Request({ request, onCompleted }: RequestProps) {
  const [asking, setAsking] = useState(false);
  const { member, reason, requestedAt, dueAt, viewerMayComplete } = request;
  return (
    <li>
      <h3>
        {member.person.name} <span class="hint">{about(member)}</span>
      </h3>
      <dl class="facts">
        <dt>{t.reason}</dt>
        <dd>{reason}</dd>
        <dt>{t.requested}</dt>
        <dd>
          <Time at={requestedAt} />
        </dd>
        <dt>{t.left}</dt>
        <dd>{isPast(dueAt) ? t.due : <Countdown until={dueAt} />}</dd>
      </dl>
      {viewerMayComplete ? (
        <Button onClick={() => setAsking(true)}>{t.complete}</Button>
      ) : (
        <p class="hint">{t.own}</p>
      )}
      {asking && (
        <Complete member={member} onCompleted={onCompleted} onClose={() => setAsking(false)} />
      )}
    </li>
  );
}

function about({ remark, role, enrolledBy }: WaitingLeaveFragment["member"]): string {
  const parts = [
    remark,
    role === "MEMBER" ? "" : roleNames[role],
    enrolledBy ? t.enrolledBy(enrolledBy.name) : "",
  ];
  return parts.filter(Boolean).join(" · ");
}

function Complete({
  member,
  onCompleted,
  onClose,
}: {
  member: WaitingLeaveFragment["member"];
  onCompleted: () => void;
  onClose: () => void;
}) {
  const complete = useDeed(CompleteLeaveDocument);
  const confirm = async () => {
    if (!(await complete.run({ memberId: member.id }))) return;
    toast(t.completed(member.person.name));
    onClose();
    onCompleted();
  };
  return (
    <Confirm
      title={t.askTitle(member.person.name)}
      action={t.complete}
      busy={complete.busy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{t.ask}</p>
      <Refusals deed={complete} />
    </Confirm>
  );
}

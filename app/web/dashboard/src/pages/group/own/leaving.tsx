// Asking to leave, for oneself or a ward, and taking it back while it waits.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  CancelLeaveDocument,
  RequestLeaveDocument,
  type RefusalFragment,
} from "../../../graphql/generated";
import { Button } from "../../../parts/button";
import { Dialog } from "../../../parts/dialog";
import { Refusals, TextField } from "../../../parts/fields";
import { useFocus } from "../../../parts/focus";
import { IdentityCheck } from "../../../parts/identity";
import { Loading } from "../../../parts/states";
import { Countdown, Time } from "../../../parts/times";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";
import type { OwnMemberProps } from "./member";

const t = texts({
  zh: {
    title: "退团申请",
    asked: "申请时间",
    reason: "原因",
    outIn: "自动退团倒计时",
    takeBack: "撤回退团申请",
    stays: "已撤回退团申请",
    withdrawn:
      "已撤回同意：创建人和管理员不再看到健康信息，到时自动退团。想留下，须通过新的邀请重新加入并同意。",
    ask: (name: string) => `申请退出团体：${name}`,
    how: "创建人和管理员会看到退团原因。他们可随时处理，不能拒绝；最迟 24 小时后自动退团。其间可以撤回申请。",
    ownFace: "需要您本人进行人脸认证。",
    reasonHint: "1 至 200 个字",
    next: "下一步：实人认证",
    requested: "已申请退团",
  },
  en: {
    title: "Request to leave",
    asked: "Asked at",
    reason: "Reason",
    outIn: "Out by itself in",
    takeBack: "Take the request back",
    stays: "The request to leave was taken back",
    withdrawn:
      "Consent was withdrawn: the creator and admins see nothing of the health data any more, and the member is out in time. To stay, join again by a new invitation and agree anew.",
    ask: (name: string) => `Ask to leave: ${name}`,
    how: "The creator and admins read the reason. They may let the member out at once and can't refuse; after 24 hours it happens by itself. Until then the request can be taken back.",
    ownFace: "It takes a check of your own face.",
    reasonHint: "1 to 200 characters",
    next: "Next: the face check",
    requested: "The request to leave is made",
  },
});

/** What is under way; nothing where nobody asked to leave. */
export function Leaving({ member }: OwnMemberProps) {
  const cancel = useDeed(CancelLeaveDocument);
  const request = member.leaveRequest;
  if (!request) return null;
  const isWithdrawn = member.healthCode === "WITHHELD";
  const takeBack = async () => {
    if (await cancel.run({ memberId: member.id })) toast(t.stays);
  };
  return (
    <section class="leaving-notice">
      <h3>{t.title}</h3>
      {isWithdrawn && <p>{t.withdrawn}</p>}
      <dl>
        <dt>{t.reason}</dt>
        <dd>{request.reason}</dd>
        <dt>{t.asked}</dt>
        <dd>
          <Time at={request.requestedAt} />
        </dd>
        <dt>{t.outIn}</dt>
        <dd>
          <Countdown until={request.dueAt} />
        </dd>
      </dl>
      {!isWithdrawn && (
        <Button busy={cancel.busy} onClick={() => void takeBack()}>
          {t.takeBack}
        </Button>
      )}
      <Refusals deed={cancel} />
    </section>
  );
}

/** First the reason, then one's own face. */
export function AskToLeave({
  member,
  viewerName,
  onClose,
}: OwnMemberProps & { onClose: () => void }) {
  const [reason, setReason] = useState("");
  const [checking, setChecking] = useState(false);
  const leave = useDeed(RequestLeaveDocument);
  const ask = async (verificationId: string) => {
    if (!(await leave.run({ memberId: member.id, reason, verificationId }))) return;
    toast(t.requested);
    onClose();
  };
  return (
    <Dialog title={t.ask(member.person.name)} onClose={onClose}>
      <div class="stack">
        <p>{t.how}</p>
        <form onSubmit={(event) => (event.preventDefault(), setChecking(true))}>
          <ReasonField reason={reason} onReason={setReason} refusals={leave.refusals} />
          {!checking && <Next />}
        </form>
        {checking && <OwnFace viewerName={viewerName} onPassed={(id) => void ask(id)} />}
        {leave.busy && <Loading />}
        <Refusals deed={leave} shownByFields={["reason"]} />
      </div>
    </Dialog>
  );
}

function OwnFace({
  viewerName,
  onPassed,
}: {
  viewerName: string | null;
  onPassed: (verificationId: string) => void;
}) {
  const place = useFocus<HTMLParagraphElement>();
  return (
    <>
      <p ref={place} tabIndex={-1}>
        {t.ownFace}
      </p>
      <IdentityCheck
        purpose="LEAVE"
        person={viewerName ? { name: viewerName } : {}}
        onPassed={onPassed}
      />
    </>
  );
}

function ReasonField({
  reason,
  onReason,
  refusals,
}: {
  reason: string;
  onReason: (reason: string) => void;
  refusals: RefusalFragment[];
}) {
  return (
    <TextField
      label={t.reason}
      hint={t.reasonHint}
      name="reason"
      maxLength={200}
      required
      value={reason}
      onInput={onReason}
      refusals={refusals}
    />
  );
}

function Next() {
  return (
    <div class="actions">
      <Button kind="primary" submit>
        {t.next}
      </Button>
    </div>
  );
}

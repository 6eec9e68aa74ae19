// What somebody can do about their own membership, or a ward's.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import { EndGuardianshipDocument } from "../../../graphql/generated";
import { links } from "../../../links";
import { Button } from "../../../parts/button";
import { Confirm } from "../../../parts/dialog";
import { Refusals } from "../../../parts/fields";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";
import { ChangePhone } from "./change_phone";
import { AskToLeave } from "./leaving";
import type { OwnMemberProps } from "./member";
import { WithdrawConsent } from "./withdraw";

const t = texts({
  zh: {
    title: "可以做什么",
    phone: "修改手机号",
    leave: "申请退团",
    withdraw: "撤回同意",
    guardians: "结束监护",
    guardiansTitle: "结束监护人的代管",
    guardiansHow: (name: string) =>
      `${name}代您加入了团体。结束后，只有您自己能看到和处理您的成员信息，对方会收到短信。此操作不能撤销。`,
    ended: "监护已结束",
    creator: "创建人不能退团，也不能撤回同意：可在设置中转让或解散团体。",
    settings: "打开设置",
  },
  en: {
    title: "What you can do",
    phone: "Change the phone",
    leave: "Ask to leave",
    withdraw: "Withdraw consent",
    guardians: "End the guardianship",
    guardiansTitle: "End the guardians' hold",
    guardiansHow: (name: string) =>
      `You were enrolled by ${name}. Afterwards only you see your membership and act for it; they are told by SMS. This can't be undone.`,
    ended: "The guardianship has ended",
    creator:
      "The creator can neither leave nor withdraw consent: hand the group over, or dissolve it, in the settings.",
    settings: "Open the settings",
  },
});

type Opened = "phone" | "leave" | "withdraw" | "guardians" | null;

export function Deeds(props: OwnMemberProps) {
  const { group, member, isSelf } = props;
  const [opened, setOpened] = useState<Opened>(null);
  const close = () => setOpened(null);
  const isWard = isSelf && member.enrolledBy !== null;
  const isWithdrawn = member.healthCode === "WITHHELD";
  const isCreator = member.role === "CREATOR";
  return (
    <section>
      <h3>{t.title}</h3>
      {isCreator && (
        <p>
          {t.creator} <a href={links.group(group.id, "settings")}>{t.settings}</a>
        </p>
      )}
      <div class="actions start">
        {!isWard && <Button onClick={() => setOpened("phone")}>{t.phone}</Button>}
        {isWard && <Button onClick={() => setOpened("guardians")}>{t.guardians}</Button>}
        {!isCreator && !member.leaveRequest && (
          <Button onClick={() => setOpened("leave")}>{t.leave}</Button>
        )}
        {!isCreator && !isWithdrawn && (
          <Button kind="danger" onClick={() => setOpened("withdraw")}>
            {t.withdraw}
          </Button>
        )}
      </div>
      {opened === "phone" && <ChangePhone member={member} onClose={close} />}
      {opened === "leave" && <AskToLeave {...props} onClose={close} />}
      {opened === "withdraw" && <WithdrawConsent member={member} onClose={close} />}
      {opened === "guardians" && <EndGuardianship {...props} onClose={close} />}
    </section>
  );
}

function EndGuardianship({ member, onClose }: OwnMemberProps & { onClose: () => void }) {
  const end = useDeed(EndGuardianshipDocument);
  const confirm = async () => {
    if (!(await end.run({ memberId: member.id }))) return;
    toast(t.ended);
    onClose();
  };
  return (
    <Confirm
      title={t.guardiansTitle}
      action={t.guardians}
      kind="danger"
      busy={end.busy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{t.guardiansHow(member.enrolledBy?.name ?? "")}</p>
      <Refusals deed={end} />
    </Confirm>
  );
}

// Changing the phone by which a member is reached; it is proved by its code.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import { UpdateOwnPhoneDocument, type MemberDetailFragment } from "../../../graphql/generated";
import { Button } from "../../../parts/button";
import { Dialog } from "../../../parts/dialog";
import { Refusals } from "../../../parts/fields";
import { NO_PHONE, PhoneFields } from "../../../parts/phone";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: "修改手机号",
    how: "团体今后的短信发到这个号码。您登录所用的号码不变；改回登录所用的号码无需验证码。",
    save: "保存",
    done: "手机号已修改",
  },
  en: {
    title: "Change the phone",
    how: "SMS of this group go to it from now on. You go on signing in by your own number; changing back to that one takes no code.",
    save: "Save",
    done: "The phone is changed",
  },
});

export function ChangePhone({
  member,
  onClose,
}: {
  member: MemberDetailFragment;
  onClose: () => void;
}) {
  const [entered, setEntered] = useState(NO_PHONE);
  const change = useDeed(UpdateOwnPhoneDocument);
  const submit = async () => {
    const code = entered.code || null;
    if (!(await change.run({ memberId: member.id, ...entered, code }))) return;
    toast(t.done);
    onClose();
  };
  return (
    <Dialog title={t.title} onClose={onClose}>
      <form onSubmit={(event) => (event.preventDefault(), void submit())}>
        <p>{t.how}</p>
        <PhoneFields
          purpose="CHANGE_PHONE"
          entered={entered}
          onEntered={setEntered}
          refusals={change.refusals}
        />
        <Refusals deed={change} shownByFields={["phone", "code"]} />
        <div class="actions">
          <Button kind="primary" submit busy={change.busy}>
            {t.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

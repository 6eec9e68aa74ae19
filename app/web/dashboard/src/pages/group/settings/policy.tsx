// Who may invite, whether joining is open, and what remark is asked for.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  SetInvitationPolicyDocument,
  type GroupSettingsFragment,
} from "../../../graphql/generated";
import { Button } from "../../../parts/button";
import { CheckField, Refusals, TextField } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { toast } from "../../../parts/toasts";
import { counted, texts } from "../../../texts";
import type { SettingsProps } from "./details";

const t = texts({
  zh: {
    title: "邀请设置",
    admins: "允许管理员邀请",
    adminsHint: "关闭后，管理员已发出的邀请立即失效。",
    open: "开放加入",
    openHint: "关闭后，所有邀请暂停；重新开放后继续有效，直到 24 小时到期。",
    prompt: "备注填写要求",
    promptHint: "例如“班级 + 姓名”；最多 60 字，留空则不提示。",
    required: "加入时必须填写备注",
    save: "保存",
    saved: "邀请设置已保存",
    stopped: (count: number) => `邀请设置已保存，${count} 个邀请已失效`,
  },
  en: {
    title: "Invitations",
    admins: "Admins may invite",
    adminsHint: "Once they may not, the invitations they made stop at once.",
    open: "Joining is open",
    openHint:
      "Once it isn't, every invitation pauses; opened again, each goes on until its 24 hours are over.",
    prompt: "What the remark should say",
    promptHint: "Such as “class + name”, up to 60 characters; empty for nothing in particular.",
    required: "Joining needs a remark",
    save: "Save",
    saved: "The invitation policy is saved",
    stopped: (count: number) =>
      `The invitation policy is saved; ${counted(count, "invitation")} stopped`,
  },
});

type PolicyOfGroup = NonNullable<GroupSettingsFragment["invitationPolicy"]>;

export function Policy({ group, isCreator }: SettingsProps) {
  const { invitationPolicy } = group;
  if (!invitationPolicy) return null;
  return (
    <Section title={t.title}>
      <PolicyForm groupId={group.id} policy={invitationPolicy} isCreator={isCreator} />
    </Section>
  );
}

function PolicyForm({
  groupId,
  policy,
  isCreator,
}: {
  groupId: string;
  policy: PolicyOfGroup;
  isCreator: boolean;
}) {
  const deed = useDeed(SetInvitationPolicyDocument);
  const [edited, setEdited] = useState<Partial<PolicyOfGroup>>({});
  const { adminsMayInvite, open, remarkPrompt, remarkRequired } = { ...policy, ...edited };
  const change = (changed: Partial<PolicyOfGroup>) => setEdited({ ...edited, ...changed });
  const submit = async () => {
    const wanted = { groupId, adminsMayInvite, open, remarkPrompt, remarkRequired };
    const done = await deed.run(wanted);
    if (!done) return;
    setEdited({});
    const stopped = done.withdrawnInvitationIds?.length ?? 0;
    toast(stopped ? t.stopped(stopped) : t.saved);
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void submit())}>
      <div>
        <CheckField
          label={t.open}
          checked={open}
          disabled={!isCreator}
          onChange={(open) => change({ open })}
        />
        <p class="hint">{t.openHint}</p>
      </div>
      <div>
        <CheckField
          label={t.admins}
          checked={adminsMayInvite}
          disabled={!isCreator}
          onChange={(adminsMayInvite) => change({ adminsMayInvite })}
        />
        <p class="hint">{t.adminsHint}</p>
      </div>
      <CheckField
        label={t.required}
        checked={remarkRequired}
        disabled={!isCreator}
        onChange={(remarkRequired) => change({ remarkRequired })}
      />
      {isCreator ? (
        <TextField
          label={t.prompt}
          hint={t.promptHint}
          name="remarkPrompt"
          value={remarkPrompt}
          onInput={(remarkPrompt) => change({ remarkPrompt })}
          refusals={deed.refusals}
        />
      ) : (
        remarkPrompt && (
          <p>
            {t.prompt}: {remarkPrompt}
          </p>
        )
      )}
      <Refusals deed={deed} shownByFields={["remarkPrompt"]} />
      {isCreator && (
        <div class="actions">
          <Button kind="primary" submit busy={deed.busy}>
            {t.save}
          </Button>
        </div>
      )}
    </form>
  );
}

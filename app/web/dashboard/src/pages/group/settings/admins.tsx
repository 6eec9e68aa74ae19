// Who helps the creator; the creator appoints them among the members, and dismisses them here.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import { DismissAdminDocument, type AdminRowFragment } from "../../../graphql/generated";
import { links } from "../../../links";
import { Button } from "../../../parts/button";
import { Confirm } from "../../../parts/dialog";
import { Refusals } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { Empty } from "../../../parts/states";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";
import { Named } from "../overview/who";
import type { SettingsProps } from "./details";

const t = texts({
  zh: {
    title: "管理员",
    hint: "最多 5 名。管理员可以查看成员、刷新、提醒、处理退团。",
    appoint: "在成员中设置管理员",
    none: "还没有管理员。",
    dismiss: "解除管理员",
    dismissOf: (name: string) => `解除管理员：${name}`,
    what: (name: string) =>
      `${name} 将成为普通成员，不能再查看其他成员；其发出的邀请立即失效。可以再次设置。`,
    done: "已解除管理员",
  },
  en: {
    title: "Admins",
    hint: "At most 5. Admins see the members, refresh, remind, and complete requests to leave.",
    appoint: "Appoint one among the members",
    none: "There are no admins yet.",
    dismiss: "Dismiss",
    dismissOf: (name: string) => `Dismiss ${name}`,
    what: (name: string) =>
      `${name} becomes a plain member, who sees no other members; the invitations they made stop at once. You can appoint them again.`,
    done: "The admin is dismissed",
  },
});

export function Admins({ group, isCreator }: SettingsProps) {
  const admins = group.admins?.nodes ?? [];
  return (
    <Section title={t.title}>
      <p class="hint">{t.hint}</p>
      {!admins.length && <Empty>{t.none}</Empty>}
      <ul class="rows">
        {admins.map((admin) => (
          <li key={admin.id}>
            <span>
              <Named member={admin} />
            </span>
            {isCreator && <Dismiss admin={admin} />}
          </li>
        ))}
      </ul>
      {isCreator && <a href={links.group(group.id, "members")}>{t.appoint}</a>}
    </Section>
  );
}

function Dismiss({ admin }: { admin: AdminRowFragment }) {
  const [asks, setAsks] = useState(false);
  const deed = useDeed(DismissAdminDocument);
  const { name } = admin.person;
  const dismiss = async () => {
    if (!(await deed.run({ memberId: admin.id }))) return;
    setAsks(false);
    toast(t.done);
  };
  return (
    <>
      <Button kind="danger" label={t.dismissOf(name)} onClick={() => setAsks(true)}>
        {t.dismiss}
      </Button>
      {asks && (
        <Confirm
          title={t.dismissOf(name)}
          action={t.dismiss}
          kind="danger"
          busy={deed.busy}
          onConfirm={() => void dismiss()}
          onClose={() => setAsks(false)}
        >
          <p>{t.what(name)}</p>
          <Refusals deed={deed} />
        </Confirm>
      )}
    </>
  );
}

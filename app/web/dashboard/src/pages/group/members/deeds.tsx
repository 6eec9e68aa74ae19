// What a manager can do about a member: let out who asked, remove, appoint and dismiss.
import type { TypedDocumentNode } from "@urql/core";
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  AppointAdminDocument,
  CompleteMemberLeaveDocument,
  DismissMemberAsAdminDocument,
  RemoveMemberDocument,
  type GroupCardFragment,
  type MemberDetailFragment,
  type RefusalFragment,
} from "../../../graphql/generated";
import { Button, type Kind } from "../../../parts/button";
import { Confirm } from "../../../parts/dialog";
import { Refusals } from "../../../parts/fields";
import { toast } from "../../../parts/toasts";
import { COLON, texts } from "../../../texts";

const t = texts({
  zh: {
    deeds: "操作",
    remove: "删除成员",
    removeThis:
      "对方会立即退出团体并收到短信，在“已退团”中保留 30 天，之后数据被清除。凭新的邀请可以再次加入。",
    removed: "成员已删除",
    adminFirst: "管理员须先由创建人解除管理员身份，才能删除。",
    creator: "创建人不能被删除；可在设置中转让或解散团体。",
    complete: "处理退团申请",
    completeThis: "对方会立即退出团体并收到短信，在“已退团”中保留 30 天，之后数据被清除。",
    completed: "已处理退团申请",
    appoint: "设为管理员",
    appointThis:
      "对方将能查看成员的健康信息、编辑备注、删除成员、发送提醒和导出报表。每个团体最多 5 名管理员。",
    appointed: "已设为管理员",
    dismiss: "解除管理员",
    dismissThis: "对方变为普通成员，其发出的邀请立即失效。",
    dismissed: "已解除管理员",
  },
  en: {
    deeds: "What to do",
    remove: "Remove the member",
    removeThis:
      "They are out at once and are told by SMS. They stay among the former members for 30 days; then their data is erased. A new invitation lets them join again.",
    removed: "The member was removed",
    adminFirst: "The creator must dismiss an admin before they can be removed.",
    creator: "The creator can't be removed. They may offer or dissolve the group in the settings.",
    complete: "Let them leave now",
    completeThis:
      "They are out at once and are told by SMS. They stay among the former members for 30 days; then their data is erased.",
    completed: "They have left",
    appoint: "Make an admin",
    appointThis:
      "They will see the members' health, edit remarks, remove members, send reminders and export reports. A group has five admins at most.",
    appointed: "They are an admin now",
    dismiss: "Dismiss as admin",
    dismissThis: "They become a plain member. The invitations that they made stop at once.",
    dismissed: "They are a plain member now",
  },
});

interface Props {
  group: GroupCardFragment;
  member: MemberDetailFragment;
  onGone: () => void;
}

/** Each deed with who may do it; the server decides, this spares a refusal. */
export function Deeds({ group, member, onGone }: Props) {
  const viewerIsCreator = group.viewerRole === "CREATOR";
  return (
    <section>
      <h3>{t.deeds}</h3>
      <div class="member-deeds">
        {member.leaveRequest?.viewerMayComplete && (
          <Deed
            member={member}
            document={CompleteMemberLeaveDocument}
            action={t.complete}
            what={t.completeThis}
            done={t.completed}
            onDone={onGone}
          />
        )}
        {viewerIsCreator && member.role === "MEMBER" && !member.enrolledBy && (
          <Deed
            member={member}
            document={AppointAdminDocument}
            action={t.appoint}
            what={t.appointThis}
            done={t.appointed}
          />
        )}
        {viewerIsCreator && member.role === "ADMIN" && (
          <Deed
            member={member}
            document={DismissMemberAsAdminDocument}
            action={t.dismiss}
            what={t.dismissThis}
            done={t.dismissed}
            kind="danger"
          />
        )}
        {member.role === "MEMBER" && (
          <Deed
            member={member}
            document={RemoveMemberDocument}
            action={t.remove}
            what={t.removeThis}
            done={t.removed}
            kind="danger"
            onDone={onGone}
          />
        )}
        {member.role === "ADMIN" && <p class="hint">{t.adminFirst}</p>}
        {member.role === "CREATOR" && <p class="hint">{t.creator}</p>}
      </div>
    </section>
  );
}

interface OneDeed<Data> {
  member: MemberDetailFragment;
  document: TypedDocumentNode<Data, { memberId: string }>;
  action: string;
  what: string;
  done: string;
  kind?: Kind;
  onDone?: () => void;
}

/** A button that says what will happen before it happens. */
function Deed<Data extends Record<string, { errors: RefusalFragment[] } | null>>(
  props: OneDeed<Data>,
) {
  const { member, document, action, what, done, kind = "plain", onDone } = props;
  const [asked, setAsked] = useState(false);
  const deed = useDeed(document);
  const run = async () => {
    if (!(await deed.run({ memberId: member.id }))) return;
    setAsked(false);
    toast(done);
    onDone?.();
  };
  const close = () => {
    setAsked(false);
    deed.reset();
  };
  return (
    <>
      <Button kind={kind} onClick={() => setAsked(true)}>
        {action}
      </Button>
      {asked && (
        <Confirm
          title={action + COLON + member.person.name}
          action={action}
          kind={kind === "danger" ? "danger" : "primary"}
          busy={deed.busy}
          onConfirm={() => void run()}
          onClose={close}
        >
          <p>{what}</p>
          <Refusals deed={deed} />
        </Confirm>
      )}
    </>
  );
}

// Withdrawing the consent for oneself or a ward: what it does is said before, what is kept after.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  WithdrawConsentDocument,
  type MemberDetailFragment,
  type WithdrawConsentMutation,
} from "../../../graphql/generated";
import { keptNames } from "../../../names";
import { Confirm, Dialog } from "../../../parts/dialog";
import { Refusals } from "../../../parts/fields";
import { Time } from "../../../parts/times";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: (name: string) => `撤回同意：${name}`,
    action: "撤回同意",
    how: "从此刻起，创建人和管理员看不到其任何健康信息；同时申请退团，最迟 24 小时后退出。不需要人脸认证。要留下，须通过新的邀请重新加入并同意。",
    done: "同意已撤回",
    kept: "仍会保留的内容",
    what: "内容",
    until: "最迟保留到",
    needed: "其他团体仍需要时一直保留",
  },
  en: {
    title: (name: string) => `Withdraw consent: ${name}`,
    action: "Withdraw consent",
    how: "From this moment the creator and admins see nothing of their health; they ask to leave by it, and are out within 24 hours. No face check is needed. To stay, they join again by a new invitation and agree anew.",
    done: "The consent is withdrawn",
    kept: "What stays kept",
    what: "What",
    until: "Until at the latest",
    needed: "for as long as another group needs it",
  },
});

type Kept = NonNullable<NonNullable<WithdrawConsentMutation["withdrawConsent"]>["kept"]>;

export function WithdrawConsent({
  member,
  onClose,
}: {
  member: MemberDetailFragment;
  onClose: () => void;
}) {
  const [kept, setKept] = useState<Kept | null>(null);
  const withdraw = useDeed(WithdrawConsentDocument);
  const { name } = member.person;
  const confirm = async () => {
    const done = await withdraw.run({ memberId: member.id });
    if (done) setKept(done.kept ?? []);
  };
  if (kept) {
    return (
      <Dialog title={t.done} onClose={onClose}>
        <KeptTable kept={kept} />
      </Dialog>
    );
  }
  return (
    <Confirm
      title={t.title(name)}
      action={t.action}
      kind="danger"
      busy={withdraw.busy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{t.how}</p>
      <Refusals deed={withdraw} />
    </Confirm>
  );
}

function KeptTable({ kept }: { kept: Kept }) {
  return (
    <div class="scroll" tabIndex={0} role="region" aria-label={t.kept}>
      <table>
        <caption>{t.kept}</caption>
        <thead>
          <tr>
            <th scope="col">{t.what}</th>
            <th scope="col">{t.until}</th>
          </tr>
        </thead>
        <tbody>
          {kept.map(({ what, until }) => (
            <tr key={what}>
              <td>{keptNames[what]}</td>
              <td>{until ? <Time at={until} /> : t.needed}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

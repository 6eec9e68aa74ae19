// Handing the group over: the creator offers it to an admin, who accepts; both show their faces.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  AcceptGroupDocument,
  OfferGroupDocument,
  WithdrawGroupOfferDocument,
  type GroupSettingsFragment,
} from "../../../graphql/generated";
import { Button } from "../../../parts/button";
import { Refusals, SelectField } from "../../../parts/fields";
import { IdentityCheck } from "../../../parts/identity";
import { Section } from "../../../parts/page";
import { Empty } from "../../../parts/states";
import { Countdown, isPast } from "../../../parts/times";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";
import type { SettingsProps } from "./details";

const t = texts({
  zh: {
    title: "团体转让",
    hint: "创建人可以把团体转让给一名管理员，双方都需实人认证。接受后，原创建人成为管理员。",
    noAdmins: "没有管理员可以接受转让，请先设置管理员。",
    begin: "转让团体…",
    cancel: "取消",
    to: "转让给",
    offer: "提出转让",
    offered: "已提出转让，对方 24 小时内可接受",
    open: (name: string) => `正在转让给 ${name}，可接受的时间还有 `,
    somebody: "一名管理员",
    withdraw: "撤回转让",
    withdrawn: "转让已撤回",
    toMe: "创建人要把这个团体转让给您，可接受的时间还有 ",
    verify: "请先进行实人认证。",
    accept: "接受转让",
    accepted: "您现在是创建人",
  },
  en: {
    title: "Handing over",
    hint: "The creator can offer the group to an admin; both show their faces. Once it is accepted, the old creator is an admin.",
    noAdmins: "There is no admin who could take it: appoint one first.",
    begin: "Offer the group…",
    cancel: "Cancel",
    to: "To whom",
    offer: "Offer the group",
    offered: "The group is offered: it can be accepted for 24 hours",
    open: (name: string) => `It is offered to ${name}, who can accept it for another `,
    somebody: "an admin",
    withdraw: "Withdraw the offer",
    withdrawn: "The offer is withdrawn",
    toMe: "The creator offers you this group. You can accept it for another ",
    verify: "First show your face.",
    accept: "Accept the group",
    accepted: "You are the creator now",
  },
});

type Offer = NonNullable<GroupSettingsFragment["offer"]>;

export function HandOver({ group, isCreator }: SettingsProps) {
  const offer = group.offer && !isPast(group.offer.until) ? group.offer : null;
  const isForMe = group.viewerMembers.some(({ id }) => id === offer?.memberId);
  return (
    <Section title={t.title}>
      <p class="hint">{t.hint}</p>
      {offer && isForMe && <Accept groupId={group.id} offer={offer} />}
      {offer && !isForMe && <Offered group={group} offer={offer} isCreator={isCreator} />}
      {!offer && isCreator && <Offering group={group} />}
    </Section>
  );
}

function Offered({ group, isCreator, offer }: SettingsProps & { offer: Offer }) {
  const deed = useDeed(WithdrawGroupOfferDocument);
  const admin = group.admins?.nodes.find(({ id }) => id === offer.memberId);
  const withdraw = async () => {
    if (await deed.run({ groupId: group.id })) toast(t.withdrawn);
  };
  return (
    <>
      <p>
        {t.open(admin?.person.name ?? t.somebody)}
        <Countdown until={offer.until} />
      </p>
      <Refusals deed={deed} />
      {isCreator && (
        <Button busy={deed.busy} onClick={() => void withdraw()}>
          {t.withdraw}
        </Button>
      )}
    </>
  );
}

function Offering({ group }: { group: GroupSettingsFragment }) {
  const [isOpen, setIsOpen] = useState(false);
  const [chosen, setChosen] = useState("");
  const [verificationId, setVerification] = useState<string | null>(null);
  const deed = useDeed(OfferGroupDocument);
  const admins = group.admins?.nodes ?? [];
  const admin = admins.find(({ id }) => id === chosen) ?? admins[0];
  if (!admin) return <Empty>{t.noAdmins}</Empty>;
  if (!isOpen) return <Button onClick={() => setIsOpen(true)}>{t.begin}</Button>;
  const offer = async () => {
    if (!verificationId) return;
    if (await deed.run({ memberId: admin.id, verificationId })) toast(t.offered);
  };
  return (
    <div class="steps">
      <SelectField
        label={t.to}
        name="memberId"
        value={admin.id}
        options={admins.map(({ id, person }) => ({ value: id, name: person.name }))}
        onChange={setChosen}
        refusals={deed.refusals}
      />
      <IdentityCheck purpose="TRANSFER" onPassed={setVerification} />
      <Refusals deed={deed} shownByFields={["memberId"]} />
      <div class="actions">
        <Button onClick={() => setIsOpen(false)}>{t.cancel}</Button>
        <Button
          kind="primary"
          busy={deed.busy}
          disabled={!verificationId}
          onClick={() => void offer()}
        >
          {t.offer}
        </Button>
      </div>
    </div>
  );
}

function Accept({ groupId, offer }: { groupId: string; offer: Offer }) {
  const [verificationId, setVerification] = useState<string | null>(null);
  const deed = useDeed(AcceptGroupDocument);
  const accept = async () => {
    if (verificationId && (await deed.run({ groupId, verificationId }))) toast(t.accepted);
  };
  return (
    <div class="steps">
      <p class="notice">
        {t.toMe}
        <Countdown until={offer.until} />
      </p>
      <p>{t.verify}</p>
      <IdentityCheck purpose="TRANSFER" onPassed={setVerification} />
      <Refusals deed={deed} />
      <div class="actions">
        <Button
          kind="primary"
          busy={deed.busy}
          disabled={!verificationId}
          onClick={() => void accept()}
        >
          {t.accept}
        </Button>
      </div>
    </div>
  );
}

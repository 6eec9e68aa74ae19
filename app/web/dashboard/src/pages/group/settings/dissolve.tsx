// The end of a group: by the creator's face, and their word that they know what it means.
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import { DissolveGroupDocument, type GroupSettingsFragment } from "../../../graphql/generated";
import { links } from "../../../links";
import { Button } from "../../../parts/button";
import { CheckField, Refusals } from "../../../parts/fields";
import { useFocus } from "../../../parts/focus";
import { IdentityCheck } from "../../../parts/identity";
import { Section } from "../../../parts/page";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: "解散团体",
    what: "解散后不能恢复：所有人都会收到短信，谁也不能再加入、刷新或查看成员数据；30 天后全部数据将被删除。",
    begin: "解散团体…",
    cancel: "取消",
    acknowledge: "我已了解：解散不能撤销，所有数据都会被删除。",
    dissolve: "解散团体",
    done: "团体已解散",
  },
  en: {
    title: "Dissolving the group",
    what: "It can't be undone: everyone gets an SMS, nobody can join, refresh or read members' data any more, and after 30 days everything is erased.",
    begin: "Dissolve the group…",
    cancel: "Cancel",
    acknowledge: "I know that it can't be undone, and that everything will be erased.",
    dissolve: "Dissolve the group",
    done: "The group is dissolved",
  },
});

export function Dissolve({ group }: { group: GroupSettingsFragment }) {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <Section title={t.title}>
      <p>{t.what}</p>
      {isOpen ? (
        <Steps groupId={group.id} onCancel={() => setIsOpen(false)} />
      ) : (
        <Button kind="danger" onClick={() => setIsOpen(true)}>
          {t.begin}
        </Button>
      )}
    </Section>
  );
}

function Steps({ groupId, onCancel }: { groupId: string; onCancel: () => void }) {
  const [verificationId, setVerification] = useState<string | null>(null);
  const [knows, setKnows] = useState(false);
  const deed = useDeed(DissolveGroupDocument);
  const { route } = useLocation();
  const place = useFocus<HTMLDivElement>();
  const dissolve = async () => {
    if (!verificationId) return;
    if (!(await deed.run({ groupId, verificationId, riskAcknowledged: knows }))) return;
    toast(t.done);
    route(links.groups(), true);
  };
  return (
    <div class="steps" ref={place} tabIndex={-1}>
      <IdentityCheck purpose="DISSOLVE" onPassed={setVerification} />
      <CheckField label={t.acknowledge} checked={knows} onChange={setKnows} />
      <Refusals deed={deed} />
      <div class="actions">
        <Button onClick={onCancel}>{t.cancel}</Button>
        <Button
          kind="danger"
          busy={deed.busy}
          disabled={!verificationId || !knows}
          onClick={() => void dissolve()}
        >
          {t.dissolve}
        </Button>
      </div>
    </div>
  );
}

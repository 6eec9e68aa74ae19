// Bringing relatives onto the family list: from the outside registry, or by hand with their face.
import { useState } from "preact/hooks";
import type { Relation } from "../graphql/enums";
import { useDeed } from "../graphql/deeds";
import {
  AddFamilyMemberDocument,
  SyncFamilyDocument,
  VerifyFamilyMemberDocument,
  type RelativeCardFragment,
} from "../graphql/generated";
import { relationNames } from "../names";
import { counted, texts } from "../texts";
import { Button } from "./button";
import { Dialog } from "./dialog";
import { CheckField, optionsOf, Refusals, SelectField } from "./fields";
import { IdentityCheck, type Typed } from "./identity";
import { Loading } from "./states";
import { toast } from "./toasts";

const t = texts({
  zh: {
    registry: "从亲属登记同步",
    synced: (count: number) => `已同步，亲属共 ${count} 人`,
    byHand: "手动添加亲属",
    relation: "与我的关系",
    student: "是学生",
    added: (name: string) => `已添加亲属：${name}`,
    verify: (name: string) => `认证亲属：${name}`,
    verified: (name: string) => `已认证：${name}`,
  },
  en: {
    registry: "Fetch from the family registry",
    synced: (count: number) => `Fetched: ${counted(count, "relative")} on your list`,
    byHand: "Add a relative by hand",
    relation: "What they are to me",
    student: "They are a student",
    added: (name: string) => `${name} is on your family list`,
    verify: (name: string) => `Verify ${name}`,
    verified: (name: string) => `${name} is verified`,
  },
});

/** Both ways to get relatives onto the list. `onAdded` is told of one who was added by hand. */
export function FamilyAdding({ onAdded }: { onAdded?: (relative: RelativeCardFragment) => void }) {
  const [adding, setAdding] = useState(false);
  const sync = useDeed(SyncFamilyDocument);
  const fetchFamily = async () => {
    const synced = await sync.run({});
    if (synced) toast(t.synced(synced.me?.relatives.length ?? 0));
  };
  return (
    <>
      <div class="actions start">
        <Button busy={sync.busy} onClick={() => void fetchFamily()}>
          {t.registry}
        </Button>
        <Button onClick={() => setAdding(true)}>{t.byHand}</Button>
      </div>
      <Refusals deed={sync} />
      {adding && <AddRelative onAdded={onAdded} onClose={() => setAdding(false)} />}
    </>
  );
}

function AddRelative({
  onAdded,
  onClose,
}: {
  onAdded: ((relative: RelativeCardFragment) => void) | undefined;
  onClose: () => void;
}) {
  const [relation, setRelation] = useState<Relation>("CHILD");
  const [student, setStudent] = useState(false);
  const add = useDeed(AddFamilyMemberDocument);
  const use = async (verificationId: string, typed: Typed) => {
    const added = await add.run({ input: { ...typed, relation, student, verificationId } });
    if (!added?.relative) return;
    toast(t.added(added.relative.name));
    onAdded?.(added.relative);
    onClose();
  };
  return (
    <Dialog title={t.byHand} onClose={onClose}>
      <div class="stack">
        <SelectField
          label={t.relation}
          name="relation"
          value={relation}
          options={optionsOf(relationNames)}
          onChange={setRelation}
          refusals={add.refusals}
        />
        <CheckField label={t.student} checked={student} onChange={setStudent} />
        <IdentityCheck purpose="ADD_RELATIVE" onPassed={(id, typed) => void use(id, typed)} />
        {add.busy && <Loading />}
        <Refusals deed={add} shownByFields={["relation"]} />
      </div>
    </Dialog>
  );
}

/** Verify somebody whom the registry lists unverified, by their face. */
export function VerifyRelative({
  relative,
  onClose,
}: {
  relative: RelativeCardFragment;
  onClose: () => void;
}) {
  const verify = useDeed(VerifyFamilyMemberDocument);
  const use = async (verificationId: string) => {
    if (!(await verify.run({ relativeId: relative.id, verificationId }))) return;
    toast(t.verified(relative.name));
    onClose();
  };
  return (
    <Dialog title={t.verify(relative.name)} onClose={onClose}>
      <div class="stack">
        <IdentityCheck
          purpose="ADD_RELATIVE"
          person={{ name: relative.name, idType: relative.idType }}
          onPassed={(id) => void use(id)}
        />
        {verify.busy && <Loading />}
        <Refusals deed={verify} />
      </div>
    </Dialog>
  );
}

// A member's remark, and editing it in place.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import { UpdateRemarkDocument, type MemberDetailFragment } from "../../../graphql/generated";
import { Button } from "../../../parts/button";
import { Refusals, TextField } from "../../../parts/fields";
import { toast } from "../../../parts/toasts";
import { COLON, texts } from "../../../texts";

const t = texts({
  zh: {
    remark: "备注",
    none: "无",
    edit: "编辑备注",
    save: "保存",
    cancel: "取消",
    saved: "备注已保存",
    hint: "最多 60 个字；留空则没有备注。",
  },
  en: {
    remark: "Remark",
    none: "none",
    edit: "Edit the remark",
    save: "Save",
    cancel: "Cancel",
    saved: "The remark is saved",
    hint: "Up to 60 characters; empty for none.",
  },
});

const LONGEST = 60;

export function Remark({ member }: { member: MemberDetailFragment }) {
  const [typed, setTyped] = useState<string | null>(null);
  const deed = useDeed(UpdateRemarkDocument);
  if (typed === null) {
    return (
      <p>
        {t.remark}
        {COLON}
        {member.remark || t.none}{" "}
        <Button kind="quiet" onClick={() => setTyped(member.remark)}>
          {t.edit}
        </Button>
      </p>
    );
  }
  const save = async () => {
    if (!(await deed.run({ memberId: member.id, remark: typed.trim() }))) return;
    setTyped(null);
    toast(t.saved);
  };
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <TextField
        label={t.remark}
        hint={t.hint}
        name="remark"
        value={typed}
        maxLength={LONGEST}
        refusals={deed.refusals}
        onInput={setTyped}
      />
      <Refusals deed={deed} shownByFields={["remark"]} />
      <div class="actions">
        <Button onClick={() => setTyped(null)}>{t.cancel}</Button>
        <Button kind="primary" submit busy={deed.busy}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}

// A face check at the outside provider: who it is about is typed here, the face is shown there.
import { useState } from "preact/hooks";
import type { IdType, VerificationPurpose } from "../graphql/enums";
import { useDeed } from "../graphql/deeds";
import { IdentityOwnerDocument, StartIdentityVerificationDocument } from "../graphql/generated";
import { useReading } from "../graphql/queries";
import { idTypeNames } from "../names";
import { hasSandbox } from "../sandbox";
import { madeUpOwner, madeUpRelative } from "../sandbox_people";
import { texts } from "../texts";
import { Button } from "./button";
import { optionsOf, Refusals, SelectField, TextField } from "./fields";
import { FaceCheck, type OpenedCheck } from "./face_check";
import { useFocus } from "./focus";

const t = texts({
  zh: {
    own: "请核对本人证件信息，然后进行人脸认证。证件号码只用于认证，本页不保存。",
    relatives: "请填写亲属的证件信息，由亲属本人进行人脸认证。证件号码只用于认证，本页不保存。",
    name: "姓名（与证件一致）",
    idType: "证件类型",
    idNumber: "证件号码",
    start: "开始实人认证",
    madeUp: "填入一位虚构人员（沙箱）",
    done: "实人认证已完成。",
    again: "重新认证",
  },
  en: {
    own: "Enter your own document, then show your face. The number is used for the check only; this page keeps it nowhere.",
    relatives:
      "Enter the relative's document; the relative then shows their own face. The number is used for the check only; this page keeps it nowhere.",
    name: "Name (as on the document)",
    idType: "Kind of document",
    idNumber: "Number of the document",
    start: "Start the face check",
    madeUp: "Fill in somebody made up (sandbox)",
    done: "The face check is done.",
    again: "Check again",
  },
});

/** Whom a check is about, as typed. */
export interface Typed {
  name: string;
  idType: IdType;
  idNumber: string;
}

interface Props {
  purpose: VerificationPurpose;
  /** What is known of the person beforehand. */
  person?: Partial<Typed>;
  /** Called when the check has passed; it serves once, within ten minutes. */
  onPassed: (verificationId: string, typed: Typed) => void;
}

/** A face check from its form to its end. It has a form of its own: never put it into another. */
export function IdentityCheck({ purpose, person, onPassed }: Props) {
  const [check, setCheck] = useState<OpenedCheck | null>(null);
  const [typed, setTyped] = useState<Typed>({
    name: person?.name ?? "",
    idType: person?.idType ?? "RESIDENT_ID",
    idNumber: person?.idNumber ?? "",
  });
  const [done, setDone] = useState(false);
  const again = () => {
    setCheck(null);
    setDone(false);
  };
  if (done) return <Done onAgain={again} />;
  if (!check) {
    // Nobody made up fits a relative who is known already.
    const mayMakeUp = hasSandbox && !(purpose === "ADD_RELATIVE" && person?.name);
    return (
      <PersonForm
        purpose={purpose}
        mayMakeUp={mayMakeUp}
        typed={typed}
        onTyped={setTyped}
        onOpened={setCheck}
      />
    );
  }
  const over = () => {
    setDone(true);
    onPassed(check.id, typed);
  };
  return <FaceCheck check={check} onPassed={over} onAgain={again} />;
}

function Done({ onAgain }: { onAgain: () => void }) {
  const place = useFocus<HTMLParagraphElement>();
  return (
    <p class="identity-done" role="status" ref={place} tabIndex={-1}>
      ✓ {t.done}{" "}
      <Button kind="quiet" onClick={onAgain}>
        {t.again}
      </Button>
    </p>
  );
}

function PersonForm({
  purpose,
  mayMakeUp,
  typed,
  onTyped,
  onOpened,
}: {
  purpose: VerificationPurpose;
  mayMakeUp: boolean;
  typed: Typed;
  onTyped: (typed: Typed) => void;
  onOpened: (check: OpenedCheck) => void;
}) {
  const start = useDeed(StartIdentityVerificationDocument);
  const submit = async () => {
    const started = await start.run({ purpose, ...typed });
    if (started?.verification) onOpened(started.verification);
  };
  const change = (changed: Partial<Typed>) => onTyped({ ...typed, ...changed });
  return (
    <form class="identity" onSubmit={(event) => (event.preventDefault(), void submit())}>
      <p class="hint">{purpose === "ADD_RELATIVE" ? t.relatives : t.own}</p>
      {mayMakeUp && <MadeUp purpose={purpose} onTyped={change} />}
      <TextField
        label={t.name}
        name="name"
        required
        value={typed.name}
        onInput={(name) => change({ name })}
        refusals={start.refusals}
      />
      <SelectField
        label={t.idType}
        name="idType"
        value={typed.idType}
        options={optionsOf(idTypeNames)}
        onChange={(idType) => change({ idType })}
        refusals={start.refusals}
      />
      <TextField
        label={t.idNumber}
        name="idNumber"
        required
        value={typed.idNumber}
        onInput={(idNumber) => change({ idNumber })}
        refusals={start.refusals}
      />
      <Refusals deed={start} shownByFields={["name", "idType", "idNumber"]} />
      <div class="actions">
        <Button kind="primary" submit busy={start.busy}>
          {t.start}
        </Button>
      </div>
    </form>
  );
}

/** In the sandbox nobody needs to invent an ID number: a phone is always the same person's. */
function MadeUp({
  purpose,
  onTyped,
}: {
  purpose: VerificationPurpose;
  onTyped: (typed: Typed) => void;
}) {
  const { data } = useReading(IdentityOwnerDocument, {});
  const me = data?.me;
  if (!me) return null;
  const fill = () => {
    const person = purpose === "ADD_RELATIVE" ? madeUpRelative() : madeUpOwner(me.phone);
    onTyped({ idType: "RESIDENT_ID", ...person });
  };
  return (
    <div>
      <Button onClick={fill}>{t.madeUp}</Button>
    </div>
  );
}

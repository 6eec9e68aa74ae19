// The viewer's family list: whom they may enrol in groups.
import { useState } from "preact/hooks";
import { useDeed } from "../../graphql/deeds";
import {
  MyFamilyDocument,
  RemoveFamilyMemberDocument,
  type RelativeCardFragment,
} from "../../graphql/generated";
import { useReading } from "../../graphql/queries";
import { idTypeNames, relationNames } from "../../names";
import { Button } from "../../parts/button";
import { Confirm } from "../../parts/dialog";
import { FamilyAdding, VerifyRelative } from "../../parts/family";
import { Refusals } from "../../parts/fields";
import { Section } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { toast } from "../../parts/toasts";
import { texts } from "../../texts";

const t = texts({
  zh: {
    title: "亲属",
    about: "已实人认证的亲属，可以由您代为加入团体。",
    none: "还没有亲属。可以从亲属登记同步，或手动添加。",
    student: "学生",
    verified: "✓ 已实人认证",
    unverified: "未实人认证，不能加入团体",
    verify: "认证",
    remove: "移除",
    removeTitle: (name: string) => `从亲属中移除 ${name}？`,
    removeText: "移除后不能再代其加入团体，可以重新添加。已由您代为加入团体的亲属不能移除。",
    removed: (name: string) => `已移除亲属：${name}`,
  },
  en: {
    title: "My family",
    about: "You may enrol verified relatives in groups.",
    none: "There is nobody on the list. Fetch them from the family registry, or add them by hand.",
    student: "student",
    verified: "✓ Verified",
    unverified: "Not verified: can't join a group",
    verify: "Verify",
    remove: "Remove",
    removeTitle: (name: string) => `Take ${name} off your family list?`,
    removeText:
      "You can't enrol them any more then; you may add them again. Whoever you enrolled in a group can't be taken off.",
    removed: (name: string) => `${name} is off your family list`,
  },
});

export function Family() {
  const reading = useReading(MyFamilyDocument, {});
  return (
    <Section title={t.title}>
      <p class="hint">{t.about}</p>
      <FamilyAdding />
      <Shown reading={reading}>
        {({ me }) =>
          me?.relatives.length ? (
            <ul class="entries">
              {me.relatives.map((relative) => (
                <Relative key={relative.id} relative={relative} />
              ))}
            </ul>
          ) : (
            <Empty>{t.none}</Empty>
          )
        }
      </Shown>
    </Section>
  );
}

function Relative({ relative }: { relative: RelativeCardFragment }) {
  const [open, setOpen] = useState<"verify" | "remove" | null>(null);
  const { name, relation, student, idType, idNumberMasked, verified } = relative;
  const close = () => setOpen(null);
  return (
    <li class="beside">
      <div>
        <h3>
          {name}{" "}
          <span class="hint">
            {relationNames[relation]}
            {student && ` · ${t.student}`}
          </span>
        </h3>
        <p class="hint">
          {idTypeNames[idType]} {idNumberMasked} · {verified ? t.verified : t.unverified}
        </p>
      </div>
      <div class="actions">
        {!verified && <Button onClick={() => setOpen("verify")}>{t.verify}</Button>}
        <Button onClick={() => setOpen("remove")}>{t.remove}</Button>
      </div>
      {open === "verify" && <VerifyRelative relative={relative} onClose={close} />}
      {open === "remove" && <Remove relative={relative} onClose={close} />}
    </li>
  );
}

function Remove({ relative, onClose }: { relative: RelativeCardFragment; onClose: () => void }) {
  const remove = useDeed(RemoveFamilyMemberDocument);
  const confirm = async () => {
    if (!(await remove.run({ relativeId: relative.id }))) return;
    toast(t.removed(relative.name));
    onClose();
  };
  return (
    <Confirm
      title={t.removeTitle(relative.name)}
      action={t.remove}
      kind="danger"
      busy={remove.busy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{t.removeText}</p>
      <Refusals deed={remove} />
    </Confirm>
  );
}

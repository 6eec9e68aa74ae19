// Making, renaming and removing a section.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  CreateSectionDocument,
  RemoveSectionDocument,
  RenameSectionDocument,
  type SectionRowFragment,
} from "../../../graphql/generated";
import { Button } from "../../../parts/button";
import { Confirm, Dialog } from "../../../parts/dialog";
import { Refusals, TextField } from "../../../parts/fields";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    name: "名称",
    hint: "最多 30 个字，例如“三年级 1 班”。",
    create: "新建",
    created: "已新建",
    rename: "改名",
    renameOf: (name: string) => `改名：${name}`,
    save: "保存",
    renamed: "已改名",
    remove: "移除",
    removeOf: (name: string) => `移除：${name}`,
    what: "其中的成员仍在团体中，只是不再属于任何班级或部门；只负责它的管理员将不再看到任何成员。",
    removed: "已移除",
  },
  en: {
    name: "Name",
    hint: "Up to 30 characters, such as “Year 3, class 1”.",
    create: "Make a section",
    created: "The section is made",
    rename: "Rename",
    renameOf: (name: string) => `Rename ${name}`,
    save: "Save",
    renamed: "The section is renamed",
    remove: "Remove",
    removeOf: (name: string) => `Remove ${name}`,
    what: "Its members stay in the group, in no section. An admin who looks after it alone sees nobody then.",
    removed: "The section is removed",
  },
});

const LONGEST = 30;

export function Create({ groupId }: { groupId: string }) {
  const deed = useDeed(CreateSectionDocument);
  const [name, setName] = useState("");
  const create = async () => {
    if (!(await deed.run({ groupId, name: name.trim() }))) return;
    setName("");
    toast(t.created);
  };
  return (
    <form class="one-line" onSubmit={(event) => (event.preventDefault(), void create())}>
      <TextField
        label={t.name}
        hint={t.hint}
        name="name"
        required
        value={name}
        maxLength={LONGEST}
        refusals={deed.refusals}
        onInput={setName}
      />
      <Refusals deed={deed} shownByFields={["name"]} />
      <div class="actions start">
        <Button kind="primary" submit busy={deed.busy}>
          {t.create}
        </Button>
      </div>
    </form>
  );
}

export function Rename({ section }: { section: SectionRowFragment }) {
  const deed = useDeed(RenameSectionDocument);
  const [typed, setTyped] = useState<string | null>(null);
  const close = () => {
    setTyped(null);
    deed.reset();
  };
  const save = async () => {
    if (!(await deed.run({ sectionId: section.id, name: typed?.trim() ?? "" }))) return;
    close();
    toast(t.renamed);
  };
  return (
    <>
      <Button label={t.renameOf(section.name)} onClick={() => setTyped(section.name)}>
        {t.rename}
      </Button>
      {typed !== null && (
        <Dialog title={t.renameOf(section.name)} onClose={close}>
          <form onSubmit={(event) => (event.preventDefault(), void save())}>
            <TextField
              label={t.name}
              hint={t.hint}
              name="name"
              required
              takesFocus
              value={typed}
              maxLength={LONGEST}
              refusals={deed.refusals}
              onInput={setTyped}
            />
            <Refusals deed={deed} shownByFields={["name"]} />
            <div class="actions">
              <Button kind="primary" submit busy={deed.busy}>
                {t.save}
              </Button>
            </div>
          </form>
        </Dialog>
      )}
    </>
  );
}

export function Remove({ section }: { section: SectionRowFragment }) {
  const deed = useDeed(RemoveSectionDocument);
  const [asks, setAsks] = useState(false);
  const remove = async () => {
    if (!(await deed.run({ sectionId: section.id }))) return;
    setAsks(false);
    toast(t.removed);
  };
  return (
    <>
      <Button kind="danger" label={t.removeOf(section.name)} onClick={() => setAsks(true)}>
        {t.remove}
      </Button>
      {asks && (
        <Confirm
          title={t.removeOf(section.name)}
          action={t.remove}
          kind="danger"
          busy={deed.busy}
          onConfirm={() => void remove()}
          onClose={() => setAsks(false)}
        >
          <p>{t.what}</p>
          <Refusals deed={deed} />
        </Confirm>
      )}
    </>
  );
}

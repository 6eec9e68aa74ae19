// The group's name, type and address.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import { UpdateGroupDocument, type GroupSettingsFragment } from "../../../graphql/generated";
import { typeNames } from "../../../names";
import { Button } from "../../../parts/button";
import { optionsOf, Refusals, SelectField, TextField } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: "团体信息",
    name: "团体名称",
    type: "团体类型",
    address: "团体地址",
    creator: "创建人",
    save: "保存",
    saved: "团体信息已保存",
  },
  en: {
    title: "The group",
    name: "Name",
    type: "Type",
    address: "Address",
    creator: "Creator",
    save: "Save",
    saved: "The group's details are saved",
  },
});

/** What each part of the settings is given. */
export interface SettingsProps {
  group: GroupSettingsFragment;
  isCreator: boolean;
}

export function Details({ group, isCreator }: SettingsProps) {
  return (
    <Section title={t.title}>
      {isCreator ? (
        <DetailsForm group={group} />
      ) : (
        <dl class="facts">
          <dt>{t.name}</dt>
          <dd>{group.name}</dd>
          <dt>{t.type}</dt>
          <dd>{typeNames[group.type]}</dd>
          <dt>{t.address}</dt>
          <dd>{group.address}</dd>
          <dt>{t.creator}</dt>
          <dd>{group.creator.name}</dd>
        </dl>
      )}
    </Section>
  );
}

type Edited = Pick<GroupSettingsFragment, "name" | "type" | "address">;

function DetailsForm({ group }: { group: GroupSettingsFragment }) {
  const deed = useDeed(UpdateGroupDocument);
  const [edited, setEdited] = useState<Partial<Edited>>({});
  const { name, type, address }: Edited = { ...group, ...edited };
  const change = (changed: Partial<Edited>) => setEdited({ ...edited, ...changed });
  const submit = async () => {
    if (!(await deed.run({ groupId: group.id, name, type, address }))) return;
    setEdited({});
    toast(t.saved);
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void submit())}>
      <TextField
        label={t.name}
        name="name"
        required
        value={name}
        onInput={(name) => change({ name })}
        refusals={deed.refusals}
      />
      <SelectField
        label={t.type}
        name="type"
        value={type}
        options={optionsOf(typeNames)}
        onChange={(type) => change({ type })}
        refusals={deed.refusals}
      />
      <TextField
        label={t.address}
        name="address"
        required
        value={address}
        onInput={(address) => change({ address })}
        refusals={deed.refusals}
      />
      <Refusals deed={deed} shownByFields={["name", "type", "address"]} />
      <div class="actions">
        <Button kind="primary" submit busy={deed.busy}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}

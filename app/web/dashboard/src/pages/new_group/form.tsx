// The form of a new group; what it was refused for stands at its fields.
import { useLocation } from "preact-iso";
import { useState } from "preact/hooks";
import type { GroupType, NatValidity } from "../../graphql/enums";
import { useDeed } from "../../graphql/deeds";
import { CreateGroupDocument } from "../../graphql/generated";
import { links } from "../../links";
import { typeNames, validityNames } from "../../names";
import { Button } from "../../parts/button";
import { CheckField, optionsOf, Refusals, SelectField, TextField } from "../../parts/fields";
import { Section } from "../../parts/page";
import { NO_PHONE, PhoneFields, type EnteredPhone } from "../../parts/phone";
import { toast } from "../../parts/toasts";
import { texts } from "../../texts";

const t = texts({
  zh: {
    group: "团体信息",
    name: "团体名称",
    nameHint: "1 至 60 个字",
    type: "团体类型",
    address: "团体地址",
    addressHint: "1 至 200 个字",
    validity: "核酸有效时间",
    validityHint: "从最新阴性结果的检测时间算起；以后可以修改。",
    otherPhone: (phone: string) => `用另一个手机号联系（默认 ${phone}）`,
    consent: (version: string) =>
      `我已阅读并同意上述条款（版本 ${version}）。创建人也是团体的一员，其健康信息同样计入。`,
    create: "创建",
    created: (name: string) => `已创建团体：${name}。现在可以邀请成员。`,
    limit: "您可以先解散或转让一个团体，再创建新的。",
  },
  en: {
    group: "The group",
    name: "Name",
    nameHint: "1 to 60 characters",
    type: "Type",
    address: "Address",
    addressHint: "1 to 200 characters",
    validity: "How long a negative test holds",
    validityHint: "From the time of the newest negative result; it can be changed later.",
    otherPhone: (phone: string) => `Be reached at another phone than ${phone}`,
    consent: (version: string) =>
      `I have read and agree to the terms above (version ${version}). A group's creator is one of its people: their own health counts, too.`,
    create: "Create it",
    created: (name: string) => `${name} is there. Now invite people.`,
    limit: "Dissolve a group or hand one over, then create a new one.",
  },
});

const FIELDS = ["name", "type", "address", "natValidity", "phone", "code"];

interface Fields {
  name: string;
  type: GroupType;
  address: string;
  natValidity: NatValidity;
}

export function GroupForm({ phone, version }: { phone: string; version: string }) {
  const [fields, setFields] = useState<Fields>({
    name: "",
    type: "ENTERPRISE",
    address: "",
    natValidity: "NONE",
  });
  const [other, setOther] = useState<EnteredPhone | null>(null);
  const [consent, setConsent] = useState(false);
  const { route } = useLocation();
  const create = useDeed(CreateGroupDocument);
  const { refusals } = create;
  const submit = async () => {
    const created = await create.run({ input: { ...fields, consent, ...other } });
    if (!created?.group) return;
    toast(t.created(created.group.name));
    route(links.group(created.group.id, "invitations"));
  };
  return (
    <Section title={t.group}>
      <form class="narrow" onSubmit={(event) => (event.preventDefault(), void submit())}>
        <GroupFields fields={fields} onFields={setFields} refusals={refusals} />
        <CheckField
          label={t.otherPhone(phone)}
          checked={other !== null}
          onChange={(checked) => setOther(checked ? NO_PHONE : null)}
        />
        {other && (
          <PhoneFields
            purpose="CREATE_GROUP"
            entered={other}
            onEntered={setOther}
            refusals={refusals}
          />
        )}
        <CheckField label={t.consent(version)} checked={consent} onChange={setConsent} />
        <Refusals deed={create} shownByFields={FIELDS} />
        {refusals.some(({ code }) => code === "GROUP_LIMIT_REACHED") && <p>{t.limit}</p>}
        <div class="actions">
          <Button kind="primary" submit busy={create.busy}>
            {t.create}
          </Button>
        </div>
      </form>
    </Section>
  );
}

function GroupFields({
  fields,
  onFields,
  refusals,
}: {
  fields: Fields;
  onFields: (fields: Fields) => void;
  refusals: Parameters<typeof TextField>[0]["refusals"];
}) {
  const change = (changed: Partial<Fields>) => onFields({ ...fields, ...changed });
  return (
    <>
      <TextField
        label={t.name}
        hint={t.nameHint}
        name="name"
        maxLength={60}
        required
        value={fields.name}
        onInput={(name) => change({ name })}
        refusals={refusals}
      />
      <SelectField
        label={t.type}
        name="type"
        value={fields.type}
        options={optionsOf(typeNames)}
        onChange={(type) => change({ type })}
        refusals={refusals}
      />
      <TextField
        label={t.address}
        hint={t.addressHint}
        name="address"
        maxLength={200}
        required
        value={fields.address}
        onInput={(address) => change({ address })}
        refusals={refusals}
      />
      <SelectField
        label={t.validity}
        hint={t.validityHint}
        name="natValidity"
        value={fields.natValidity}
        options={optionsOf(validityNames)}
        onChange={(natValidity) => change({ natValidity })}
        refusals={refusals}
      />
    </>
  );
}

// Who joins: oneself, relatives, or both; each with the remark that the group asks for.
import { useState } from "preact/hooks";
import type {
  JoinerFragment,
  PreviewFragment,
  RefusalFragment,
  RelativeCardFragment,
} from "../../graphql/generated";
import { relationNames } from "../../names";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { FamilyAdding, VerifyRelative } from "../../parts/family";
import { CheckField, TextField } from "../../parts/fields";
import { Section } from "../../parts/page";
import { BecomeRealNamed } from "../../parts/real_name";
import { t } from "./texts";

/** The key of oneself among those chosen; the others are there by their relative's id. */
export const MYSELF = "myself";

/** The remark of each who was chosen, in the order of choosing. */
export type Chosen = Readonly<Record<string, string>>;

interface Props {
  me: JoinerFragment;
  preview: PreviewFragment;
  chosen: Chosen;
  onChosen: (chosen: Chosen) => void;
  refusals: RefusalFragment[];
}

export function People({ me, preview, chosen, onChosen, refusals }: Props) {
  const toggle = (who: string) => (checked: boolean) => {
    const { [who]: _, ...others } = chosen;
    onChosen(checked ? { ...others, [who]: "" } : others);
  };
  const remarkOf = (who: string, name: string) =>
    who in chosen && (
      <Remark
        name={name}
        at={Object.keys(chosen).indexOf(who)}
        preview={preview}
        value={chosen[who] ?? ""}
        onInput={(remark) => onChosen({ ...chosen, [who]: remark })}
        refusals={refusals}
      />
    );
  return (
    <Section title={t.who}>
      <div class="stack">
        <CheckField
          label={me.name ? t.named(me.name) : t.myself}
          checked={MYSELF in chosen}
          onChange={toggle(MYSELF)}
        />
        {remarkOf(MYSELF, me.name ?? t.me)}
        <h3>{t.relatives}</h3>
        {me.relatives.map((relative) => (
          <div key={relative.id} class="stack">
            <RelativeChoice
              relative={relative}
              checked={relative.id in chosen}
              onChange={toggle(relative.id)}
            />
            {remarkOf(relative.id, relative.name)}
          </div>
        ))}
        {me.realNamed ? (
          <>
            {!me.relatives.length && <p class="hint">{t.noRelatives}</p>}
            <FamilyAdding onAdded={({ id }) => onChosen({ ...chosen, [id]: "" })} />
          </>
        ) : (
          <Unnamed />
        )}
        {!Object.keys(chosen).length && <p role="status">{t.nobody}</p>}
      </div>
    </Section>
  );
}

function RelativeChoice({
  relative,
  checked,
  onChange,
}: {
  relative: RelativeCardFragment;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const [verifying, setVerifying] = useState(false);
  const { name, relation, idNumberMasked, verified } = relative;
  return (
    <div class="relative-choice">
      <CheckField
        label={`${name} · ${relationNames[relation]} · ${idNumberMasked}${verified ? "" : ` · ${t.unverified}`}`}
        checked={checked}
        disabled={!verified}
        onChange={onChange}
      />
      {!verified && <Button onClick={() => setVerifying(true)}>{t.verify}</Button>}
      {verifying && <VerifyRelative relative={relative} onClose={() => setVerifying(false)} />}
    </div>
  );
}

/** Relatives are enrolled by somebody who is known by name. */
function Unnamed() {
  const [proving, setProving] = useState(false);
  return (
    <div>
      <p class="hint">
        {t.relativesNeedName} {t.sameAgain}
      </p>
      <Button onClick={() => setProving(true)}>{t.prove}</Button>
      {proving && (
        <Dialog title={t.prove} onClose={() => setProving(false)}>
          <BecomeRealNamed onNamed={() => setProving(false)} />
        </Dialog>
      )}
    </div>
  );
}

function Remark({
  name,
  at,
  preview,
  value,
  onInput,
  refusals,
}: {
  name: string;
  at: number;
  preview: PreviewFragment;
  value: string;
  onInput: (remark: string) => void;
  refusals: RefusalFragment[];
}) {
  const { remarkPrompt, remarkRequired } = preview;
  const rule = remarkRequired ? t.remarkRequired : t.remarkOptional;
  return (
    <TextField
      label={t.remark(name)}
      hint={remarkPrompt ? `${remarkPrompt} · ${rule}` : rule}
      name={`people.${at}.remark`}
      maxLength={60}
      required={remarkRequired}
      value={value}
      onInput={onInput}
      refusals={refusals}
    />
  );
}

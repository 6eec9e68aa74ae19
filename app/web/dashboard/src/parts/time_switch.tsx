// A switch with a time of the day: off, or on at that time.
import { useState } from "preact/hooks";
import type { RefusalFragment } from "../graphql/generated";
import { texts } from "../texts";
import { Button } from "./button";
import { CheckField, TextField } from "./fields";

const t = texts({ zh: { save: "保存时间" }, en: { save: "Save the time" } });

interface Props {
  label: string;
  atLabel: string;
  /** The time it is switched on with. */
  usual: string;
  /** Null: it is off. */
  at: string | null;
  busy: boolean;
  refusals: RefusalFragment[];
  onChange: (at: string | null) => void;
}

export function TimeSwitch({ label, atLabel, usual, at, busy, refusals, onChange }: Props) {
  const [typed, setTyped] = useState<string | null>(null);
  const shown = typed ?? at ?? usual;
  const save = () => {
    setTyped(null);
    onChange(shown);
  };
  return (
    <form class="time-switch" onSubmit={(event) => (event.preventDefault(), save())}>
      <CheckField
        label={label}
        checked={at !== null}
        disabled={busy}
        onChange={(on) => onChange(on ? usual : null)}
      />
      {at !== null && (
        <>
          <TextField
            label={atLabel}
            name="at"
            type="time"
            required
            value={shown}
            refusals={refusals}
            onInput={setTyped}
          />
          {shown !== at && (
            <Button kind="primary" submit busy={busy}>
              {t.save}
            </Button>
          )}
        </>
      )}
    </form>
  );
}

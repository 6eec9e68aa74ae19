// Fields of forms: each with its label, and what was wrong with it beside it.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import type { CombinedError } from "@urql/core";
import type { RefusalFragment } from "../graphql/generated";
import { explainDeed } from "../graphql/failures";

interface Labelled {
  label: string;
  hint?: string | undefined;
  /** What the server refused; shown here where its path ends in `name`. */
  name?: string | undefined;
  refusals?: RefusalFragment[] | undefined;
}

/** Whether a refusal is about the field whose path ends in a name. */
function isAbout({ path }: RefusalFragment, name: string): boolean {
  return `.${path.join(".")}`.endsWith(`.${name}`);
}

function refusalOf({ name, refusals }: Labelled): string | undefined {
  if (!name) return undefined;
  return refusals?.find((refusal) => isAbout(refusal, name))?.message;
}

function Field({ id, of, children }: { id: string; of: Labelled; children: ComponentChildren }) {
  const refusal = refusalOf(of);
  return (
    <div class={refusal ? "field refused" : "field"}>
      <label for={id}>{of.label}</label>
      {children}
      {of.hint && (
        <p class="hint" id={`${id}-hint`}>
          {of.hint}
        </p>
      )}
      {refusal && (
        <p class="refusal" id={`${id}-refusal`} role="alert">
          {refusal}
        </p>
      )}
    </div>
  );
}

function described(id: string, of: Labelled) {
  const refused = refusalOf(of) !== undefined;
  const parts = [of.hint && `${id}-hint`, refused && `${id}-refusal`].filter(Boolean);
  return {
    id,
    name: of.name,
    "aria-invalid": refused,
    ...(parts.length ? { "aria-describedby": parts.join(" ") } : {}),
  };
}

interface TextProps extends Labelled {
  value: string;
  onInput: (value: string) => void;
  type?: "text" | "tel" | "search" | "time";
  autocomplete?: string;
  inputMode?: "text" | "numeric" | "tel";
  maxLength?: number;
  required?: boolean;
  /** Whether it takes the focus as it is shown. */
  takesFocus?: boolean;
}

export function TextField({ value, onInput, type = "text", required = false, ...rest }: TextProps) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { autocomplete = "off", inputMode, maxLength, takesFocus = false } = rest;
  useEffect(() => {
    if (takesFocus) input.current?.focus();
  }, []);
  return (
    <Field id={id} of={rest}>
      <input
        {...described(id, rest)}
        ref={input}
        type={type}
        list={undefined} // the types ask for it
        value={value}
        required={required}
        autocomplete={autocomplete}
        inputMode={inputMode}
        maxLength={maxLength}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </Field>
  );
}

interface SelectProps<Value extends string> extends Labelled {
  value: Value;
  options: readonly { value: Value; name: string }[];
  onChange: (value: Value) => void;
}

export function SelectField<Value extends string>(props: SelectProps<Value>) {
  const { value, options, onChange } = props;
  const id = useId();
  return (
    <Field id={id} of={props}>
      <select
        {...described(id, props)}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as Value)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.name}
          </option>
        ))}
      </select>
    </Field>
  );
}

/** The options of an enum by its names. */
export function optionsOf<Value extends string>(names: Record<Value, string>) {
  return (Object.keys(names) as Value[]).map((value) => ({ value, name: names[value] }));
}

export function CheckField({
  label,
  checked,
  onChange,
  disabled = false,
}: {
  label: ComponentChildren;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
}) {
  return (
    <label class="check">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
      <span>{label}</span>
    </label>
  );
}

/** What refused or failed a deed, but for what its fields show themselves. */
export function Refusals({
  deed,
  shownByFields = [],
}: {
  deed: { refusals: RefusalFragment[]; failure: CombinedError | null };
  shownByFields?: string[];
}) {
  const rest = deed.refusals.filter(
    (refusal) => !shownByFields.some((name) => isAbout(refusal, name)),
  );
  if (!rest.length && !deed.failure) return null;
  return (
    <div class="failure" role="alert">
      {rest.map(({ message }) => (
        <p key={message}>{message}</p>
      ))}
      {deed.failure && <p>{explainDeed(deed.failure)}</p>}
    </div>
  );
}

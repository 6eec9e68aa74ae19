// What whoever joins agrees to, the phone by which they are reached, and the button to join.
import { Button } from "../../parts/button";
import { CheckField } from "../../parts/fields";
import { Section } from "../../parts/page";
import { NO_PHONE, PhoneFields, type EnteredPhone } from "../../parts/phone";
import { JoinRefusals, type Joining } from "./refusals";
import { t } from "./texts";

interface Props {
  ownPhone: string;
  phone: EnteredPhone | null;
  onPhone: (phone: EnteredPhone | null) => void;
  version: string;
  consent: boolean;
  onConsent: (consent: boolean) => void;
  /** How many join. */
  count: number;
  join: Joining;
  onJoin: () => void;
}

export function Agreement({ ownPhone, phone, onPhone, version, count, join, ...rest }: Props) {
  const remarks = Array.from({ length: count }, (_, at) => `people.${at}.remark`);
  return (
    <Section title={t.agreement}>
      <form onSubmit={(event) => (event.preventDefault(), rest.onJoin())}>
        <CheckField
          label={t.otherPhone(ownPhone)}
          checked={phone !== null}
          onChange={(other) => onPhone(other ? NO_PHONE : null)}
        />
        {phone && (
          <PhoneFields
            purpose="JOIN"
            entered={phone}
            onEntered={onPhone}
            refusals={join.refusals}
          />
        )}
        <CheckField label={t.consent(version)} checked={rest.consent} onChange={rest.onConsent} />
        <JoinRefusals join={join} shownByFields={["phone", "code", ...remarks]} />
        <div class="actions">
          <Button kind="primary" submit busy={join.busy} disabled={!count}>
            {t.join(count)}
          </Button>
        </div>
      </form>
    </Section>
  );
}

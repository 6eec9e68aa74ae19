// Proving a phone by the code that comes to it by SMS.
import { useEffect, useState } from "preact/hooks";
import type { CodePurpose } from "../graphql/enums";
import { useDeed } from "../graphql/deeds";
import { RequestPhoneCodeDocument, type RefusalFragment } from "../graphql/generated";
import { hasSandbox, newestCode } from "../sandbox";
import { deviceToken } from "../session/tokens";
import { texts } from "../texts";
import { Button } from "./button";
import { Refusals, TextField } from "./fields";

const t = texts({
  zh: {
    phone: "手机号",
    request: "获取验证码",
    sent: "如果号码可用，验证码已发送，5 分钟内有效。",
    code: "验证码",
    shown: (code: string) => `沙箱里最新的验证码：${code}`,
  },
  en: {
    phone: "Phone",
    request: "Send a code to it",
    sent: "If the number can be used, a code is on its way. It is valid for 5 minutes.",
    code: "Code",
    shown: (code: string) => `The newest code in the sandbox: ${code}`,
  },
});

const LOOK_EVERY = 500; // ms

/** A phone with the code that proves it, as the API's inputs take them. */
export interface EnteredPhone {
  phone: string;
  code: string;
  challenge: string | null;
}

export const NO_PHONE: EnteredPhone = { phone: "", code: "", challenge: null };

/** Fields for a phone and its code. They belong to a form around them, whose deed uses both. */
export function PhoneFields({
  purpose,
  entered,
  onEntered,
  refusals,
}: {
  purpose: CodePurpose;
  entered: EnteredPhone;
  onEntered: (entered: EnteredPhone) => void;
  refusals: RefusalFragment[];
}) {
  const { phone, code, challenge } = entered;
  const request = useDeed(RequestPhoneCodeDocument);
  const send = async () => {
    const sent = await request.run({ phone, purpose, deviceToken: deviceToken() });
    if (sent?.challenge) onEntered({ phone, code: "", challenge: sent.challenge });
  };
  return (
    <>
      <TextField
        label={t.phone}
        name="phone"
        type="tel"
        inputMode="tel"
        required
        value={phone}
        onInput={(phone) => onEntered({ ...NO_PHONE, phone })}
        refusals={[...request.refusals, ...refusals]}
      />
      <Refusals deed={request} shownByFields={["phone"]} />
      <div>
        <Button disabled={!phone} busy={request.busy} onClick={() => void send()}>
          {t.request}
        </Button>
      </div>
      {challenge !== null && (
        <>
          <p role="status">{t.sent}</p>
          {hasSandbox && (
            <SandboxCode
              key={challenge}
              phone={phone}
              onCode={(code) => onEntered({ phone, code, challenge })}
            />
          )}
          <CodeField
            code={code}
            onCode={(code) => onEntered({ phone, code, challenge })}
            refusals={refusals}
            takesFocus
          />
        </>
      )}
    </>
  );
}

/** The six digits of an SMS. */
export function CodeField({
  code,
  onCode,
  refusals,
  takesFocus = false,
}: {
  code: string;
  onCode: (code: string) => void;
  refusals: RefusalFragment[];
  takesFocus?: boolean;
}) {
  return (
    <TextField
      label={t.code}
      name="code"
      inputMode="numeric"
      autocomplete="one-time-code"
      maxLength={6}
      required
      takesFocus={takesFocus}
      value={code}
      onInput={onCode}
      refusals={refusals}
    />
  );
}

/** The newest code as the sandbox shows it; it fills the field, as a later one does when it comes. */
export function SandboxCode({ phone, onCode }: { phone: string; onCode: (code: string) => void }) {
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    const look = async () => {
      const code = await newestCode(international(phone)).catch(() => null);
      if (code !== null) setShown(code);
    };
    const timer = setInterval(() => void look(), LOOK_EVERY);
    return () => clearInterval(timer);
  }, [phone]);
  useEffect(() => {
    if (shown !== null) onCode(shown);
  }, [shown]);
  return shown && <p class="hint">{t.shown(shown)}</p>;
}

/** A number as the sandbox lists it: a bare one is of the mainland. */
function international(phone: string): string {
  const digits = phone.replace(/[^\d+]/g, "");
  return digits.startsWith("+") ? digits : `+86${digits}`;
}

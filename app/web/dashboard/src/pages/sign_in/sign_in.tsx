// Signing in: a phone, then the code that comes to it.
import { useState } from "preact/hooks";
import { useDeed } from "../../graphql/deeds";
import { RequestPhoneCodeDocument, SignInDocument } from "../../graphql/generated";
import { Button } from "../../parts/button";
import { Refusals, TextField } from "../../parts/fields";
import { Page } from "../../parts/page";
import { CodeField, SandboxCode } from "../../parts/phone";
import { hasSandbox } from "../../sandbox";
import { deviceToken, keep } from "../../session/tokens";
import { texts } from "../../texts";

const t = texts({
  zh: {
    title: "登录",
    phone: "手机号",
    request: "获取验证码",
    sent: (phone: string) => `如果号码可用，验证码已发送到 ${phone}，5 分钟内有效。`,
    signIn: "登录",
    back: "重新获取，或换手机号",
    sandbox: "沙箱已开启：没有真短信，验证码显示在这里。示范团体的创建人是 +8613800000001。",
  },
  en: {
    title: "Sign in",
    phone: "Phone",
    request: "Send me a code",
    sent: (phone: string) =>
      `If the number can be used, a code is on its way to ${phone}. It is valid for 5 minutes.`,
    signIn: "Sign in",
    back: "Another code, or another phone",
    sandbox:
      "The sandbox is on: no real SMS is sent, the code is shown here. The creator of the demo group is +8613800000001.",
  },
});

const DEMO_CREATOR = "+8613800000001";

export function SignIn() {
  return (
    <Page title={t.title}>
      <div class="card narrow">
        {hasSandbox && <p class="hint">{t.sandbox}</p>}
        <SignInSteps suggested={hasSandbox ? DEMO_CREATOR : ""} />
      </div>
    </Page>
  );
}

/** Both steps, for any page that asks who is there; whoever signed in stays on that page. */
export function SignInSteps({ suggested }: { suggested: string }) {
  const [phone, setPhone] = useState(suggested);
  const [challenge, setChallenge] = useState<string | null>(null);
  const [isBack, setIsBack] = useState(false);
  const back = () => {
    setIsBack(true);
    setChallenge(null);
  };
  return challenge === null ? (
    <PhoneForm phone={phone} takesFocus={isBack} onPhone={setPhone} onSent={setChallenge} />
  ) : (
    <CodeForm phone={phone} challenge={challenge} onBack={back} />
  );
}

function PhoneForm({
  phone,
  takesFocus,
  onPhone,
  onSent,
}: {
  phone: string;
  takesFocus: boolean;
  onPhone: (phone: string) => void;
  onSent: (challenge: string) => void;
}) {
  const request = useDeed(RequestPhoneCodeDocument);
  const submit = async () => {
    const sent = await request.run({ phone, purpose: "SIGN_IN", deviceToken: deviceToken() });
    if (sent?.challenge) onSent(sent.challenge);
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void submit())}>
      <TextField
        label={t.phone}
        name="phone"
        type="tel"
        inputMode="tel"
        autocomplete="tel"
        required
        takesFocus={takesFocus}
        value={phone}
        onInput={onPhone}
        refusals={request.refusals}
      />
      <Refusals deed={request} shownByFields={["phone"]} />
      <Button kind="primary" submit busy={request.busy}>
        {t.request}
      </Button>
    </form>
  );
}

function CodeForm({
  phone,
  challenge,
  onBack,
}: {
  phone: string;
  challenge: string;
  onBack: () => void;
}) {
  const [code, setCode] = useState("");
  const signIn = useDeed(SignInDocument);
  const submit = async () => {
    const session = await signIn.run({ phone, code, challenge });
    if (session) keep(session);
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void submit())}>
      <p role="status">{t.sent(phone)}</p>
      {hasSandbox && <SandboxCode phone={phone} onCode={setCode} />}
      <CodeField code={code} onCode={setCode} refusals={signIn.refusals} takesFocus />
      <Refusals deed={signIn} shownByFields={["code"]} />
      <div class="actions">
        <Button onClick={onBack}>{t.back}</Button>
        <Button kind="primary" submit busy={signIn.busy}>
          {t.signIn}
        </Button>
      </div>
    </form>
  );
}

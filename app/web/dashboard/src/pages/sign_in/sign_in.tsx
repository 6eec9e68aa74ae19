// Signing in: a phone, then the code that comes to it.
import { useState } from "preact/hooks";
import { useDeed } from "../../graphql/deeds";
import { RequestSignInCodeDocument, SignInDocument } from "../../graphql/generated";
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
    sent: "如果号码可用，验证码已发送，5 分钟内有效。",
    signIn: "登录",
    other: "换一个手机号",
    sandbox: "沙箱已开启：没有真短信，验证码显示在这里。示范团体的创建人是 +8613800000001。",
  },
  en: {
    title: "Sign in",
    phone: "Phone",
    request: "Send me a code",
    sent: "If the number can be used, a code is on its way. It is valid for 5 minutes.",
    signIn: "Sign in",
    other: "Use another phone",
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
  return challenge === null ? (
    <PhoneForm phone={phone} onPhone={setPhone} onSent={setChallenge} />
  ) : (
    <CodeForm phone={phone} challenge={challenge} onOther={() => setChallenge(null)} />
  );
}

function PhoneForm({
  phone,
  onPhone,
  onSent,
}: {
  phone: string;
  onPhone: (phone: string) => void;
  onSent: (challenge: string) => void;
}) {
  const request = useDeed(RequestSignInCodeDocument);
  const submit = async () => {
    const sent = await request.run({ phone, deviceToken: deviceToken() });
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
  onOther,
}: {
  phone: string;
  challenge: string;
  onOther: () => void;
}) {
  const [code, setCode] = useState("");
  const signIn = useDeed(SignInDocument);
  const submit = async () => {
    const session = await signIn.run({ phone, code, challenge });
    if (session) keep(session);
  };
  return (
    <form onSubmit={(event) => (event.preventDefault(), void submit())}>
      <p role="status">{t.sent}</p>
      {hasSandbox && <SandboxCode phone={phone} onCode={setCode} />}
      <CodeField code={code} onCode={setCode} refusals={signIn.refusals} />
      <Refusals deed={signIn} shownByFields={["code"]} />
      <div class="actions">
        <Button onClick={onOther}>{t.other}</Button>
        <Button kind="primary" submit busy={signIn.busy}>
          {t.signIn}
        </Button>
      </div>
    </form>
  );
}

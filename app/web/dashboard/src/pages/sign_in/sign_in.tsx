// Signing in: a phone, then the code that comes to it.
import { useEffect, useState } from "preact/hooks";
import { useDeed } from "../../graphql/deeds";
import { RequestSignInCodeDocument, SignInDocument } from "../../graphql/generated";
import { Button } from "../../parts/button";
import { Refusals, TextField } from "../../parts/fields";
import { Page } from "../../parts/page";
import { hasSandbox, newestCode } from "../../sandbox";
import { deviceToken, keep } from "../../session/tokens";
import { texts } from "../../texts";

const t = texts({
  zh: {
    title: "登录",
    phone: "手机号",
    request: "获取验证码",
    sent: "如果号码可用，验证码已发送，5 分钟内有效。",
    code: "验证码",
    signIn: "登录",
    other: "换一个手机号",
    sandbox: "沙箱已开启：没有真短信，验证码显示在这里。示范团体的创建人是 +8613800000001。",
    shown: (code: string) => `沙箱里最新的验证码：${code}`,
  },
  en: {
    title: "Sign in",
    phone: "Phone",
    request: "Send me a code",
    sent: "If the number can be used, a code is on its way. It is valid for 5 minutes.",
    code: "Code",
    signIn: "Sign in",
    other: "Use another phone",
    sandbox:
      "The sandbox is on: no real SMS is sent, the code is shown here. The creator of the demo group is +8613800000001.",
    shown: (code: string) => `The newest code in the sandbox: ${code}`,
  },
});

const LOOK_EVERY = 500; // ms

export function SignIn() {
  const [phone, setPhone] = useState(hasSandbox ? "+8613800000001" : "");
  const [challenge, setChallenge] = useState<string | null>(null);
  return (
    <Page title={t.title}>
      <div class="card narrow">
        {hasSandbox && <p class="hint">{t.sandbox}</p>}
        {challenge === null ? (
          <PhoneForm phone={phone} onPhone={setPhone} onSent={setChallenge} />
        ) : (
          <CodeForm phone={phone} challenge={challenge} onOther={() => setChallenge(null)} />
        )}
      </div>
    </Page>
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
      <TextField
        label={t.code}
        name="code"
        inputMode="numeric"
        autocomplete="one-time-code"
        maxLength={6}
        required
        value={code}
        onInput={setCode}
        refusals={signIn.refusals}
      />
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

/** The code as the sandbox shows it, looked for until it is there; it fills the field. */
function SandboxCode({ phone, onCode }: { phone: string; onCode: (code: string) => void }) {
  const [shown, setShown] = useState<string | null>(null);
  useEffect(() => {
    const timer = setInterval(async () => {
      const code = await newestCode(phone).catch(() => null);
      if (code === null) return;
      clearInterval(timer);
      setShown(code);
      onCode(code);
    }, LOOK_EVERY);
    return () => clearInterval(timer);
  }, [phone]);
  return shown && <p class="hint">{t.shown(shown)}</p>;
}

// A face check that was opened: the way to the provider's page, and the wait for how it ends.
import { useClient } from "@urql/preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { VerificationStatusDocument } from "../graphql/generated";
import { hasSandbox } from "../sandbox";
import { texts } from "../texts";
import { Button } from "./button";
import { useFocus } from "./focus";
import { Countdown, isPast } from "./times";

const t = texts({
  zh: {
    opens: "人脸认证在认证服务商的页面上进行，会在新窗口打开。完成后请回到本页。",
    sandbox: "沙箱里没有真正的人脸认证：可以直接通过，也可以打开认证页面，由您决定结果。",
    open: "打开人脸认证页面（新窗口）",
    atOnce: "直接通过（沙箱）",
    waiting: "正在等待认证结果…",
    left: "剩余时间",
    failed: "实人认证未通过。请核对证件信息后重新认证。",
    expired: "认证已超时。请重新认证。",
    again: "重新认证",
  },
  en: {
    opens:
      "The face is shown on the provider's page, which opens in a new window. Come back to this page afterwards.",
    sandbox:
      "The sandbox checks no real face: pass at once, or open the provider's page and decide there how it ends.",
    open: "Open the face check (new window)",
    atOnce: "Pass at once (sandbox)",
    waiting: "Waiting for the result…",
    left: "Time left:",
    failed: "The face check failed. See whether the document is right, then check again.",
    expired: "Time is up for this check. Check again.",
    again: "Check again",
  },
});

const ASK_EVERY = 3_000; // ms

export interface OpenedCheck {
  id: string;
  url: string | null;
  expiresAt: string;
}

/** Whether the outcome is asked for: once the page was opened, or at once in the sandbox. */
type Asked = "not yet" | "opened" | "at once";

/** Lead to the provider's page and wait for the end; whether it has passed is asked every 3 s. */
export function FaceCheck({
  check,
  onPassed,
  onAgain,
}: {
  check: OpenedCheck;
  onPassed: () => void;
  onAgain: () => void;
}) {
  const [asked, setAsked] = useState<Asked>("not yet");
  const failed = useOutcome(check.id, asked, onPassed);
  const place = useFocus<HTMLDivElement>();
  if (failed || isPast(check.expiresAt)) {
    return <Ended text={failed ? t.failed : t.expired} onAgain={onAgain} />;
  }
  return (
    <div class="face-check" ref={place} tabIndex={-1}>
      <p>{t.opens}</p>
      {hasSandbox && <p class="hint">{t.sandbox}</p>}
      <div class="actions">
        {hasSandbox && asked !== "opened" && (
          <Button busy={asked === "at once"} onClick={() => setAsked("at once")}>
            {t.atOnce}
          </Button>
        )}
        {check.url && (
          <a
            class="button primary"
            href={check.url}
            target="_blank"
            rel="noopener noreferrer"
            onClick={() => setAsked("opened")}
          >
            {t.open}
          </a>
        )}
      </div>
      {asked !== "not yet" && (
        <p role="status">
          {t.waiting} {t.left} <Countdown until={check.expiresAt} />
        </p>
      )}
    </div>
  );
}

function Ended({ text, onAgain }: { text: string; onAgain: () => void }) {
  const place = useFocus<HTMLDivElement>();
  return (
    <div class="failure" role="alert" ref={place} tabIndex={-1}>
      <p>{text}</p>
      <Button onClick={onAgain}>{t.again}</Button>
    </div>
  );
}

/** Ask for the outcome until it is there; whether it failed.
 *
 * In the sandbox a check that is asked about passes, unless its page was opened. */
function useOutcome(id: string, asked: Asked, onPassed: () => void): boolean {
  const client = useClient();
  const [failed, setFailed] = useState(false);
  const passed = useRef(onPassed);
  passed.current = onPassed;
  useEffect(() => {
    if (asked === "not yet") return;
    const ask = async () => {
      const { data } = await client
        .query(VerificationStatusDocument, { id }, { requestPolicy: "network-only" })
        .toPromise();
      if (!data?.node || !("status" in data.node) || over) return;
      const { status } = data.node;
      over = status !== "PENDING";
      if (status === "PASSED") passed.current();
      if (status === "FAILED") setFailed(true);
    };
    let over = false;
    const timer = setInterval(() => void ask(), ASK_EVERY);
    if (asked === "at once") void ask();
    return () => {
      over = true;
      clearInterval(timer);
    };
  }, [id, asked]);
  return failed;
}

// Becoming a real-named person by a face check; what needs one goes on after it.
import { useDeed } from "../graphql/deeds";
import { BecomeRealNamedDocument } from "../graphql/generated";
import { texts } from "../texts";
import { Refusals } from "./fields";
import { IdentityCheck } from "./identity";
import { Loading } from "./states";
import { toast } from "./toasts";

const t = texts({
  zh: { done: (name: string) => `实名认证完成：${name}` },
  en: { done: (name: string) => `You are known as ${name} now` },
});

/** Prove who one is. `me` in the cache says it afterwards; it cannot be undone. */
export function BecomeRealNamed({ onNamed }: { onNamed?: () => void }) {
  const confirm = useDeed(BecomeRealNamedDocument);
  const use = async (verificationId: string) => {
    const named = await confirm.run({ verificationId });
    if (!named) return;
    toast(t.done(named.me?.name ?? ""));
    onNamed?.();
  };
  return (
    <>
      <IdentityCheck purpose="IDENTIFY" onPassed={(id) => void use(id)} />
      {confirm.busy && <Loading />}
      <Refusals deed={confirm} />
    </>
  );
}

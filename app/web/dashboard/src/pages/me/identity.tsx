// Who the viewer is: their phone, and their name once a face check proved it.
import { useState } from "preact/hooks";
import { MyIdentityDocument, type MyIdentityQuery } from "../../graphql/generated";
import { useReading } from "../../graphql/queries";
import { Button } from "../../parts/button";
import { Dialog } from "../../parts/dialog";
import { Section } from "../../parts/page";
import { BecomeRealNamed } from "../../parts/real_name";
import { Shown } from "../../parts/states";
import { texts } from "../../texts";

const t = texts({
  zh: {
    title: "身份",
    phone: "手机号",
    name: "姓名",
    unknown: "尚未实名认证",
    why: "创建团体、添加亲属前，需要通过一次人脸认证。以前换过手机号的，认证后会恢复您原有的信息。",
    prove: "实名认证",
    again: "重新认证",
    againWhy: "证件上的姓名有变化时，请重新认证。",
  },
  en: {
    title: "Who I am",
    phone: "Phone",
    name: "Name",
    unknown: "not proved yet",
    why: "Creating a group and adding relatives need one passed face check. If you had another phone before, the check brings back what is yours.",
    prove: "Prove who I am",
    again: "Check again",
    againWhy: "Check again when the name on your document has changed.",
  },
});

export function Identity() {
  const reading = useReading(MyIdentityDocument, {});
  return (
    <Section title={t.title}>
      <Shown reading={reading}>{({ me }) => me && <Known me={me} />}</Shown>
    </Section>
  );
}

function Known({ me }: { me: NonNullable<MyIdentityQuery["me"]> }) {
  const [proving, setProving] = useState(false);
  const action = me.realNamed ? t.again : t.prove;
  return (
    <>
      <dl class="facts">
        <dt>{t.name}</dt>
        <dd>{me.name ?? t.unknown}</dd>
        <dt>{t.phone}</dt>
        <dd>{me.phone}</dd>
      </dl>
      <p class="hint">{me.realNamed ? t.againWhy : t.why}</p>
      <div>
        <Button kind={me.realNamed ? "plain" : "primary"} onClick={() => setProving(true)}>
          {action}
        </Button>
      </div>
      {proving && (
        <Dialog title={action} onClose={() => setProving(false)}>
          <BecomeRealNamed onNamed={() => setProving(false)} />
        </Dialog>
      )}
    </>
  );
}

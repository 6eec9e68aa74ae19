// Joining: who, their remarks, the phone, the consent, and a check of one's own face.
import { useEffect, useRef, useState } from "preact/hooks";
import { now } from "../../clock";
import { useDeed, type Deed } from "../../graphql/deeds";
import {
  JoinGroupDocument,
  type JoinGroupMutation,
  type JoinerFragment,
  type PreviewFragment,
} from "../../graphql/generated";
import { Button } from "../../parts/button";
import { CheckField, Refusals } from "../../parts/fields";
import { IdentityCheck } from "../../parts/identity";
import { Section } from "../../parts/page";
import { NO_PHONE, PhoneFields, type EnteredPhone } from "../../parts/phone";
import { Loading } from "../../parts/states";
import type { JoinedGroup } from "./joined";
import { MYSELF, People, type Chosen } from "./people";
import { t } from "./texts";

type Joining = Pick<Deed<JoinGroupMutation, unknown>, "refusals" | "failure" | "busy">;

interface Props {
  token: string;
  preview: PreviewFragment;
  me: JoinerFragment;
  withMyself: boolean;
  onJoined: (joined: JoinedGroup) => void;
}

export function JoinForm({ token, preview, me, withMyself, onJoined }: Props) {
  const [chosen, setChosen] = useState<Chosen>(withMyself ? { [MYSELF]: "" } : {});
  const [phone, setPhone] = useState<EnteredPhone | null>(null);
  const [consent, setConsent] = useState(false);
  const [checking, setChecking] = useState(false);
  const join = useDeed(JoinGroupDocument);

  const submit = async (verificationId: string | null) => {
    const askedAt = now.peek();
    const people = Object.entries(chosen).map(([who, remark]) =>
      who === MYSELF ? { self: true, remark, verificationId } : { relativeId: who, remark },
    );
    const done = await join.run({ input: { token, consent, people, ...phone } });
    if (done?.group && done.members)
      onJoined({ group: done.group, members: done.members, askedAt });
  };
  // The face is asked for when everything else is right, and of nobody who is in already.
  const needsFace = join.refusals.some(({ code }) => code === "VERIFICATION_REQUIRED");
  if (checking || needsFace) {
    const back = () => {
      setChecking(false);
      join.reset();
    };
    return (
      <FaceStep
        name={me.name}
        join={needsFace ? { ...join, refusals: [] } : join}
        onPassed={(id) => (setChecking(true), void submit(id))}
        onBack={back}
      />
    );
  }
  const count = Object.keys(chosen).length;
  const remarks = Object.keys(chosen).map((_, at) => `people.${at}.remark`);
  // What is added to the family list has forms of its own, which must not stand in this one.
  return (
    <>
      <People
        me={me}
        preview={preview}
        chosen={chosen}
        onChosen={setChosen}
        refusals={join.refusals}
      />
      <Section title={t.agreement}>
        <form onSubmit={(event) => (event.preventDefault(), void submit(null))}>
          <CheckField
            label={t.otherPhone(me.phone)}
            checked={phone !== null}
            onChange={(other) => setPhone(other ? NO_PHONE : null)}
          />
          {phone && (
            <PhoneFields
              purpose="JOIN"
              entered={phone}
              onEntered={setPhone}
              refusals={join.refusals}
            />
          )}
          <CheckField
            label={t.consent(preview.terms.version)}
            checked={consent}
            onChange={setConsent}
          />
          <JoinRefusals join={join} shownByFields={["phone", "code", ...remarks]} />
          <div class="actions">
            <Button kind="primary" submit busy={join.busy} disabled={!count}>
              {t.join(count)}
            </Button>
          </div>
        </form>
      </Section>
    </>
  );
}

function FaceStep({
  name,
  join,
  onPassed,
  onBack,
}: {
  name: string | null;
  join: Joining;
  onPassed: (verificationId: string) => void;
  onBack: () => void;
}) {
  const step = useRef<HTMLDivElement>(null);
  useEffect(() => step.current?.focus(), []);
  return (
    <Section title={t.face}>
      <div class="stack narrow" ref={step} tabIndex={-1}>
        <p>{t.faceWhy}</p>
        <IdentityCheck purpose="JOIN" person={name ? { name } : {}} onPassed={onPassed} />
        {join.busy && <Loading />}
        <JoinRefusals join={join} shownByFields={[]} />
        <div>
          <Button kind="quiet" onClick={onBack}>
            {t.back}
          </Button>
        </div>
      </div>
    </Section>
  );
}

function JoinRefusals({ join, shownByFields }: { join: Joining; shownByFields: string[] }) {
  const isFull = join.refusals.some(({ code }) => code === "GROUP_FULL");
  return (
    <>
      <Refusals deed={join} shownByFields={shownByFields} />
      {isFull && <p>{t.full}</p>}
    </>
  );
}

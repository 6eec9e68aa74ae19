// Joining: who, their remarks, the phone, the consent; then a check of one's own face.
import { useState } from "preact/hooks";
import { useDeed } from "../../graphql/deeds";
import {
  JoinGroupDocument,
  type JoinerFragment,
  type PreviewFragment,
} from "../../graphql/generated";
import type { EnteredPhone } from "../../parts/phone";
import { Agreement } from "./agreement";
import { FaceStep } from "./face_step";
import type { JoinedGroup } from "./joined";
import { MYSELF, People, type Chosen } from "./people";

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
    const people = peopleOf(chosen, verificationId);
    const done = await join.run({ input: { token, consent, people, ...phone } });
    if (done?.group && done.members) {
      const { group, members, alreadyMemberIds } = done;
      onJoined({ group, members, already: alreadyMemberIds ?? [] });
    }
  };
  // The face is asked for when everything else is right, and of nobody who is in already.
  const needsFace = join.refusals.some(({ code }) => code === "VERIFICATION_REQUIRED");
  if (checking || needsFace) {
    return (
      <FaceStep
        name={me.name}
        join={needsFace ? { ...join, refusals: [] } : join}
        onPassed={(id) => (setChecking(true), void submit(id))}
        onBack={() => (setChecking(false), join.reset())}
      />
    );
  }
  const who = { me, preview, chosen, onChosen: setChosen };
  const agreed = { consent, onConsent: setConsent, phone, onPhone: setPhone };
  // What is added to the family list has forms of its own, which must not stand in another one.
  return (
    <>
      <People {...who} refusals={join.refusals} />
      <Agreement
        {...agreed}
        ownPhone={me.phone}
        version={preview.terms.version}
        count={Object.keys(chosen).length}
        join={join}
        onJoin={() => void submit(null)}
      />
    </>
  );
}

function peopleOf(chosen: Chosen, verificationId: string | null) {
  return Object.entries(chosen).map(([who, remark]) =>
    who === MYSELF ? { self: true, remark, verificationId } : { relativeId: who, remark },
  );
}

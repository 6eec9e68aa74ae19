// The last step of joining oneself: a check of one's own face.
import { Button } from "../../parts/button";
import { useFocus } from "../../parts/focus";
import { IdentityCheck } from "../../parts/identity";
import { Section } from "../../parts/page";
import { Loading } from "../../parts/states";
import { JoinRefusals, type Joining } from "./refusals";
import { t } from "./texts";

interface Props {
  name: string | null;
  join: Joining;
  onPassed: (verificationId: string) => void;
  onBack: () => void;
}

export function FaceStep({ name, join, onPassed, onBack }: Props) {
  const step = useFocus<HTMLDivElement>();
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

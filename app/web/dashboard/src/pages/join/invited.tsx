// An invitation that was opened: whether it lets people in, and then the way in.
import { useState } from "preact/hooks";
import { JoiningPeopleDocument, type PreviewFragment } from "../../graphql/generated";
import { useReading } from "../../graphql/queries";
import { Button } from "../../parts/button";
import { Shown } from "../../parts/states";
import { SharedWith, TermsText } from "../../parts/terms";
import { isPast } from "../../parts/times";
import { JoinForm } from "./form";
import { Joined, type JoinedGroup } from "./joined";
import { InvitingGroup } from "./preview";
import { t } from "./texts";

interface Props {
  token: string;
  preview: PreviewFragment;
  onLookAgain: () => void;
}

export function Invited({ token, preview, onLookAgain }: Props) {
  const people = useReading(JoiningPeopleDocument, {});
  const [joined, setJoined] = useState<JoinedGroup | null>(null);
  const [forRelatives, setForRelatives] = useState(false);
  if (joined) {
    const more = () => {
      setForRelatives(true);
      setJoined(null);
      people.again();
    };
    return <Joined joined={joined} onMore={more} />;
  }
  const closed = whyClosed(preview);
  return (
    <>
      <InvitingGroup preview={preview} />
      {closed ? (
        <div class="failure" role="alert">
          <p>{closed}</p>
          <Button onClick={onLookAgain}>{t.lookAgain}</Button>
        </div>
      ) : (
        <>
          <SharedWith shared={preview.sharedData} />
          <TermsText terms={preview.terms} />
          <Shown reading={people}>
            {({ me }) =>
              me && (
                <JoinForm
                  token={token}
                  preview={preview}
                  me={me}
                  withMyself={!forRelatives}
                  onJoined={setJoined}
                />
              )
            }
          </Shown>
        </>
      )}
    </>
  );
}

/** Why nobody can join by it now, and what to do; null where it is open. */
function whyClosed({ state, expiresAt, invitedBy }: PreviewFragment): string | null {
  if (state === "WITHDRAWN") return t.withdrawn(invitedBy);
  if (state === "EXPIRED" || isPast(expiresAt)) return t.expired(invitedBy);
  return state === "PAUSED" ? t.paused(invitedBy) : null;
}

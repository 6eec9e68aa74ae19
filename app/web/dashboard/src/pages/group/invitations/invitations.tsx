// The ways in: invitations as links and QR images, with their clocks.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  CreateInvitationDocument,
  InvitationPolicyNowDocument,
  InvitationsDocument,
  type InvitationsQuery,
  type LiveInvitationFragment,
} from "../../../graphql/generated";
import { useGroupReading, type Reading } from "../../../graphql/queries";
import { links } from "../../../links";
import { Button } from "../../../parts/button";
import { Refusals } from "../../../parts/fields";
import { More } from "../../../parts/more";
import { Section } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { toast } from "../../../parts/toasts";
import type { PartProps } from "../group";
import { Invitation } from "./invitation";
import { Poster } from "./poster";
import { t } from "./texts";

export function Invitations({ group }: PartProps) {
  const reading = useGroupReading(InvitationPolicyNowDocument, { groupId: group.id });
  const isCreator = group.viewerRole === "CREATOR";
  return (
    <Shown reading={reading}>
      {({ group: read }) => {
        const policy = read?.invitationPolicy;
        if (!policy) return null;
        return (
          <>
            {!policy.open && <Paused group={group} />}
            {isCreator || policy.adminsMayInvite ? <Live group={group} /> : <NotAllowed />}
          </>
        );
      }}
    </Shown>
  );
}

function Paused({ group }: PartProps) {
  return (
    <p class="notice" role="status">
      {t.paused}{" "}
      {group.viewerRole === "CREATOR" ? (
        <a href={links.group(group.id, "settings")}>{t.toSettings}</a>
      ) : (
        t.askCreator
      )}
    </p>
  );
}

function NotAllowed() {
  return (
    <Section title={t.title}>
      <Empty>{t.notAllowed}</Empty>
    </Section>
  );
}

function Live({ group }: PartProps) {
  const reading = useGroupReading(InvitationsDocument, { groupId: group.id, before: null });
  const [chosen, setChosen] = useState<LiveInvitationFragment | null>(null);
  const newest = reading.data?.group?.invitations?.nodes.at(-1);
  const printed = chosen ?? newest;
  return (
    <>
      <Make group={group} onMade={reading.again} />
      <Section title={t.list}>
        <Listed group={group} reading={reading} onPrint={setChosen} />
      </Section>
      {printed && <Poster group={group} invitation={printed} chosen={chosen !== null} />}
    </>
  );
}

function Make({ group, onMade }: PartProps & { onMade: () => void }) {
  const create = useDeed(CreateInvitationDocument);
  const make = async () => {
    const made = await create.run({ groupId: group.id });
    if (!made) return;
    toast(t.made);
    onMade();
  };
  return (
    <Section
      title={t.title}
      beside={
        <Button kind="primary" busy={create.busy} onClick={() => void make()}>
          {t.make}
        </Button>
      }
    >
      <p>{t.about}</p>
      <Refusals deed={create} />
    </Section>
  );
}

interface ListedProps extends PartProps {
  /** Called with what is to be printed now; with null when that may have been withdrawn. */
  onPrint: (invitation: LiveInvitationFragment | null) => void;
}

/** One page of the list, the newest first, and what stands behind it. */
function Listed({ group, reading, onPrint }: ListedProps & { reading: Reading<InvitationsQuery> }) {
  return (
    <Shown reading={reading}>
      {({ group: read }) => {
        const { nodes = [], pageInfo } = read?.invitations ?? {};
        if (!nodes.length) return <Empty>{t.none}</Empty>;
        return (
          <>
            <ul class="invitations">
              {nodes.toReversed().map((invitation) => (
                <Invitation
                  key={invitation.id}
                  group={group}
                  invitation={invitation}
                  onPrint={onPrint}
                  onWithdrawn={() => {
                    onPrint(null);
                    reading.again();
                  }}
                />
              ))}
            </ul>
            <More after={pageInfo?.hasPreviousPage ? pageInfo.startCursor : null}>
              {(before) => <Older group={group} before={before} onPrint={onPrint} />}
            </More>
          </>
        );
      }}
    </Shown>
  );
}

function Older({ group, before, onPrint }: ListedProps & { before: string }) {
  const reading = useGroupReading(InvitationsDocument, { groupId: group.id, before });
  return <Listed group={group} reading={reading} onPrint={onPrint} />;
}

// One invitation: its QR image, its link, how long it lives, and what can be done with it.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  WithdrawInvitationDocument,
  type LiveInvitationFragment,
} from "../../../graphql/generated";
import { Button } from "../../../parts/button";
import { Copy } from "../../../parts/copy";
import { Confirm } from "../../../parts/dialog";
import { Refusals } from "../../../parts/fields";
import { Countdown, Time, isPast } from "../../../parts/times";
import { toast } from "../../../parts/toasts";
import type { PartProps } from "../group";
import { QrImage } from "./qr_image";
import { t } from "./texts";

interface Props extends PartProps {
  invitation: LiveInvitationFragment;
  onPrint: (invitation: LiveInvitationFragment) => void;
  onWithdrawn: () => void;
}

export function Invitation({ group, invitation, onPrint, onWithdrawn }: Props) {
  const [asking, setAsking] = useState(false);
  return (
    <li class="invitation">
      <QrImage svg={invitation.qrSvg} alt={t.qr(group.name)} />
      <div>
        <Copy text={invitation.url} label={t.link} />
        <Clock invitation={invitation} />
        <div class="actions">
          {/* A copy: the same invitation may be printed once more. */}
          <Button onClick={() => onPrint({ ...invitation })}>{t.print}</Button>
          <Button kind="danger" onClick={() => setAsking(true)}>
            {t.withdraw}
          </Button>
        </div>
      </div>
      {asking && (
        <Withdraw
          invitation={invitation}
          onWithdrawn={onWithdrawn}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  );
}

function Clock({ invitation: { invitedBy, expiresAt } }: Pick<Props, "invitation">) {
  return (
    <p>
      {t.invitedBy(invitedBy)}
      <br />
      {isPast(expiresAt) ? (
        <strong role="status">{t.over}</strong>
      ) : (
        <>
          {t.left} <Countdown until={expiresAt} />
          <br />
          {t.until} <Time at={expiresAt} />
        </>
      )}
    </p>
  );
}

function Withdraw({
  invitation,
  onWithdrawn,
  onClose,
}: Pick<Props, "invitation" | "onWithdrawn"> & { onClose: () => void }) {
  const withdraw = useDeed(WithdrawInvitationDocument);
  const confirm = async () => {
    if (!(await withdraw.run({ invitationId: invitation.id }))) return;
    toast(t.withdrawn);
    onClose();
    onWithdrawn();
  };
  return (
    <Confirm
      title={t.withdrawTitle}
      action={t.withdraw}
      kind="danger"
      busy={withdraw.busy}
      onConfirm={() => void confirm()}
      onClose={onClose}
    >
      <p>{t.withdrawText}</p>
      <Refusals deed={withdraw} />
    </Confirm>
  );
}

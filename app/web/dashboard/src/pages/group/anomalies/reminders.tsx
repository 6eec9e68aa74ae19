// Reminding by SMS: whom is chosen, how many that is comes first, then it is sent, then what became.
import { useState } from "preact/hooks";
import { now } from "../../../clock";
import type { HealthCode, NatValidity } from "../../../graphql/enums";
import { useDeed } from "../../../graphql/deeds";
import {
  ReminderAudienceDocument,
  SendRemindersDocument,
  type ReminderCondition,
  type SendRemindersMutation,
} from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { links } from "../../../links";
import { codeNames, skipNames, validityNames } from "../../../names";
import { Button, LinkButton } from "../../../parts/button";
import { Dialog } from "../../../parts/dialog";
import { CheckField, optionsOf, Refusals, SelectField } from "../../../parts/fields";
import { useFocus } from "../../../parts/focus";
import { Shown } from "../../../parts/states";
import { Countdown } from "../../../parts/times";
import { counted, texts } from "../../../texts";
import { AnyOf } from "../members/filters";

const t = texts({
  zh: {
    title: "健康消息提醒",
    whom: "符合任一条件的成员会收到短信；代加入的亲属由其监护人接收。",
    anomalous: "现在异常的所有人",
    noNegative: "此时段内没有核酸阴性结果",
    any: "不限",
    codes: "健康码为",
    choose: "请至少选择一个条件。",
    audience: (count: number) => `符合条件 ${count} 人。`,
    reminded: (count: number) => `其中 ${count} 人一小时内已提醒过，会跳过。`,
    send: (count: number) => `提醒 ${count} 人`,
    sent: (count: number) => `已提醒 ${count} 人。`,
    skipped: (reason: string, count: number) => `跳过 ${count} 人：${reason}。`,
    againIn: "再次提醒需等待",
    another: "提醒其他人",
    messages: "查看短信状态",
  },
  en: {
    title: "Health reminders",
    whom: "Whoever meets any of these gets an SMS; for enrolled relatives their guardians get it.",
    anomalous: "Everyone who is anomalous now",
    noNegative: "No negative test within",
    any: "Any",
    codes: "Health code is",
    choose: "Choose at least one of these.",
    audience: (count: number) => `${counted(count, "person meets", "people meet")} this.`,
    reminded: (count: number) =>
      `Of them ${count} had a reminder within the hour and will be skipped.`,
    send: (count: number) => `Remind ${counted(count, "person", "people")}`,
    sent: (count: number) => `${counted(count, "person was", "people were")} reminded.`,
    skipped: (reason: string, count: number) => `Skipped ${count}: ${reason}.`,
    againIn: "They can be reminded again in",
    another: "Remind others",
    messages: "See what became of the SMS",
  },
});

const { WITHHELD: _, ...codes } = codeNames; // whose consent is withdrawn has no code to go by
const NOT_ASKED: { value: NatValidity; name: string } = { value: "NONE", name: t.any };
const validities = [
  NOT_ASKED,
  ...optionsOf(validityNames).filter(({ value }) => value !== NOT_ASKED.value),
];

type Sent = NonNullable<SendRemindersMutation["sendHealthReminders"]>;

export function Reminders({ groupId, onClose }: { groupId: string; onClose: () => void }) {
  const [result, setResult] = useState<Sent | null>(null);
  return (
    <Dialog title={t.title} onClose={onClose}>
      {result ? (
        <Result groupId={groupId} result={result} onAnother={() => setResult(null)} />
      ) : (
        <Choice groupId={groupId} onSent={setResult} />
      )}
    </Dialog>
  );
}

function Choice({ groupId, onSent }: { groupId: string; onSent: (sent: Sent) => void }) {
  const [anomalous, setAnomalous] = useState(true);
  const [noNegativeWithin, setValidity] = useState<NatValidity>(NOT_ASKED.value);
  const [healthCodes, setCodes] = useState<HealthCode[]>([]);
  const isEmpty = !anomalous && noNegativeWithin === NOT_ASKED.value && !healthCodes.length;
  const condition = { anomalous, noNegativeWithin, healthCodes };
  return (
    <div class="reminders">
      <p class="hint">{t.whom}</p>
      <CheckField label={t.anomalous} checked={anomalous} onChange={setAnomalous} />
      <SelectField
        label={t.noNegative}
        value={noNegativeWithin}
        options={validities}
        onChange={setValidity}
      />
      <AnyOf title={t.codes} names={codes} chosen={healthCodes} onChange={setCodes} />
      {isEmpty ? (
        <p role="status">{t.choose}</p>
      ) : (
        <Audience groupId={groupId} condition={condition} onSent={onSent} />
      )}
    </div>
  );
}

interface AudienceProps {
  groupId: string;
  condition: ReminderCondition;
  onSent: (sent: Sent) => void;
}

/** How many it would be for, and sending it. */
function Audience({ groupId, condition, onSent }: AudienceProps) {
  const reading = useGroupReading(ReminderAudienceDocument, { groupId, condition });
  const deed = useDeed(SendRemindersDocument);
  const send = async () => {
    const sent = await deed.run({ groupId, condition });
    if (sent) onSent(sent);
  };
  return (
    <Shown reading={reading}>
      {({ group }) => {
        const { count = 0, alreadyReminded = 0 } = group?.reminderAudience ?? {};
        const rest = count - alreadyReminded;
        return (
          <>
            <p role="status">
              {t.audience(count)} {alreadyReminded > 0 && t.reminded(alreadyReminded)}
            </p>
            <Refusals deed={deed} />
            <div class="actions">
              <Button
                kind="primary"
                busy={deed.busy}
                disabled={reading.reading || rest < 1}
                onClick={() => void send()}
              >
                {t.send(rest)}
              </Button>
            </div>
          </>
        );
      }}
    </Shown>
  );
}

function Result({
  groupId,
  result,
  onAnother,
}: {
  groupId: string;
  result: Sent;
  onAnother: () => void;
}) {
  const [from] = useState(now.peek()); // the waits count from the answer
  const place = useFocus<HTMLDivElement>();
  return (
    <div class="reminders" role="status" tabIndex={-1} ref={place}>
      <p>
        <strong>{t.sent(result.sent ?? 0)}</strong>
      </p>
      {result.skippedBecause?.map(({ reason, count, retryAfterSeconds }) => (
        <p key={reason}>
          {t.skipped(skipNames[reason], count)}{" "}
          {retryAfterSeconds !== null && (
            <>
              {t.againIn}{" "}
              <Countdown until={new Date(from + retryAfterSeconds * 1000).toISOString()} />
            </>
          )}
        </p>
      ))}
      <div class="actions">
        <LinkButton href={links.group(groupId, "messages")}>{t.messages}</LinkButton>
        <Button onClick={onAnother}>{t.another}</Button>
      </div>
    </div>
  );
}

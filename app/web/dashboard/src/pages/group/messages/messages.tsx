// The SMS of a group: what kind, to whom, and what became of each.
import { useState } from "preact/hooks";
import type { MessageState } from "../../../graphql/enums";
import { MessagesDocument, type MessagesQuery } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { messageNames, messageStateNames } from "../../../names";
import { CheckField } from "../../../parts/fields";
import { More, nextOf } from "../../../parts/more";
import { Section } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { Time } from "../../../parts/times";
import { counted, texts } from "../../../texts";
import type { PartProps } from "../group";

const t = texts({
  zh: {
    title: "短信",
    kept: "保留 30 天；短信内容不保存。",
    mine: "只看由我引起的",
    none: "还没有短信。",
    noneOfMine: "还没有由您引起的短信。",
    to: "接收人",
    caused: "产生于",
    ended: "结束于",
    attempts: (count: number) => `尝试 ${count} 次`,
  },
  en: {
    title: "SMS",
    kept: "Kept for 30 days; what they said is not kept.",
    mine: "Only those that I caused",
    none: "There is no SMS yet.",
    noneOfMine: "You caused no SMS yet.",
    to: "To",
    caused: "caused",
    ended: "ended",
    attempts: (count: number) => counted(count, "attempt"),
  },
});

const SHAPES: Record<MessageState, string> = { QUEUED: "…", SENT: "✓", FAILED: "✕" };
const COLOURS: Record<MessageState, string> = { QUEUED: "yellow", SENT: "green", FAILED: "red" };

type Message = NonNullable<NonNullable<MessagesQuery["group"]>["messages"]>["nodes"][number];

export function Messages({ group }: PartProps) {
  const [mine, setMine] = useState(false);
  return (
    <Section title={t.title}>
      <p class="hint">{t.kept}</p>
      <CheckField label={t.mine} checked={mine} onChange={setMine} />
      <Rows key={String(mine)} groupId={group.id} causedByMe={mine} after={null} />
    </Section>
  );
}

interface RowsProps {
  groupId: string;
  causedByMe: boolean;
  after: string | null;
}

/** One page of them; behind it, when asked for, the next. */
function Rows(props: RowsProps) {
  const reading = useGroupReading(MessagesDocument, props);
  const { nodes = [], pageInfo } = reading.data?.group?.messages ?? {};
  return (
    <Shown reading={reading}>
      {() => (
        <>
          {nodes.length > 0 && (
            <ul class="messages">
              {nodes.map((message) => (
                <Row key={message.id} message={message} />
              ))}
            </ul>
          )}
          {!nodes.length && !props.after && (
            <Empty>{props.causedByMe ? t.noneOfMine : t.none}</Empty>
          )}
          <More after={nextOf(pageInfo)}>{(after) => <Rows {...props} after={after} />}</More>
        </>
      )}
    </Shown>
  );
}

function Row({ message }: { message: Message }) {
  const { template, recipient, state, attempts, createdAt, endedAt } = message;
  return (
    <li>
      <span class={`badge ${COLOURS[state]}`}>
        <span aria-hidden="true">{SHAPES[state]}</span> {messageStateNames[state]}
      </span>
      <span>
        <strong>{messageNames[template]}</strong> · {t.to} {recipient}
      </span>
      <span class="hint">
        {t.caused} <Time at={createdAt} />
        {endedAt && (
          <>
            {" · "}
            {t.ended} <Time at={endedAt} />
          </>
        )}
        {" · "}
        {t.attempts(attempts)}
      </span>
    </li>
  );
}

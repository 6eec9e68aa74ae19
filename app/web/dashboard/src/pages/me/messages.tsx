// Every SMS to the viewer's phones within 30 days.
import { MyMessagesDocument, type MessageToMeFragment } from "../../graphql/generated";
import { useReading } from "../../graphql/queries";
import { messageNames, messageStateNames } from "../../names";
import { More, nextOf } from "../../parts/more";
import { Section } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/times";
import { texts } from "../../texts";

const t = texts({
  zh: {
    title: "发给我的短信",
    about: "30 天内发到您手机号的短信，包括作为监护人收到的。",
    none: "30 天内没有短信。",
  },
  en: {
    title: "SMS to me",
    about: "Every SMS to your phones within 30 days, also those to you as a guardian.",
    none: "There was no SMS within 30 days.",
  },
});

export function Messages() {
  return (
    <Section title={t.title}>
      <p class="hint">{t.about}</p>
      <MessagePage after={null} />
    </Section>
  );
}

function MessagePage({ after }: { after: string | null }) {
  const reading = useReading(MyMessagesDocument, { after });
  return (
    <Shown reading={reading}>
      {({ me }) => {
        const messages = me?.messages?.nodes ?? [];
        if (!messages.length) return after === null && <Empty>{t.none}</Empty>;
        return (
          <>
            <ul class="entries">
              {messages.map((message) => (
                <Message key={message.id} message={message} />
              ))}
            </ul>
            <More after={nextOf(me?.messages?.pageInfo)}>
              {(next) => <MessagePage after={next} />}
            </More>
          </>
        );
      }}
    </Shown>
  );
}

function Message({
  message: { template, recipient, state, groupName, createdAt, endedAt },
}: {
  message: MessageToMeFragment;
}) {
  return (
    <li>
      <h3>
        {messageNames[template]} <span class="hint">{messageStateNames[state]}</span>
      </h3>
      <p class="hint">
        {groupName && `${groupName} · `}
        {recipient} · <Time at={endedAt ?? createdAt} />
      </p>
    </li>
  );
}

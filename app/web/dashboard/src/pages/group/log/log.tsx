// Everything that happened in the group, as it happens: newest on top, who did it, about whom.
import { useState } from "preact/hooks";
import { links } from "../../../links";
import { eventNames } from "../../../names";
import { Button } from "../../../parts/button";
import { optionsOf, SelectField } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { Empty, Failure, Loading } from "../../../parts/states";
import { timeText } from "../../../parts/times";
import { COLON, counted, LOCALE, texts } from "../../../texts";
import type { PartProps } from "../group";
import { Named } from "../overview/who";
import { useLog, type Event } from "./events";
import { isAboutMember, kindNames, type Kind } from "./kinds";

const t = texts({
  zh: {
    title: "动态",
    hint: "新的动态会自动出现在最上面；断线重连后不会遗漏。保留 30 天。",
    kind: "类型",
    events: "动态列表",
    earlier: "显示更早的",
    none: (count: number) => `最近 ${count} 条动态中没有这一类。`,
    lagged: "更早的动态已超过 30 天，不再保留。",
    itself: "系统自动",
    gone: "已不在团体中的成员",
    newest: (what: string, at: string) => `新动态：${what}，${at}`,
  },
  en: {
    title: "Log",
    hint: "What happens appears on top by itself, and nothing is missed when the connection was lost. Kept for 30 days.",
    kind: "Kind",
    events: "Events",
    earlier: "Show earlier ones",
    none: (count: number) =>
      `There is none of this kind among the last ${counted(count, "event")}.`,
    lagged: "What was before is older than 30 days and kept no more.",
    itself: "by itself",
    gone: "somebody who is in the group no more",
    newest: (what: string, at: string) => `New: ${what}, ${at}`,
  },
});

const FIRST = 50;
const MORE = 200; // events, each time earlier ones are asked for

export function Log({ group }: PartProps) {
  const [kind, setKind] = useState<Kind>("ALL");
  const [back, setBack] = useState(FIRST);
  const { events, lagged, opened, error, waiting, again } = useLog({
    groupId: group.id,
    kind,
    back,
  });
  const hasEarlier = opened !== null && opened > back && lagged === 0;
  return (
    <Section title={t.title}>
      <p class="hint">{t.hint}</p>
      <SelectField label={t.kind} value={kind} options={optionsOf(kindNames)} onChange={setKind} />
      {error && <Failure error={error} again={again} />}
      {waiting && <Loading />}
      {!waiting && opened !== null && events.length === 0 && (
        <Empty>{t.none(Math.min(opened, back))}</Empty>
      )}
      <Newest event={events[0]} opened={opened} />
      <Events groupId={group.id} events={events} />
      {lagged > 0 && <p class="hint">{t.lagged}</p>}
      {hasEarlier && <Button onClick={() => setBack(back + MORE)}>{t.earlier}</Button>}
    </Section>
  );
}

/** Says what has just happened to who can't see it appear. */
function Newest({ event, opened }: { event: Event | undefined; opened: number | null }) {
  const isLive = event && opened !== null && event.number > opened;
  return (
    <p class="visually-hidden" role="status">
      {isLive && t.newest(eventNames[event.type], timeText(event.at))}
    </p>
  );
}

function Events({ groupId, events }: { groupId: string; events: Event[] }) {
  if (!events.length) return null;
  return (
    <ol class="log" reversed aria-label={t.events}>
      {events.map((event) => (
        <Line key={event.number} groupId={groupId} event={event} />
      ))}
    </ol>
  );
}

const WHEN = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "medium" });

function Line({ groupId, event }: { groupId: string; event: Event }) {
  const { type, member, subjectId } = event;
  const isGone = !member && subjectId && isAboutMember(type);
  return (
    <li value={event.number}>
      <time dateTime={event.at}>{WHEN.format(new Date(event.at))}</time>
      <span>
        <span class="what">{eventNames[type]}</span>
        {member && (
          <>
            {COLON}
            <a href={links.member(groupId, member.id)}>
              <Named member={member} />
            </a>
          </>
        )}
        {isGone && <span class="hint"> · {t.gone}</span>}
      </span>
      <span class="hint">{event.actor ?? t.itself}</span>
    </li>
  );
}

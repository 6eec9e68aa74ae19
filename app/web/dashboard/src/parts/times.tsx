// Times as people read them, counted by the server's clock.
import { computed } from "@preact/signals";
import { now } from "../clock";
import { LOCALE, texts } from "../texts";

const t = texts({
  zh: {
    over: "已到时间",
    days: (days: number, hours: number) => `${days} 天 ${hours} 小时`,
    hours: (hours: number, minutes: number) => `${hours} 小时 ${minutes} 分`,
    minutes: (minutes: number, seconds: number) => `${minutes} 分 ${seconds} 秒`,
    never: "—",
  },
  en: {
    over: "time is up",
    days: (days: number, hours: number) => `${days} d ${hours} h`,
    hours: (hours: number, minutes: number) => `${hours} h ${minutes} min`,
    minutes: (minutes: number, seconds: number) => `${minutes} min ${seconds} s`,
    never: "—",
  },
});

const WHEN = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeStyle: "short" });
const DAY = new Intl.DateTimeFormat(LOCALE, { dateStyle: "medium", timeZone: "UTC" });

/** A moment; a dash where there is none. */
export function Time({ at }: { at: string | null | undefined }) {
  if (!at) return <span>{t.never}</span>;
  return <time dateTime={at}>{timeText(at)}</time>;
}

/** A moment within a sentence. */
export function timeText(at: string | null | undefined): string {
  return at ? WHEN.format(new Date(at)) : t.never;
}

/** A day such as 2026-11-26. */
export function Day({ date }: { date: string }) {
  return <time dateTime={date}>{dayText(date)}</time>;
}

/** A day within a sentence or a list. */
export function dayText(date: string): string {
  return DAY.format(new Date(date));
}

/** How long it is until a moment, counting down. */
export function Countdown({ until }: { until: string }) {
  return (
    <time dateTime={until} role="timer" aria-live="off">
      {untilText(until)}
    </time>
  );
}

/** How long it is until a moment. */
export function untilText(until: string): string {
  const seconds = Math.max(0, Math.ceil((Date.parse(until) - now.value) / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  if (seconds === 0) return t.over;
  if (hours >= 48) return t.days(Math.floor(hours / 24), hours % 24);
  if (hours > 0) return t.hours(hours, minutes % 60);
  return t.minutes(minutes, seconds % 60);
}

/** Whether a moment has come. */
export function isPast(at: string): boolean {
  return Date.parse(at) <= now.value;
}

const AGE = new Intl.RelativeTimeFormat(LOCALE, { numeric: "always" });
const minute = computed(() => Math.floor(now.value / 60_000)); // ages are told anew once a minute

/** How long ago a moment was. */
export function Age({ at }: { at: string }) {
  const minutes = minute.value - Math.floor(Date.parse(at) / 60_000);
  const hours = Math.floor(minutes / 60);
  let text = AGE.format(-Math.max(0, minutes), "minute");
  if (hours >= 72) text = AGE.format(-Math.floor(hours / 24), "day");
  else if (hours > 0) text = AGE.format(-hours, "hour");
  return (
    <time dateTime={at} title={WHEN.format(new Date(at))}>
      {text}
    </time>
  );
}

// The record behind a reason against a member, as a sentence: since when, from whom, how fresh.
import type { RecordFragment } from "../graphql/generated";
import { reasonNames } from "../names";
import { COLON, texts } from "../texts";
import { timeText } from "./times";

const t = texts({
  zh: {
    code: (since: string) => `自 ${since} 起`,
    unknown: "数据源没有此人的健康码",
    positive: (at: string, where: string) => `${at} 检测（${where}）`,
    expired: (at: string, where: string, lapsed: string) =>
      `${at} 的阴性结果（${where}）于 ${lapsed} 过期`,
    pending: (at: string) => `没有阴性结果；${at} 采样，检测中`,
    missing: "没有任何阴性结果",
    asOf: (at: string) => `数据截至 ${at}`,
    never: "尚未取得数据",
    stop: "。",
  },
  en: {
    code: (since: string) => `since ${since}`,
    unknown: "the provider knows no code of this person",
    positive: (at: string, where: string) => `test of ${at} (${where})`,
    expired: (at: string, where: string, lapsed: string) =>
      `the negative of ${at} (${where}) lapsed on ${lapsed}`,
    pending: (at: string) => `no negative result; sampled on ${at}, pending`,
    missing: "no negative result at all",
    asOf: (at: string) => `Data as of ${at}`,
    never: "No data has come yet",
    stop: ". ",
  },
});

/** One reason and the record behind it. */
export function Evidence({ record }: { record: RecordFragment }) {
  return (
    <>
      <strong>{reasonNames[record.reason]}</strong>
      {COLON}
      {recordText(record)}
      {t.stop}
      <span class="hint">{record.asOf ? t.asOf(timeText(record.asOf)) : t.never}</span>
    </>
  );
}

function recordText({ reason, since, test }: RecordFragment): string {
  const tested = timeText(test?.testedAt ?? test?.sampledAt);
  const where = test?.institution ?? "—";
  switch (reason) {
    case "CODE_RED":
    case "CODE_YELLOW":
      return t.code(timeText(since));
    case "CODE_UNKNOWN":
      return t.unknown;
    case "TEST_POSITIVE":
      return t.positive(tested, where);
    case "TEST_EXPIRED":
      return t.expired(tested, where, timeText(since));
    case "TEST_MISSING":
      return test ? t.pending(timeText(test.sampledAt)) : t.missing;
  }
}

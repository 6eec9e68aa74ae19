// Whether a member meets the requirement, why not, and what they can do about it.
import type { AnomalyReason } from "../../../graphql/enums";
import type { MemberDetailFragment } from "../../../graphql/generated";
import { NextChange, Reasons } from "../../../parts/anomaly";
import { Time } from "../../../parts/times";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: "是否符合防疫要求",
    met: "符合，没有异常。",
    withheld: "已撤回同意，不再判断。",
    waiting: "健康数据尚未取得；取得后才判断。",
    since: "异常开始时间",
    todo: "怎么办",
  },
  en: {
    title: "The requirement",
    met: "It is met: there is no anomaly.",
    withheld: "Consent was withdrawn: nothing is judged any more.",
    waiting: "The health data hasn't come yet; nothing is judged before.",
    since: "Anomalous since",
    todo: "What to do",
  },
});

const advice: Record<AnomalyReason, string> = texts({
  zh: {
    CODE_RED: "请留在原地，与社区或疾控部门联系，按其要求处理。健康码只由健康码系统更改。",
    CODE_YELLOW: "请按当地要求做核酸检测；健康码恢复后，下次刷新时自动更新。",
    CODE_UNKNOWN: "请打开健康码应用，确认已申领健康码；有了健康码后，下次刷新时自动更新。",
    TEST_MISSING: "请做一次核酸检测。结果出来后，下次刷新时自动更新。",
    TEST_EXPIRED: "请再做一次核酸检测。结果出来后，下次刷新时自动更新。",
    TEST_POSITIVE: "请留在原地，与社区或疾控部门联系，按其要求处理。",
  },
  en: {
    CODE_RED:
      "Stay where you are, and ask the health authority what to do. The code is changed by the health code system only.",
    CODE_YELLOW:
      "Take the tests that your area asks for. Once the code is green again, the next refresh shows it.",
    CODE_UNKNOWN:
      "Open the health code app and see whether there is a code. Once there is, the next refresh shows it.",
    TEST_MISSING: "Take a nucleic acid test. Once its result is there, the next refresh shows it.",
    TEST_EXPIRED:
      "Take another nucleic acid test. Once its result is there, the next refresh shows it.",
    TEST_POSITIVE: "Stay where you are, and ask the health authority what to do.",
  },
});

export function OwnAnomaly({ member }: { member: MemberDetailFragment }) {
  const { anomaly } = member;
  return (
    <section>
      <h3>{t.title}</h3>
      {anomaly ? (
        <>
          <Reasons anomaly={anomaly} />
          <p class="hint">
            {t.since} <Time at={anomaly.openedAt} />
          </p>
          <NextChange anomaly={anomaly} />
          <h4>{t.todo}</h4>
          <ul>
            {[...new Set(anomaly.reasons.map((reason) => advice[reason]))].map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </>
      ) : (
        <p>{without(member)}</p>
      )}
    </section>
  );
}

function without({ healthCode, asOf }: MemberDetailFragment): string {
  if (healthCode === "WITHHELD") return t.withheld;
  return asOf ? t.met : t.waiting;
}

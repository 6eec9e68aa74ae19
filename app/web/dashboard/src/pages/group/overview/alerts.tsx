// Whether and when the viewer is told of anomalies by SMS: each manager decides for themselves.
import { useDeed } from "../../../graphql/deeds";
import { OverviewAlertsDocument, SetAlertsDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { CheckField, Refusals } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { TimeSwitch } from "../../../parts/time_switch";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: "健康异常告警",
    alerts: "有新的异常时给我发短信",
    hint: "只影响您自己；短信只写人数，不写姓名。",
    waits: "红码和阳性立即告警；其余每天定时汇总发送",
    at: "发送时间",
    on: "已开启告警",
    off: "已关闭告警",
    gathered: (at: string) => `不紧急的告警在 ${at} 发送`,
    atOnce: "所有告警立即发送",
  },
  en: {
    title: "Anomaly alerts",
    alerts: "Send me an SMS about new anomalies",
    hint: "This is for you alone. The SMS gives numbers, no names.",
    waits: "At once for code red and a positive test alone; the rest once a day",
    at: "At",
    on: "Alerts are on",
    off: "Alerts are off",
    gathered: (at: string) => `What can wait comes at ${at}`,
    atOnce: "Every alert comes at once",
  },
});

const USUAL = "08:00";

export function Alerts({ groupId }: { groupId: string }) {
  const reading = useGroupReading(OverviewAlertsDocument, { groupId });
  const deed = useDeed(SetAlertsDocument);
  const set = async (enabled: boolean, at: string | null, done: string) => {
    if (await deed.run({ groupId, enabled, at })) toast(done);
  };
  return (
    <Section title={t.title}>
      <Shown reading={reading}>
        {({ group }) => {
          const enabled = group?.anomalyAlerts ?? false;
          const time = group?.anomalyAlertsTime ?? null;
          return (
            <div class="stack">
              <CheckField
                label={t.alerts}
                checked={enabled}
                disabled={deed.busy}
                onChange={(on) => void set(on, null, on ? t.on : t.off)}
              />
              {enabled && (
                <TimeSwitch
                  label={t.waits}
                  atLabel={t.at}
                  usual={USUAL}
                  at={time}
                  busy={deed.busy}
                  refusals={deed.refusals}
                  onChange={(at) => void set(true, at, at ? t.gathered(at) : t.atOnce)}
                />
              )}
            </div>
          );
        }}
      </Shown>
      <p class="hint">{t.hint}</p>
      <Refusals deed={deed} shownByFields={["at"]} />
    </Section>
  );
}

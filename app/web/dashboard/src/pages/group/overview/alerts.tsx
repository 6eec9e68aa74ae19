// Whether the viewer is told of new anomalies by SMS: each manager decides for themselves.
import { useDeed } from "../../../graphql/deeds";
import { OverviewAlertsDocument, SetAlertsDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { CheckField, Refusals } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: "健康异常告警",
    alerts: "有新的异常时给我发短信",
    hint: "只影响您自己；短信只写人数，不写姓名。",
    on: "已开启告警",
    off: "已关闭告警",
  },
  en: {
    title: "Anomaly alerts",
    alerts: "Send me an SMS about new anomalies",
    hint: "This is for you alone. The SMS gives numbers, no names.",
    on: "Alerts are on",
    off: "Alerts are off",
  },
});

export function Alerts({ groupId }: { groupId: string }) {
  const reading = useGroupReading(OverviewAlertsDocument, { groupId });
  const deed = useDeed(SetAlertsDocument);
  const set = async (enabled: boolean) => {
    if (await deed.run({ groupId, enabled })) toast(enabled ? t.on : t.off);
  };
  return (
    <Section title={t.title}>
      <Shown reading={reading}>
        {({ group }) => (
          <CheckField
            label={t.alerts}
            checked={group?.anomalyAlerts ?? false}
            disabled={deed.busy}
            onChange={(enabled) => void set(enabled)}
          />
        )}
      </Shown>
      <p class="hint">{t.hint}</p>
      <Refusals deed={deed} />
    </Section>
  );
}

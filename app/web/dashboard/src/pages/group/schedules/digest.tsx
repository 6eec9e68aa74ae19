// The viewer's own digest: one SMS a day with numbers.
import { useDeed } from "../../../graphql/deeds";
import { DigestDocument, SetDigestDocument } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { Refusals } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { TimeSwitch } from "../../../parts/time_switch";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: "每日摘要",
    label: "每天给我发一条摘要短信",
    at: "发送时间",
    hint: "只影响您自己。短信写明异常、红码和未加入名册的人数，不写姓名。",
    on: (at: string) => `每天 ${at} 发送摘要`,
    off: "不再发送摘要",
  },
  en: {
    title: "Daily digest",
    label: "Send me a digest by SMS each day",
    at: "At",
    hint: "This is for you alone. It says how many are anomalous, red, and on the roster but not in; no names.",
    on: (at: string) => `The digest comes at ${at}`,
    off: "The digest is off",
  },
});

const USUAL = "17:00";

export function Digest({ groupId }: { groupId: string }) {
  const reading = useGroupReading(DigestDocument, { groupId });
  const deed = useDeed(SetDigestDocument);
  const set = async (at: string | null) => {
    if (await deed.run({ groupId, at })) toast(at ? t.on(at) : t.off);
  };
  return (
    <Section title={t.title}>
      <p class="hint">{t.hint}</p>
      <Shown reading={reading}>
        {({ group }) => (
          <TimeSwitch
            label={t.label}
            atLabel={t.at}
            usual={USUAL}
            at={group?.dailyDigestTime ?? null}
            busy={deed.busy}
            refusals={deed.refusals}
            onChange={(at) => void set(at)}
          />
        )}
      </Shown>
      <Refusals deed={deed} shownByFields={["at"]} />
    </Section>
  );
}

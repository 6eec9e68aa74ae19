// While the sandbox is on: have the health provider call somebody red, and refresh the group.
import { useClient } from "@urql/preact";
import { useState } from "preact/hooks";
import { setClock } from "../../../clock";
import { useDeed } from "../../../graphql/deeds";
import {
  GreenMembersDocument,
  NextRefreshDocument,
  RefreshNowDocument,
  type GreenMembersQuery,
} from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { Button } from "../../../parts/button";
import { Refusals, SelectField } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { toast } from "../../../parts/toasts";
import { moveClock, setCode } from "../../../sandbox";
import { texts } from "../../../texts";

const t = texts({
  zh: {
    title: "沙箱：让一个人变红",
    sandbox: "仅沙箱",
    hint: "健康数据只能来自外部数据源，任何操作都不能设置。沙箱代替数据源：它会报告此人为红码，必要时把时钟拨过刷新间隔，再刷新团体。请看页面变红。",
    who: "谁",
    make: "让此人变红",
    none: "没有绿码成员可选。",
    told: "数据源已报告红码，正在刷新…",
    failed: "沙箱没有接受。请确认沙箱已开启后重试。",
  },
  en: {
    title: "Sandbox: make someone red",
    sandbox: "sandbox only",
    hint: "Health data comes from the outside provider only; nobody can set it. The sandbox stands in for the provider: it will report this person's code as red, move the clock past the pause between refreshes if need be, and refresh the group. Watch the page turn red.",
    who: "Who",
    make: "Make them red",
    none: "Nobody here is green.",
    told: "The provider reports a red code; the group is being refreshed…",
    failed: "The sandbox didn't take it. See that it is on, then try again.",
  },
});

type Green = NonNullable<
  NonNullable<NonNullable<GreenMembersQuery["group"]>["members"]>["nodes"]
>[number];

export function MakeRed({ groupId }: { groupId: string }) {
  const reading = useGroupReading(GreenMembersDocument, { groupId });
  return (
    <Section title={t.title} beside={<span class="badge">{t.sandbox}</span>}>
      <p class="hint">{t.hint}</p>
      <Shown reading={reading}>
        {({ group }) => <Choice groupId={groupId} members={group?.members?.nodes ?? []} />}
      </Shown>
    </Section>
  );
}

function Choice({ groupId, members }: { groupId: string; members: Green[] }) {
  const [chosen, setChosen] = useState("");
  const { make, state, deed } = useMakeRed(groupId);
  const member = members.find(({ id }) => id === chosen) ?? members[0];
  if (!member) return <Empty>{t.none}</Empty>;
  const options = members.map(({ id, person }) => ({
    value: id,
    name: `${person.name} · ${person.idNumberMasked}`,
  }));
  return (
    <form onSubmit={(event) => (event.preventDefault(), void make(member))}>
      <SelectField label={t.who} value={member.id} options={options} onChange={setChosen} />
      {state === "failed" && <p role="alert">{t.failed}</p>}
      <Refusals deed={deed} />
      <div class="actions">
        <Button kind="danger" submit busy={state === "busy"}>
          {t.make}
        </Button>
      </div>
    </form>
  );
}

function useMakeRed(groupId: string) {
  const client = useClient();
  const deed = useDeed(RefreshNowDocument);
  const [state, setState] = useState<"ready" | "busy" | "failed">("ready");
  const make = async ({ person }: Green) => {
    setState("busy");
    try {
      await setCode(person.name, person.idNumberMasked, "RED");
      await passThePause();
      toast(t.told);
      await deed.run({ groupId });
      setState("ready");
    } catch {
      setState("failed");
    }
  };
  /** Within 30 minutes of a refresh the same one would be answered again: move the clock past that. */
  const passThePause = async () => {
    const { data } = await client
      .query(NextRefreshDocument, { groupId }, { requestPolicy: "network-only" })
      .toPromise();
    const allowed = data?.group?.refresh?.nextAllowedAt;
    if (!allowed || !data.now) return;
    const seconds = Math.ceil((Date.parse(allowed) - Date.parse(data.now)) / 1000);
    if (seconds <= 0) return;
    await moveClock(seconds);
    await setClock(client);
  };
  return { make, state, deed };
}

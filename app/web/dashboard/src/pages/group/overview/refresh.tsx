// How fresh the data is: the run as it goes, who was missed, when the next one is possible and due.
import { useSubscription } from "@urql/preact";
import { useEffect } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  OverviewProgressDocument,
  OverviewRefreshDocument,
  RefreshNowDocument,
  type OverviewRefreshQuery,
} from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { Button } from "../../../parts/button";
import { Refusals } from "../../../parts/fields";
import { Section } from "../../../parts/page";
import { Shown } from "../../../parts/states";
import { Countdown, isPast, Time } from "../../../parts/times";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";
import { isOver, Run, type Steps } from "./run";

const t = texts({
  zh: {
    title: "数据刷新",
    refresh: "立即刷新",
    started: "刷新已开始",
    same: "三十分钟内已刷新过，显示的是那一次",
    none: "还没有刷新过。",
    due: "团体已连续两天没有人工刷新，现在不活跃，每天只自动刷新一次。请立即刷新以恢复活跃。",
    inactive: "不活跃：每天自动刷新一次",
    active: "活跃：每天自动刷新四次",
    activity: "活跃状态",
    last: "上次刷新完成",
    possible: "下次可手动刷新",
    at: "现在即可",
    scheduled: "下次自动刷新",
  },
  en: {
    title: "Refresh",
    refresh: "Refresh now",
    started: "The refresh has begun",
    same: "It was refreshed less than 30 minutes ago: that run is shown",
    none: "It was never refreshed yet.",
    due: "Nobody refreshed this group by hand on two whole days: it is inactive and refreshed only once a day. Refresh it now to make it active again.",
    inactive: "Inactive: refreshed by itself once a day",
    active: "Active: refreshed by itself four times a day",
    activity: "Activity",
    last: "Last refresh ended",
    possible: "Next refresh by hand",
    at: "possible now",
    scheduled: "Next refresh by itself",
  },
});

type Group = NonNullable<OverviewRefreshQuery["group"]>;

export function RefreshCard({ groupId }: { groupId: string }) {
  const reading = useGroupReading(OverviewRefreshDocument, { groupId });
  const steps = useSteps(groupId);
  const known = reading.data?.group?.refresh?.run;
  // Who was missed is known, and when the next is possible, once a run began or ended.
  const stage = steps && `${steps.id} ${isOver(steps)}`;
  useEffect(() => {
    if (stage && known !== undefined) reading.again();
  }, [stage]);
  return (
    <Shown reading={reading}>
      {({ group }) => group && <Freshness group={group} steps={steps} />}
    </Shown>
  );
}

/** The newest step of the newest run, as it goes. */
function useSteps(groupId: string): Steps | null {
  const [{ data }] = useSubscription({ query: OverviewProgressDocument, variables: { groupId } });
  return data?.refreshProgressed ?? null;
}

function Freshness({ group, steps }: { group: Group; steps: Steps | null }) {
  const { refresh, activity } = group;
  const deed = useDeed(RefreshNowDocument);
  const press = async () => {
    const before = refresh?.run?.id;
    const done = await deed.run({ groupId: group.id });
    if (done) toast(done.run?.id === before ? t.same : t.started);
  };
  const isDue = activity?.refreshDue ?? false;
  return (
    <Section
      title={t.title}
      beside={
        <Button kind={isDue ? "primary" : "plain"} busy={deed.busy} onClick={() => void press()}>
          {t.refresh}
        </Button>
      }
    >
      <Refusals deed={deed} />
      {isDue && <p class="notice">{t.due}</p>}
      {refresh?.run ? <Run run={refresh.run} steps={steps} /> : <p class="empty">{t.none}</p>}
      <Times group={group} />
    </Section>
  );
}

function Times({ group: { refresh, activity } }: { group: Group }) {
  return (
    <dl class="facts">
      <dt>{t.activity}</dt>
      <dd>{activity?.state === "INACTIVE" ? t.inactive : t.active}</dd>
      <dt>{t.last}</dt>
      <dd>
        <Time at={activity?.lastRefreshedAt} />
      </dd>
      {refresh && (
        <>
          <dt>{t.possible}</dt>
          <dd>
            {isPast(refresh.nextAllowedAt) ? t.at : <Countdown until={refresh.nextAllowedAt} />}
          </dd>
          <dt>{t.scheduled}</dt>
          <dd>
            <Time at={refresh.nextScheduledAt} />
          </dd>
        </>
      )}
    </dl>
  );
}

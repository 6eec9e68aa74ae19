// One group as it is seen from above: its colour, since when, and its rounded numbers.
import { SeenGroupDocument, type SeenGroupFactsFragment } from "../../graphql/generated";
import { useReading } from "../../graphql/queries";
import { activityNames, typeNames } from "../../names";
import { ColourBadge } from "../../parts/badges";
import { Dialog } from "../../parts/dialog";
import { Empty, Shown } from "../../parts/states";
import { Time } from "../../parts/times";
import { texts } from "../../texts";
import { about, Now, Rounding } from "./now";

const t = texts({
  zh: {
    title: "下属团体",
    colour: "颜色",
    since: "变色时间",
    never: "从未变色",
    type: "类型",
    activity: "活跃状态",
    members: "成员",
    hidden: "不予显示",
    gone: "这个团体已不在这里。",
  },
  en: {
    title: "Group",
    colour: "Colour",
    since: "Since",
    never: "it never turned",
    type: "Type",
    activity: "Activity",
    members: "Members",
    hidden: "not shown",
    gone: "This group is here no more.",
  },
});

export function SeenGroup({ groupId, onClose }: { groupId: string; onClose: () => void }) {
  const reading = useReading(SeenGroupDocument, { groupId });
  const node = reading.data?.node;
  const group = node?.__typename === "OverseenGroup" ? node : null;
  return (
    <Dialog title={group?.name ?? t.title} onClose={onClose}>
      <Shown reading={reading}>
        {() => (group ? <Facts group={group} /> : <Empty>{t.gone}</Empty>)}
      </Shown>
    </Dialog>
  );
}

function Facts({ group }: { group: SeenGroupFactsFragment }) {
  return (
    <div class="stack">
      <dl class="facts">
        <dt>{t.colour}</dt>
        <dd>
          <ColourBadge colour={group.colour} />
        </dd>
        <dt>{t.since}</dt>
        <dd>{group.turnedAt ? <Time at={group.turnedAt} /> : t.never}</dd>
        <dt>{t.type}</dt>
        <dd>{typeNames[group.type]}</dd>
        <dt>{t.activity}</dt>
        <dd>{activityNames[group.activity]}</dd>
        <dt>{t.members}</dt>
        <dd>{group.memberCount === null ? t.hidden : about(group.memberCount)}</dd>
      </dl>
      <Rounding figures={group.statistics} isGroup />
      <Now figures={group.statistics} />
    </div>
  );
}

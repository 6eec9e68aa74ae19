// One group: for its managers in parts, for its plain members what is their own.
import type { ComponentType } from "preact";
import { useRoute } from "preact-iso";
import {
  GroupFrameDocument,
  ManagedFrameDocument,
  type GroupCardFragment,
} from "../../graphql/generated";
import { isGone } from "../../graphql/failures";
import { left } from "../../graphql/live";
import { useGroupReading } from "../../graphql/queries";
import { links } from "../../links";
import { ColourBadge, Dot } from "../../parts/badges";
import { LinkButton } from "../../parts/button";
import { loaded } from "../../parts/loaded";
import { Page } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { counted, texts } from "../../texts";
import { Missing } from "../missing";

const t = texts({
  zh: {
    parts: "团体的各部分",
    title: "团体",
    gone: "这个团体已不对您开放：您可能已退出，或团体已解散。",
    back: "回到我的团体",
    waiting: (count: number) => `${count} 份退团申请待处理`,
    overview: "概况",
    members: "成员",
    sections: "班级部门",
    roster: "名册",
    schedules: "定时与告警",
    anomalies: "异常人员",
    leaving: "退团",
    invitations: "邀请",
    messages: "短信",
    reports: "报表",
    log: "动态",
    settings: "设置",
    own: "我在团体中",
  },
  en: {
    parts: "Parts of the group",
    title: "Group",
    gone: "This group isn't open to you any more: you may have left, or it was dissolved.",
    back: "Back to my groups",
    waiting: (count: number) => counted(count, "request to leave", "requests to leave"),
    overview: "Overview",
    members: "Members",
    sections: "Sections",
    roster: "Roster",
    schedules: "Schedules",
    anomalies: "Anomalies",
    leaving: "Leaving",
    invitations: "Invitations",
    messages: "SMS",
    reports: "Reports",
    log: "Log",
    settings: "Settings",
    own: "Me in it",
  },
});

/** What each part is given. */
export interface PartProps {
  group: GroupCardFragment;
}

interface Part {
  path: string;
  name: string;
  page: ComponentType<PartProps>;
}

// One line a part; each is loaded when it is opened.
const PARTS: Part[] = [
  {
    path: "",
    name: t.overview,
    page: loaded(() => import("./overview/overview").then((m) => m.Overview)),
  },
  {
    path: "members",
    name: t.members,
    page: loaded(() => import("./members/members").then((m) => m.Members)),
  },
  {
    path: "sections",
    name: t.sections,
    page: loaded(() => import("./sections/sections").then((m) => m.Sections)),
  },
  {
    path: "roster",
    name: t.roster,
    page: loaded(() => import("./roster/roster").then((m) => m.Roster)),
  },
  {
    path: "anomalies",
    name: t.anomalies,
    page: loaded(() => import("./anomalies/anomalies").then((m) => m.Anomalies)),
  },
  {
    path: "leaving",
    name: t.leaving,
    page: loaded(() => import("./leaving/leaving").then((m) => m.Leaving)),
  },
  {
    path: "invitations",
    name: t.invitations,
    page: loaded(() => import("./invitations/invitations").then((m) => m.Invitations)),
  },
  {
    path: "schedules",
    name: t.schedules,
    page: loaded(() => import("./schedules/schedules").then((m) => m.Schedules)),
  },
  {
    path: "messages",
    name: t.messages,
    page: loaded(() => import("./messages/messages").then((m) => m.Messages)),
  },
  {
    path: "reports",
    name: t.reports,
    page: loaded(() => import("./reports/reports").then((m) => m.Reports)),
  },
  { path: "log", name: t.log, page: loaded(() => import("./log/log").then((m) => m.Log)) },
  {
    path: "settings",
    name: t.settings,
    page: loaded(() => import("./settings/settings").then((m) => m.Settings)),
  },
  { path: "own", name: t.own, page: loaded(() => import("./own/own").then((m) => m.OwnPart)) },
];

const Own = loaded(() => import("./own/own").then(({ Own }) => Own));

export function Group() {
  const { params } = useRoute();
  const groupId = params.groupId ?? "";
  const reading = useGroupReading(GroupFrameDocument, { groupId });
  if (left.value.has(groupId) || (reading.error && isGone(reading.error))) return <Gone />;
  return (
    <Shown reading={reading}>
      {({ group }) => {
        if (!group) return <Gone />;
        return isManaged(group) ? (
          <Managed group={group} part={params.part ?? ""} />
        ) : (
          <Own group={group} />
        );
      }}
    </Shown>
  );
}

function isManaged({ viewerRole }: GroupCardFragment): boolean {
  return viewerRole === "CREATOR" || viewerRole === "ADMIN";
}

function Managed({ group, part }: { group: GroupCardFragment; part: string }) {
  const { data } = useGroupReading(ManagedFrameDocument, { groupId: group.id });
  const waiting = data?.group?.pendingLeaveCount ?? 0;
  const shown = PARTS.find(({ path }) => path === part);
  return (
    <Page title={group.name} beside={<ColourBadge colour={group.colour} />}>
      <nav class="parts" aria-label={t.parts}>
        {PARTS.map(({ path, name }) => (
          <a
            key={path}
            href={links.group(group.id, path)}
            aria-current={path === part ? "page" : undefined}
          >
            {name}
            {path === "leaving" && <Dot count={waiting} label={t.waiting(waiting)} />}
          </a>
        ))}
      </nav>
      {shown ? <shown.page group={group} /> : <Missing />}
    </Page>
  );
}

function Gone() {
  return (
    <Page title={t.title}>
      <Empty>{t.gone}</Empty>
      <LinkButton href={links.groups()}>{t.back}</LinkButton>
    </Page>
  );
}

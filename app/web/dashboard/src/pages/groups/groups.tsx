// All groups of whoever is signed in: those they manage with what needs them, and those they are in.
import type { ComponentChildren } from "preact";
import {
  GroupsDocument,
  type GroupCardFragment,
  type ManagedCardFragment,
  type OrganisationCardFragment,
} from "../../graphql/generated";
import { shifts } from "../../graphql/live";
import { useAgainAfter, useReading } from "../../graphql/queries";
import { links } from "../../links";
import { reasonNames, roleNames, typeNames } from "../../names";
import { ColourBadge, Dot } from "../../parts/badges";
import { LinkButton } from "../../parts/button";
import { Page, Section } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { counted, texts } from "../../texts";
import { OrganisationCard } from "../organisation/card";
import { useOrganisationLive } from "../organisation/live";

const t = texts({
  zh: {
    title: "我的团体",
    managed: "我管理的",
    joined: "我加入的",
    guardian: "代亲属加入",
    organisations: "我负责或督导的组织",
    create: "创建团体",
    none: "您还没有团体。可以创建一个，或打开别人发来的邀请链接。",
    members: (count: number) => `${count} 人`,
    leaving: (count: number) => `${count} 份退团申请待处理`,
    due: "需要刷新",
  },
  en: {
    title: "My groups",
    managed: "Managed by me",
    joined: "Joined by me",
    guardian: "A relative is in it",
    organisations: "Organisations I own or oversee",
    create: "Create a group",
    none: "You have no group yet. Create one, or open an invitation that you were sent.",
    members: (count: number) => counted(count, "person", "people"),
    leaving: (count: number) => counted(count, "request to leave", "requests to leave"),
    due: "Refresh is due",
  },
});

type Managed = GroupCardFragment & ManagedCardFragment;

export function Groups() {
  const reading = useReading(GroupsDocument, {});
  useAgainAfter(shifts.value, reading.again);
  return (
    <Page
      title={t.title}
      beside={
        <LinkButton kind="primary" href={links.newGroup()}>
          {t.create}
        </LinkButton>
      }
    >
      <Shown reading={reading}>
        {({ me }) => (
          <Lists
            organisations={me?.organisations?.nodes ?? []}
            managed={me?.managed?.nodes ?? []}
            joined={(me?.all?.nodes ?? []).filter(isPlain)}
          />
        )}
      </Shown>
    </Page>
  );
}

/** Whether the viewer manages nothing in it: a plain member, or a guardian of one. */
function isPlain({ viewerRole }: GroupCardFragment): boolean {
  return viewerRole === "MEMBER" || viewerRole === null;
}

function Lists({
  organisations,
  managed,
  joined,
}: {
  organisations: OrganisationCardFragment[];
  managed: Managed[];
  joined: GroupCardFragment[];
}) {
  if (!organisations.length && !managed.length && !joined.length) return <Empty>{t.none}</Empty>;
  return (
    <>
      {organisations.length > 0 && (
        <Section title={t.organisations}>
          <ul class="groups">
            {organisations.map((each) => (
              <FollowedOrganisation key={each.id} organisation={each} />
            ))}
          </ul>
        </Section>
      )}
      {managed.length > 0 && (
        <Section title={t.managed}>
          <ul class="groups">
            {managed.map((group) => (
              <Card key={group.id} group={group}>
                <Details group={group} />
              </Card>
            ))}
          </ul>
        </Section>
      )}
      {joined.length > 0 && (
        <Section title={t.joined}>
          <ul class="groups">
            {joined.map((group) => (
              <Card key={group.id} group={group} />
            ))}
          </ul>
        </Section>
      )}
    </>
  );
}

/** An organisation whose card is told of each change. */
function FollowedOrganisation({ organisation }: { organisation: OrganisationCardFragment }) {
  useOrganisationLive(organisation.id);
  return <OrganisationCard organisation={organisation} />;
}

function Card({ group, children }: { group: GroupCardFragment; children?: ComponentChildren }) {
  return (
    <li class={`group ${group.colour.toLowerCase()}`}>
      <a href={links.group(group.id)}>
        <strong>{group.name}</strong> <ColourBadge colour={group.colour} />
      </a>
      <p class="hint">
        {typeNames[group.type]}
        {` · ${group.viewerRole ? roleNames[group.viewerRole] : t.guardian}`}
      </p>
      {children}
    </li>
  );
}

function Details({ group }: { group: Managed }) {
  return (
    <p>
      {group.memberCount !== null && t.members(group.memberCount)}
      {group.colourReasons?.map(({ reason, count }) => ` · ${reasonNames[reason]} ${count}`)}
      {group.activity?.refreshDue && ` · ${t.due}`}{" "}
      <Dot count={group.pendingLeaveCount} label={t.leaving(group.pendingLeaveCount ?? 0)} />
    </p>
  );
}

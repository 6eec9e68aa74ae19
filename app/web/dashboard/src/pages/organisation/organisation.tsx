// An organisation: its colour and why, the groups below it at a glance, which turned, in numbers.
import { useRoute } from "preact-iso";
import { OrganisationFrameDocument, type OrganisationFrameQuery } from "../../graphql/generated";
import { isGone } from "../../graphql/failures";
import { useReading } from "../../graphql/queries";
import { links } from "../../links";
import { organisationRoleNames } from "../../names";
import { ColourBadge } from "../../parts/badges";
import { LinkButton } from "../../parts/button";
import { Page } from "../../parts/page";
import { Empty, Shown } from "../../parts/states";
import { texts } from "../../texts";
import { Children } from "./children";
import { Figures } from "./figures";
import { Heat } from "./heat";
import { useOrganisationLive, type Live } from "./live";
import { Turns } from "./turns";
import { Why } from "./why";

const t = texts({
  zh: {
    title: "组织",
    gone: "这个组织已不对您开放：您可能已不再督导它，或它已解散。",
    back: "回到我的团体",
    above: "上级组织",
    fromAbove: "您从上级组织看到它",
    numbers: "这里只有数字，没有任何个人。",
  },
  en: {
    title: "Organisation",
    gone: "This organisation isn't open to you any more: you may not oversee it now, or it was dissolved.",
    back: "Back to my groups",
    above: "Above it",
    fromAbove: "You see it from above",
    numbers: "You see numbers here, never a person.",
  },
});

type Seen = NonNullable<OrganisationFrameQuery["organisation"]>;

export function Organisation() {
  const { params } = useRoute();
  const organisationId = params.organisationId ?? "";
  return <Followed key={organisationId} organisationId={organisationId} />;
}

function Followed({ organisationId }: { organisationId: string }) {
  const reading = useReading(OrganisationFrameDocument, { organisationId });
  const live = useOrganisationLive(organisationId);
  const refused = live.error ?? reading.error;
  if (refused && isGone(refused)) return <Gone />;
  return (
    <Shown reading={reading}>
      {({ organisation }) =>
        organisation ? <Shows organisation={organisation} live={live} /> : <Gone />
      }
    </Shown>
  );
}

function Shows({ organisation, live }: { organisation: Seen; live: Live }) {
  const { id, name, colour, viewerRole, parent } = organisation;
  return (
    <Page title={name} beside={<ColourBadge colour={colour} />}>
      <p class="hint">
        {viewerRole ? organisationRoleNames[viewerRole] : t.fromAbove}
        {" · "}
        {t.numbers}
        {parent && (
          <>
            {` · ${t.above} `}
            <a href={links.organisation(parent.id)}>{parent.name}</a>
          </>
        )}
      </p>
      <Why organisation={organisation} />
      <Heat organisationId={id} live={live} />
      <Turns organisationId={id} live={live} />
      <Children organisationId={id} live={live} />
      <Figures organisationId={id} live={live} />
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

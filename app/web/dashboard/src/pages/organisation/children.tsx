// The organisations attached to one: where its tree goes on.
import { OrganisationChildrenDocument } from "../../graphql/generated";
import { useAgainAfter, useReading } from "../../graphql/queries";
import { More, nextOf } from "../../parts/more";
import { Section } from "../../parts/page";
import { Shown } from "../../parts/states";
import { texts } from "../../texts";
import { OrganisationCard } from "./card";
import type { Live } from "./live";

const t = texts({
  zh: { title: "下级组织" },
  en: { title: "Organisations below" },
});

interface Props {
  organisationId: string;
  live: Live;
}

export function Children(props: Props) {
  const reading = useChildren(props, null);
  const nodes = reading.data?.organisation?.children?.nodes;
  if (nodes && !nodes.length) return null;
  return (
    <Section title={t.title}>
      <Shown reading={reading}>{() => <Rest {...props} after={null} />}</Shown>
    </Section>
  );
}

function useChildren({ organisationId, live }: Props, after: string | null) {
  const reading = useReading(OrganisationChildrenDocument, { organisationId, after });
  useAgainAfter(live.moves, reading.again);
  return reading;
}

function Rest({ after, ...props }: Props & { after: string | null }) {
  const children = useChildren(props, after).data?.organisation?.children;
  return (
    <>
      <ul class="groups">
        {children?.nodes.map((child) => (
          <OrganisationCard key={child.id} organisation={child} />
        ))}
      </ul>
      <More after={nextOf(children?.pageInfo)}>{(next) => <Rest {...props} after={next} />}</More>
    </>
  );
}

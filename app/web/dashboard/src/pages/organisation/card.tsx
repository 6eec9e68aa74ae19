// An organisation in a list: its colour and why.
import type { OrganisationCardFragment } from "../../graphql/generated";
import { links } from "../../links";
import { ColourBadge } from "../../parts/badges";
import { reasonsText } from "./why";

export function OrganisationCard({ organisation }: { organisation: OrganisationCardFragment }) {
  const { id, name, colour } = organisation;
  return (
    <li class={`group ${colour.toLowerCase()}`}>
      <a href={links.organisation(id)}>
        <strong>{name}</strong> <ColourBadge colour={colour} />
      </a>
      <p class="hint">{reasonsText(organisation)}</p>
    </li>
  );
}

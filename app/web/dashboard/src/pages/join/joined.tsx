// The end of joining: who is in, and the way to the group.
import type { GroupCardFragment, JoinGroupMutation } from "../../graphql/generated";
import { links } from "../../links";
import { ColourBadge } from "../../parts/badges";
import { Button, LinkButton } from "../../parts/button";
import { useFocus } from "../../parts/focus";
import { t } from "./texts";

export interface JoinedGroup {
  group: GroupCardFragment;
  members: NonNullable<NonNullable<JoinGroupMutation["joinGroup"]>["members"]>;
  /** Those of them who were in before. */
  already: string[];
}

export function Joined({ joined, onMore }: { joined: JoinedGroup; onMore: () => void }) {
  const { group, members, already } = joined;
  const heading = useFocus<HTMLHeadingElement>();
  return (
    <section class="card" aria-labelledby="joined">
      <h2 id="joined" ref={heading} tabIndex={-1}>
        ✓ {t.joined(group.name)} <ColourBadge colour={group.colour} />
      </h2>
      <ul>
        {members.map(({ id, person }) => (
          <li key={id}>
            <strong>{person.name}</strong> — {already.includes(id) ? t.joinedBefore : t.joinedNow}
          </li>
        ))}
      </ul>
      {members.length > already.length && <p class="hint">{t.fetched}</p>}
      <div class="actions start">
        <LinkButton kind="primary" href={links.group(group.id)}>
          {t.toGroup}
        </LinkButton>
        <Button onClick={onMore}>{t.more}</Button>
      </div>
    </section>
  );
}

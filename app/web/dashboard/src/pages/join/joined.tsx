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
  /** When it was asked for, in ms by the server's clock: whoever joined before was in already. */
  askedAt: number;
}

const SLACK = 5_000; // ms, by which the page's reckoning of the server's clock may be off

export function Joined({ joined, onMore }: { joined: JoinedGroup; onMore: () => void }) {
  const { group, members, askedAt } = joined;
  const isNew = (joinedAt: string) => Date.parse(joinedAt) >= askedAt - SLACK;
  const heading = useFocus<HTMLHeadingElement>();
  return (
    <section class="card" aria-labelledby="joined">
      <h2 id="joined" ref={heading} tabIndex={-1}>
        ✓ {t.joined(group.name)} <ColourBadge colour={group.colour} />
      </h2>
      <ul>
        {members.map(({ id, joinedAt, person }) => (
          <li key={id}>
            <strong>{person.name}</strong> — {isNew(joinedAt) ? t.joinedNow : t.joinedBefore}
          </li>
        ))}
      </ul>
      {members.some(({ joinedAt }) => isNew(joinedAt)) && <p class="hint">{t.fetched}</p>}
      <div class="actions start">
        <LinkButton kind="primary" href={links.group(group.id)}>
          {t.toGroup}
        </LinkButton>
        <Button onClick={onMore}>{t.more}</Button>
      </div>
    </section>
  );
}

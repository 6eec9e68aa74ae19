// Who left within 30 days, and how they were at that moment.
import { FormerMembersDocument, type FormerFragment } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { causeNames, resultNames } from "../../../names";
import { CodeBadge } from "../../../parts/badges";
import { More, nextOf } from "../../../parts/more";
import { Empty, Shown } from "../../../parts/states";
import { Time } from "../../../parts/times";
import { t } from "./texts";

export function FormerMembers({ groupId, after }: { groupId: string; after: string | null }) {
  const reading = useGroupReading(FormerMembersDocument, { groupId, after });
  return (
    <Shown reading={reading}>
      {({ group }) => {
        const former = group?.formerMembers?.nodes ?? [];
        if (!former.length) return after === null && <Empty>{t.nobodyLeft}</Empty>;
        return (
          <>
            <ul class="entries">
              {former.map((member) => (
                <Former key={member.id} member={member} />
              ))}
            </ul>
            <More after={nextOf(group?.formerMembers?.pageInfo)}>
              {(next) => <FormerMembers groupId={groupId} after={next} />}
            </More>
          </>
        );
      }}
    </Shown>
  );
}

function Former({ member }: { member: FormerFragment }) {
  const { name, remark, cause, reason, joinedAt, leftAt, keptUntil } = member;
  return (
    <li>
      <details>
        <summary>
          <h3>{name}</h3>{" "}
          <span class="hint">
            {remark && `${remark} · `}
            {causeNames[cause]} · <Time at={leftAt} />
          </span>
        </summary>
        <dl class="facts">
          {reason && (
            <>
              <dt>{t.reason}</dt>
              <dd>{reason}</dd>
            </>
          )}
          <dt>{t.joinedAt}</dt>
          <dd>
            <Time at={joinedAt} />
          </dd>
          <dt>{t.leftAt}</dt>
          <dd>
            <Time at={leftAt} />
          </dd>
          <Health member={member} />
          <dt>{t.kept}</dt>
          <dd>
            <Time at={keptUntil} />
          </dd>
        </dl>
      </details>
    </li>
  );
}

/** The health state as it was on leaving; later news don't touch it. */
function Health({ member: { healthCode, latestTest, doses, asOf } }: { member: FormerFragment }) {
  return (
    <>
      <dt>{t.code}</dt>
      <dd>
        <CodeBadge code={healthCode} /> {healthCode === "WITHHELD" && t.withheld}
      </dd>
      {healthCode !== "WITHHELD" && (
        <>
          <dt>{t.test}</dt>
          <dd>
            {latestTest ? (
              <>
                {resultNames[latestTest.result]}{" "}
                <Time at={latestTest.testedAt ?? latestTest.sampledAt} /> {latestTest.institution}
              </>
            ) : (
              t.noTest
            )}
          </dd>
          <dt>{t.doses}</dt>
          <dd>{t.doseCount(doses)}</dd>
          <dt>{t.asOf}</dt>
          <dd>{asOf ? <Time at={asOf} /> : t.neverRead}</dd>
        </>
      )}
    </>
  );
}

// Who should be in the group, and who of them hasn't joined.
import { useState } from "preact/hooks";
import { useDeed } from "../../../graphql/deeds";
import {
  ClearRosterDocument,
  NotJoinedDocument,
  RosterCountsDocument,
  RosterDocument,
} from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { links } from "../../../links";
import { Button } from "../../../parts/button";
import { Confirm } from "../../../parts/dialog";
import { Refusals } from "../../../parts/fields";
import { More, nextOf } from "../../../parts/more";
import { Section } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { toast } from "../../../parts/toasts";
import { texts } from "../../../texts";
import type { PartProps } from "../group";
import { Import } from "./import";

const t = texts({
  zh: {
    title: "名册",
    hint: "名册是应当加入的人。有人加入或退出后，几秒内自动重新比对：先比姓名，重名时再比备注。",
    bound: "您看到的是您负责的班级或部门的名册；名册由负责整个团体的管理者维护。",
    none: "还没有名册。",
    counts: (all: number, missing: number) =>
      missing ? `名册 ${all} 人，其中 ${missing} 人未加入。` : `名册 ${all} 人，全部已加入。`,
    missing: "未加入的人",
    name: "姓名",
    remark: "备注",
    section: "班级或部门",
    invite: "去邀请他们",
    clear: "清空名册",
    what: "只清空名册；已加入的成员不受影响。",
    cleared: "名册已清空",
  },
  en: {
    title: "Roster",
    hint: "The roster is who should be in the group. It is matched again within seconds after somebody joins or leaves: by the name and, of several, by the remark.",
    bound: "You see the roster of your sections. Managers of the whole group keep it.",
    none: "There is no roster yet.",
    counts: (all: number, missing: number) =>
      missing ? `${missing} of ${all} haven't joined.` : `All of ${all} have joined.`,
    missing: "Who hasn't joined",
    name: "Name",
    remark: "Remark",
    section: "Section",
    invite: "Invite them",
    clear: "Clear the roster",
    what: "Only the roster is erased. Who has joined stays.",
    cleared: "The roster is cleared",
  },
});

export function Roster({ group: { id: groupId } }: PartProps) {
  const reading = useGroupReading(RosterDocument, { groupId });
  return (
    <Shown reading={reading}>
      {({ group }) =>
        group?.viewerMember?.boundTo ? (
          <>
            <p class="notice">{t.bound}</p>
            <Missing groupId={groupId} isBound />
          </>
        ) : (
          <>
            <Missing groupId={groupId} />
            <Import groupId={groupId} />
          </>
        )
      }
    </Shown>
  );
}

function Missing({ groupId, isBound = false }: { groupId: string; isBound?: boolean }) {
  const reading = useGroupReading(RosterCountsDocument, { groupId });
  return (
    <Section title={t.title}>
      <p class="hint">{t.hint}</p>
      <Shown reading={reading}>
        {({ group }) => {
          const { rosterCount, notJoinedCount } = group ?? {};
          if (!rosterCount) return <Empty>{t.none}</Empty>;
          return (
            <>
              <p role="status">{t.counts(rosterCount, notJoinedCount ?? 0)}</p>
              {!!notJoinedCount && (
                <>
                  <Names groupId={groupId} after={null} />
                  <a href={links.group(groupId, "invitations")}>{t.invite}</a>
                </>
              )}
              {!isBound && (
                <div class="actions">
                  <Clear groupId={groupId} />
                </div>
              )}
            </>
          );
        }}
      </Shown>
    </Section>
  );
}

function Names({ groupId, after }: { groupId: string; after: string | null }) {
  const reading = useGroupReading(NotJoinedDocument, { groupId, after });
  return (
    <Shown reading={reading}>
      {({ group }) => (
        <>
          <div class="scroll" tabIndex={0} role="region" aria-label={t.missing}>
            <table>
              <caption class="visually-hidden">{t.missing}</caption>
              <thead>
                <tr>
                  <th scope="col">{t.name}</th>
                  <th scope="col">{t.remark}</th>
                  <th scope="col">{t.section}</th>
                </tr>
              </thead>
              <tbody>
                {group?.notJoined?.nodes.map(({ id, name, remark, section }) => (
                  <tr key={id}>
                    <th scope="row">{name}</th>
                    <td>{remark}</td>
                    <td>{section}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
          <More after={nextOf(group?.notJoined?.pageInfo)}>
            {(next) => <Names groupId={groupId} after={next} />}
          </More>
        </>
      )}
    </Shown>
  );
}

function Clear({ groupId }: { groupId: string }) {
  const deed = useDeed(ClearRosterDocument);
  const [asks, setAsks] = useState(false);
  const clear = async () => {
    if (!(await deed.run({ groupId }))) return;
    setAsks(false);
    toast(t.cleared);
  };
  return (
    <>
      <Button kind="danger" onClick={() => setAsks(true)}>
        {t.clear}
      </Button>
      {asks && (
        <Confirm
          title={t.clear}
          action={t.clear}
          kind="danger"
          busy={deed.busy}
          onConfirm={() => void clear()}
          onClose={() => setAsks(false)}
        >
          <p>{t.what}</p>
          <Refusals deed={deed} />
        </Confirm>
      )}
    </>
  );
}

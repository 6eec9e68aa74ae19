// The members of a group: searched, filtered, ordered, and each in detail.
import { useLocation } from "preact-iso";
import { useEffect, useState } from "preact/hooks";
import { MembersDocument, type GroupCardFragment } from "../../../graphql/generated";
import { useGroupReading } from "../../../graphql/queries";
import { links } from "../../../links";
import { memberOrderNames } from "../../../names";
import { CheckField, optionsOf, SelectField, TextField } from "../../../parts/fields";
import { Grow, useGrowing } from "../../../parts/growing";
import { Section } from "../../../parts/page";
import { Empty, Shown } from "../../../parts/states";
import { texts } from "../../../texts";
import type { PartProps } from "../group";
import { Detail } from "./detail";
import { Filters } from "./filters";
import { useOpened } from "./opened";
import { MemberTable } from "./table";
import { orderOf, queryOf, viewOf, whereOf, type View } from "./view";

const t = texts({
  zh: {
    title: "成员",
    search: "搜索姓名或备注",
    hint: "可输入汉字、拼音或首字母",
    exact: "精确匹配",
    order: "排序",
    descending: "倒序",
    count: (found: number, all: number) =>
      found === all ? `共 ${all} 人` : `符合条件 ${found} 人，共 ${all} 人`,
    none: "没有符合条件的成员。可换个关键词，或清除筛选。",
  },
  en: {
    title: "Members",
    search: "Search names and remarks",
    hint: "Characters, pinyin or initials",
    exact: "Exact",
    order: "Order",
    descending: "Descending",
    count: (found: number, all: number) =>
      found === all ? `${all} in all` : `${found} of ${all} match`,
    none: "Nobody matches. Try other words, or clear the filters.",
  },
});

const PAUSE = 250; // ms after the last key before it is searched
const LONGEST = 60;

/** A value, once it hasn't changed for a moment. */
function useSettled(value: string): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), PAUSE);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

export function Members({ group }: PartProps) {
  const { query, route } = useLocation();
  const [typed, setTyped] = useState("");
  const [exact, setExact] = useState(false);
  const { memberId, hrefOf, close } = useOpened();
  const view = viewOf(query);
  const change = (changed: View) =>
    route(links.group(group.id, "members") + queryOf(changed), true);
  return (
    <Section title={t.title}>
      <form class="search" role="search" onSubmit={(event) => event.preventDefault()}>
        <TextField
          label={t.search}
          hint={t.hint}
          type="search"
          value={typed}
          maxLength={LONGEST}
          onInput={setTyped}
        />
        <CheckField label={t.exact} checked={exact} onChange={setExact} />
        <div class="order-narrow">
          <SelectField
            label={t.order}
            value={view.order}
            options={optionsOf(memberOrderNames)}
            onChange={(order) => change({ ...view, order })}
          />
          <CheckField
            label={t.descending}
            checked={view.descending}
            onChange={(descending) => change({ ...view, descending })}
          />
        </div>
      </form>
      <Filters groupId={group.id} view={view} onChange={change} />
      <List
        group={group}
        search={useSettled(typed.trim())}
        exact={exact}
        view={view}
        onView={change}
        hrefOf={hrefOf}
      />
      {memberId && <Detail key={memberId} group={group} memberId={memberId} onClose={close} />}
    </Section>
  );
}

interface ListProps {
  group: GroupCardFragment;
  search: string;
  exact: boolean;
  view: View;
  onView: (view: View) => void;
  hrefOf: (memberId: string) => string;
}

function List({ group, search, exact, view, onView, hrefOf }: ListProps) {
  const { first, grow } = useGrowing(JSON.stringify([search, exact, view]));
  const reading = useGroupReading(MembersDocument, {
    groupId: group.id,
    search: search || null,
    exact,
    where: whereOf(view),
    orderBy: orderOf(view),
    first,
  });
  return (
    <Shown reading={reading}>
      {({ group: read }) => {
        const { nodes = [], pageInfo } = read?.members ?? {};
        const count = read?.membersCount ?? 0;
        return (
          <>
            <p role="status">{t.count(count, read?.memberCount ?? count)}</p>
            {nodes.length ? (
              <MemberTable
                members={nodes}
                count={count}
                hrefOf={hrefOf}
                order={view.order}
                descending={view.descending}
                onOrder={(order, descending) => onView({ ...view, order, descending })}
              />
            ) : (
              <Empty>{t.none}</Empty>
            )}
            {pageInfo?.hasNextPage && <Grow busy={reading.reading} onMore={grow} />}
          </>
        );
      }}
    </Shown>
  );
}

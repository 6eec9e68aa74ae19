// Waiting, failing and having nothing to show: each says so.
import type { CombinedError } from "@urql/core";
import type { ComponentChildren } from "preact";
import type { Reading } from "../graphql/queries";
import { explain } from "../graphql/failures";
import { texts } from "../texts";
import { Button } from "./button";

const t = texts({
  zh: { loading: "正在加载…", again: "重试" },
  en: { loading: "Loading…", again: "Try again" },
});

export function Loading() {
  return (
    <p class="loading" role="status">
      {t.loading}
    </p>
  );
}

export function Failure({ error, again }: { error: CombinedError; again?: () => void }) {
  return (
    <div class="failure" role="alert">
      <p>{explain(error)}</p>
      {again && <Button onClick={again}>{t.again}</Button>}
    </div>
  );
}

export function Empty({ children }: { children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** Show what was read: while it comes, that it comes; what failed, beside what there is. */
export function Shown<Data>({
  reading: { data, error, reading, again },
  children,
}: {
  reading: Reading<Data>;
  children: (data: Data) => ComponentChildren;
}) {
  return (
    <div class="shown" aria-busy={reading}>
      {error && <Failure error={error} again={again} />}
      {data ? children(data) : !error && <Loading />}
    </div>
  );
}

// "Show more": what stands behind a page of a list, read when it is asked for.
import type { ComponentChildren } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { texts } from "../texts";
import { Button } from "./button";

const t = texts({ zh: { more: "显示更多" }, en: { more: "Show more" } });

interface PageInfo {
  hasNextPage: boolean;
  endCursor: string | null;
}

/** The cursor behind which a list goes on; null where it ends. */
export function nextOf(pageInfo: PageInfo | null | undefined): string | null {
  return pageInfo?.hasNextPage ? pageInfo.endCursor : null;
}

/** A button that shows what stands behind a cursor. When the page before it is read again, it goes
 * on behind what stands there then, so that nothing is missing between two pages. */
export function More({
  after,
  children,
}: {
  after: string | null;
  children: (after: string) => ComponentChildren;
}) {
  const [shown, setShown] = useState(false);
  const rest = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (shown) rest.current?.focus({ preventScroll: true }); // the button that had it is gone
  }, [shown]);
  if (after === null) return null;
  if (!shown) return <Button onClick={() => setShown(true)}>{t.more}</Button>;
  return (
    <div class="shown" ref={rest} tabIndex={-1}>
      {children(after)}
    </div>
  );
}

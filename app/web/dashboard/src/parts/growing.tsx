// Lists of some hundred rows that are read in growing pieces, as one comes to their end.
import { useEffect, useRef, useState } from "preact/hooks";
import { texts } from "../texts";
import { Button } from "./button";

const t = texts({ zh: { more: "显示更多" }, en: { more: "Show more" } });

const STEP = 100;
const MOST = 500; // as many as a group holds, and as one page of the API does

/** How many rows to read: more each time `grow` is called, from the start where `reset` changes. */
export function useGrowing(reset: string): { first: number; grow: () => void } {
  const [, redraw] = useState(0);
  const grown = useRef({ reset, first: STEP });
  if (grown.current.reset !== reset) grown.current = { reset, first: STEP };
  const { first } = grown.current;
  const grow = () => {
    grown.current.first = Math.min(first + STEP, MOST);
    redraw((times) => times + 1);
  };
  return { first, grow };
}

/** A button that asks for more by itself when it comes near the screen. */
export function Grow({ busy, onMore }: { busy: boolean; onMore: () => void }) {
  const place = useRef<HTMLDivElement>(null);
  const wanted = useRef(onMore);
  wanted.current = onMore;
  useEffect(() => {
    if (busy || !place.current) return;
    // A busy browser tells several at once: the last is how it is now.
    const seen = (entries: IntersectionObserverEntry[]) =>
      entries.at(-1)?.isIntersecting && wanted.current();
    const observer = new IntersectionObserver(seen, { rootMargin: "400px" });
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [busy]);
  return (
    <div ref={place} class="more">
      <Button busy={busy} onClick={onMore}>
        {t.more}
      </Button>
    </div>
  );
}

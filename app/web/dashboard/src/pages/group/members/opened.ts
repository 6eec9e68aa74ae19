// Whose details are open over a list: the address says it, so that the back button closes them.
import { useLocation } from "preact-iso";
import { useEffect, useRef } from "preact/hooks";

interface Opened {
  memberId: string | null;
  /** The address that opens somebody's details over the list as it is. */
  hrefOf: (memberId: string) => string;
  close: () => void;
}

export function useOpened(): Opened {
  const { path, query, route } = useLocation();
  const memberId = query.member ?? null;
  const openedHere = useRef(false); // else by an address from elsewhere: then there is no way back
  const mounted = useRef(false);
  const before = useRef<string | null>(null);
  useEffect(() => {
    if (memberId) openedHere.current = mounted.current;
    else if (before.current) focusOn(before.current);
    before.current = memberId;
    mounted.current = true;
  }, [memberId]);
  const address = (member: string | null) => {
    const { member: _, ...rest } = query;
    const params = new URLSearchParams(member ? { ...rest, member } : rest);
    return path + (params.size ? `?${params.toString().replaceAll("%2C", ",")}` : "");
  };
  return {
    memberId,
    hrefOf: address,
    close: () => (openedHere.current ? history.back() : route(address(null), true)),
  };
}

/** The element that opened somebody's details, and has the focus again when they are closed. */
export function rowId(memberId: string): string {
  return `member-${memberId}`;
}

function focusOn(memberId: string): void {
  const row = document.getElementById(rowId(memberId)); // gone with who was removed
  (row ?? document.getElementById("main"))?.focus();
}

// Where the keys go on when what had the focus is gone: at what took its place.
import type { RefObject } from "preact";
import { useEffect, useRef } from "preact/hooks";

/** A ref to an element that takes the focus as it is shown; give the element `tabIndex={-1}`. */
export function useFocus<Place extends HTMLElement>(): RefObject<Place | null> {
  const place = useRef<Place>(null);
  useEffect(() => place.current?.focus({ preventScroll: true }), []);
  return place;
}

/** Give the focus back to an element; where it is gone, to the dialog that is open, or the page. */
export function giveBack(element: Element | null): void {
  const there = element?.isConnected && element instanceof HTMLElement ? element : null;
  const open = [...document.querySelectorAll<HTMLElement>("dialog[open]")].at(-1);
  (there ?? open ?? document.getElementById("main"))?.focus();
}

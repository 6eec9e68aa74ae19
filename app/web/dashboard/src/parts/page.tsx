// What each page has: a heading, which takes the focus when the page is opened, and sections.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { texts } from "../texts";

const t = texts({ zh: { product: "团体码" }, en: { product: "Group Code" } });

export function Page({
  title,
  beside,
  children,
}: {
  title: string;
  beside?: ComponentChildren;
  children: ComponentChildren;
}) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  useEffect(() => {
    document.title = t.product; // names of groups stay out of the browser's history
  }, []);
  return (
    <div class="page">
      <header class="heading">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {beside}
      </header>
      {children}
    </div>
  );
}

export function Section({
  title,
  beside,
  children,
}: {
  title: string;
  beside?: ComponentChildren;
  children: ComponentChildren;
}) {
  const heading = useId();
  return (
    <section class="card" aria-labelledby={heading}>
      <header class="heading">
        <h2 id={heading}>{title}</h2>
        {beside}
      </header>
      {children}
    </section>
  );
}

// What each page has: a heading, which takes the focus when the page is opened, and sections.
import type { ComponentChildren } from "preact";
import { useEffect, useId } from "preact/hooks";
import { texts } from "../texts";
import { useFocus } from "./focus";

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
  const heading = useFocus<HTMLHeadingElement>();
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

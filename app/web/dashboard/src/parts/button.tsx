// Buttons, and links that look like them. A busy button says so and can't be pressed again.
import type { ComponentChildren } from "preact";
import { texts } from "../texts";

const t = texts({ zh: { busy: "请稍候…" }, en: { busy: "One moment…" } });

export type Kind = "plain" | "primary" | "danger" | "quiet";

interface Props {
  children: ComponentChildren;
  kind?: Kind;
  busy?: boolean;
  disabled?: boolean;
  submit?: boolean;
  pressed?: boolean;
  expanded?: boolean;
  label?: string;
  onClick?: () => void;
}

export function Button({
  children,
  kind = "plain",
  busy = false,
  disabled = false,
  submit = false,
  pressed,
  expanded,
  label,
  onClick,
}: Props) {
  return (
    <button
      type={submit ? "submit" : "button"}
      class={`button ${kind}`}
      disabled={disabled}
      aria-disabled={busy}
      aria-busy={busy}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-label={label}
      onClick={(event) => (busy ? event.preventDefault() : onClick?.())}
    >
      {busy ? t.busy : children}
    </button>
  );
}

export function LinkButton({
  href,
  children,
  kind = "plain",
}: {
  href: string;
  children: ComponentChildren;
  kind?: Kind;
}) {
  return (
    <a class={`button ${kind}`} href={href}>
      {children}
    </a>
  );
}
